// Choices that stay on this device: light, dark or as the device, and whether "/" jumps to the search.
const THEME = "kreisrund.theme";
const SHORTCUTS = "kreisrund.shortcuts";

function stored(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function store(key, value) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
}

for (const group of document.querySelectorAll("[data-theme-switch]")) {
  group.hidden = false;
  for (const option of group.querySelectorAll("[name=theme]")) option.checked = option.value === stored(THEME);
  const keys = group.querySelector("[name=shortcuts]");
  keys.checked = stored(SHORTCUTS) !== "off";
  group.addEventListener("change", (event) => {
    if (event.target === keys) {
      store(SHORTCUTS, keys.checked ? "" : "off");
      return;
    }
    store(THEME, event.target.value);
    if (event.target.value) document.documentElement.dataset.kernTheme = event.target.value;
    else delete document.documentElement.dataset.kernTheme;
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || stored(SHORTCUTS) === "off") return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector('[data-shortcut="/"]');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

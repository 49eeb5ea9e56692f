// Messages of the server become toasts: announced, dismissable, and never gone while read or focused.
const SECONDS = 10;
const region = document.querySelector("[data-toasts]");

function dismissable(toast) {
  const close = document.querySelector("template[data-close]").content.cloneNode(true).firstElementChild;
  close.addEventListener("click", () => {
    if (toast.contains(document.activeElement)) document.querySelector("main").focus();
    toast.remove();
  });
  toast.append(close);
}

function fade(toast) {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => {
    stop();
    if (!toast.matches(":hover, :focus-within")) timer = setTimeout(() => toast.remove(), SECONDS * 1000);
  };
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
  toast.addEventListener("mouseleave", start);
  toast.addEventListener("focusout", () => setTimeout(start));
  start();
}

function show(toast) {
  dismissable(toast);
  region.append(toast);
  if (["success", "info"].includes(toast.dataset.toast)) fade(toast);
}

function build(level, text) {
  const toast = document.createElement("div");
  const look = level === "error" ? "danger" : level;
  toast.className = `kr-toast kr-toast--${look}`;
  toast.dataset.toast = level;
  const mark = document.createElement("span");
  mark.className = `kern-icon kern-icon--${look}`;
  mark.setAttribute("aria-hidden", "true");
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(mark, words);
  return toast;
}

if (region) {
  const waiting = [...region.querySelectorAll("[data-toast]")];
  for (const toast of waiting) toast.remove();
  region.classList.add("is-live");
  // A live region speaks only of what comes into it after it stands.
  requestAnimationFrame(() => waiting.forEach(show));
  // From htmx: HX-Trigger: {"toast": {"level": "success", "text": "…"}}
  document.addEventListener("toast", (event) => show(build(event.detail.level ?? "info", event.detail.text)));
}

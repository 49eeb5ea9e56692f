// Keeps what was typed into a form (data-keep) in this window until it is saved: an expired session, an error page
// or a lost connection costs no text. Kept per user; logging out, or another user, wipes it.
const PREFIX = "kreisrund.kept:";
const user = document.body.dataset.user;
const failed = "error" in document.body.dataset;

const read = (key) => JSON.parse(sessionStorage.getItem(key));
const write = (key, entry) => sessionStorage.setItem(key, JSON.stringify(entry));
const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const forms = () => [...document.querySelectorAll("form[data-keep]")];

function address(form) {
  const target = new URL(form.action || location.href, location.href);
  return `${PREFIX}${user}:${target.pathname}:${form.id}`;
}

function fields(form) {
  const skip = ["hidden", "password", "file", "submit", "button", "reset"];
  return [...form.elements].filter((field) => field.name && !skip.includes(field.type));
}

function state(form) {
  return fields(form).map((field) => {
    const value = ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
    return [field.name, field.type, value, field.type === "radio" || field.type === "checkbox" ? field.value : ""];
  });
}

function same(form, kept) {
  return JSON.stringify(state(form)) === JSON.stringify(kept);
}

function restore(form, kept) {
  for (const field of fields(form)) {
    const option = ["checkbox", "radio"].includes(field.type) ? field.value : "";
    const found = kept.find(([name, type, , own]) => name === field.name && type === field.type && own === option);
    if (!found) continue;
    if (option || field.type === "checkbox") field.checked = found[2];
    else field.value = found[2];
  }
}

function say(form, key, before) {
  const box = document.querySelector("template[data-kept]").content.cloneNode(true).firstElementChild;
  const drop = box.querySelector("button");
  drop.addEventListener("click", () => {
    restore(form, before);
    sessionStorage.removeItem(key);
    box.remove();
  });
  form.prepend(box);
}

function settle() {
  const saved = Boolean(document.querySelector('[data-toast="success"]'));
  for (const key of keys()) {
    const entry = read(key);
    if (!entry.sent) continue;
    // Sent, and now this page: an error page or the login means it failed; so does the same form without "saved".
    const again = forms().some((form) => address(form) === key);
    if (!user || failed || (again && !saved)) write(key, { ...entry, sent: false });
    else sessionStorage.removeItem(key);
  }
}

function watch(form) {
  const key = address(form);
  const entry = keys().includes(key) ? read(key) : null;
  const before = state(form);
  const rejected = form.querySelector(".kr-error-summary") || document.querySelector(".kr-error-summary");
  if (entry && !rejected && !same(form, entry.fields)) {
    restore(form, entry.fields);
    say(form, key, before);
  }
  form.addEventListener("input", () => write(key, { fields: state(form), sent: false }));
  form.addEventListener("submit", () => {
    if (!same(form, before) || entry) write(key, { fields: state(form), sent: true });
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) sessionStorage.removeItem(key);
  });
}

function start() {
  if (user) {
    for (const key of keys()) if (!key.startsWith(`${PREFIX}${user}:`)) sessionStorage.removeItem(key);
  }
  settle();
  if (user) forms().forEach(watch);
}

document.addEventListener("submit", (event) => {
  if ("logout" in event.target.dataset) for (const key of keys()) sessionStorage.removeItem(key);
});
document.addEventListener("dialog:open", (event) => {
  if (user) event.detail.querySelectorAll("form[data-keep]").forEach(watch);
});
try {
  start();
} catch {
  // Storage is blocked: nothing is kept, everything else works.
}

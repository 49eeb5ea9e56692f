// A link with data-dialog opens its page's [data-dialog-body] in a <dialog>; without JavaScript it stays a page.
async function fetchBody(link) {
  const answer = await fetch(link.href, { headers: { "X-Dialog": "1" } });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-dialog-body]");
}

function closeButton(dialog) {
  const button = document.querySelector("template[data-close]").content.cloneNode(true).firstElementChild;
  button.classList.add("kr-dialog__close");
  button.addEventListener("click", () => dialog.close());
  return button;
}

function open(body, link) {
  const dialog = document.createElement("dialog");
  dialog.className = "kern-dialog kr-dialog kern-layer kern-level-2";
  const title = body.querySelector("h1");
  title.id = "dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  for (const form of body.querySelectorAll("form:not([action])")) form.action = link.href;
  for (const cancel of body.querySelectorAll("[data-dialog-close]")) {
    cancel.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  dialog.append(document.adoptNode(body), closeButton(dialog));
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  (body.querySelector("[autofocus], input:not([type=hidden]), select, textarea") ?? title).focus();
  document.dispatchEvent(new CustomEvent("dialog:open", { detail: dialog }));
  globalThis.htmx?.process(dialog);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const body = await fetchBody(link).catch(() => null);
  if (body) open(body, link);
  else location.assign(link.href);
});

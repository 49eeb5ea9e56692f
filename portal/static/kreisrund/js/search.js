// Hits below the search in the header: there while it has the focus, walked with the arrow keys, closed with Escape.
const form = document.querySelector("[data-search]");

function attach(field, hits) {
  const show = (wanted) => { hits.hidden = !(wanted && hits.childElementCount); };

  function walk(event) {
    const stops = [field, ...hits.querySelectorAll("a")];
    const here = stops.indexOf(document.activeElement);
    const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (here < 0 || !next || hits.hidden) return;
    event.preventDefault();
    next.focus();
  }

  form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
    if (event.key !== "Escape" || hits.hidden) return;
    event.preventDefault();
    field.focus();
    show(false);
  });
  form.addEventListener("focusin", () => show(true));
  form.addEventListener("focusout", (event) => show(form.contains(event.relatedTarget)));
  hits.addEventListener("htmx:afterSwap", () => show(form.contains(document.activeElement)));
  // Names do not stay on the screen for whoever comes "back" to this page.
  addEventListener("pagehide", () => show(false));
}

if (form) attach(form.querySelector("input"), form.querySelector("[data-hits]"));

// The agenda in another order with the mouse: drag an item by its grip; the buttons do the same by keyboard.
let dragged = null;

function items() {
  return [...document.querySelectorAll("[data-order-item]")];
}

function send() {
  document.getElementById("order").requestSubmit();
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-order-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  dragged = { item: grip.closest("[data-order-item]"), before: items() };
  dragged.item.classList.add("is-dragged");
  grip.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const { item } = dragged;
  for (const other of items()) {
    if (other === item) continue;
    const box = other.getBoundingClientRect();
    const isOver = event.clientY > box.top && event.clientY < box.bottom;
    const isUpperHalf = event.clientY < box.top + box.height / 2;
    if (isOver) other[isUpperHalf ? "before" : "after"](item);
  }
});

function drop(keeps) {
  if (!dragged) return;
  const { item, before } = dragged;
  dragged = null;
  item.classList.remove("is-dragged");
  if (!item.isConnected) return; // news came in between: the list is a new one
  if (!keeps) item.parentElement.append(...before);
  else if (items().some((one, place) => one !== before[place])) send();
}

// htmx forgets which button it was when the list has just been replaced under the focus.
document.addEventListener("htmx:configRequest", (event) => {
  const button = event.detail.triggeringEvent?.submitter;
  if (event.target.id === "order" && button?.name) event.detail.parameters[button.name] = button.value;
});

document.addEventListener("pointerup", () => drop(true));
document.addEventListener("pointercancel", () => drop(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") drop(false);
});

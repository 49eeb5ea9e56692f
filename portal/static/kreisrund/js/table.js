// Tables: choosing rows with a count, and scroll regions that take focus only when there is something to scroll.
function bulk(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  const all = form.querySelector("[data-bulk-all]");
  const items = () => [...form.querySelectorAll("[data-bulk-item]")];
  const words = bar.querySelector("[data-bulk-count]");

  function count() {
    const chosen = items().filter((item) => item.checked).length;
    bar.hidden = chosen === 0;
    words.textContent = chosen === 1 ? words.dataset.one : words.dataset.many.replace("%n", chosen);
    if (!all) return;
    all.checked = chosen > 0 && chosen === items().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }

  form.addEventListener("change", (event) => {
    if (event.target === all) for (const item of items()) item.checked = all.checked;
    count();
  });
  addEventListener("pageshow", count);
  count();
}

for (const bar of document.querySelectorAll("[data-bulk-bar]")) if (bar.closest("form")) bulk(bar.closest("form"));

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const region of document.querySelectorAll("[data-scroll-region]")) watcher.observe(region);

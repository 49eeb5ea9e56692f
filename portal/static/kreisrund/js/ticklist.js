// A long list of boxes with a search above it; what is ticked stays ticked, shown or not.
function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{Mark}/gu, "");
}

function ticklist(root) {
  const search = root.querySelector("[data-ticklist-search]");
  const count = root.querySelector("[data-ticklist-count]");
  const groups = [...root.querySelectorAll(".kr-choices__group")];
  const boxes = [...root.querySelectorAll(".kr-check")];
  const groupOf = new Map();
  let group = null;
  for (const one of root.querySelectorAll(".kr-choices__group, .kr-check")) {
    if (groups.includes(one)) group = one;
    else groupOf.set(one, group);
  }

  function show() {
    const words = plain(search.querySelector("input").value).split(/\s+/).filter(Boolean);
    for (const box of boxes) {
      const text = plain(`${groupOf.get(box)?.textContent ?? ""} ${box.textContent}`);
      box.hidden = !words.every((word) => text.includes(word));
    }
    for (const one of groups) one.hidden = boxes.every((box) => groupOf.get(box) !== one || box.hidden);
    const shown = boxes.filter((box) => !box.hidden).length;
    const ticked = boxes.filter((box) => box.querySelector("input").checked).length;
    count.textContent = count.dataset.words.replace("%n", shown).replace("%m", boxes.length).replace("%t", ticked);
  }

  search.hidden = false;
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  root.addEventListener("change", show);
  show();
}

for (const root of document.querySelectorAll("[data-ticklist]")) ticklist(root);

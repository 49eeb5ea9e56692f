// A file that is too large is named before it is sent: `data-max-bytes` and the words in `data-too-large`.
const ID = "upload-too-large";

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-max-bytes]")) return;
  document.getElementById(ID)?.remove();
  input.removeAttribute("aria-invalid");
  if (!isTooLarge(input)) return;
  const words = document.createElement("p");
  words.id = ID;
  words.className = "kern-error";
  words.setAttribute("role", "alert");
  words.textContent = input.dataset.tooLarge;
  input.setAttribute("aria-invalid", "true");
  input.after(words);
});

document.addEventListener(
  "submit",
  (event) => {
    const input = event.target.querySelector("input[type=file][data-max-bytes]");
    if (!input || !isTooLarge(input)) return;
    event.preventDefault();
    input.focus();
  },
  true,
);

function isTooLarge(input) {
  return [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
}

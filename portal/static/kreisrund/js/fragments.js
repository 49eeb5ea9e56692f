// A part of a page that could not be fetched says so instead of "loading" for ever.
function tell(event) {
  const words = event.target.querySelector?.("[data-failed]");
  if (words) words.textContent = words.dataset.failed;
}

document.addEventListener("htmx:responseError", tell);
document.addEventListener("htmx:sendError", tell);

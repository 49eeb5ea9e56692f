// Sets the chosen theme before the first paint; loaded in the head, not deferred, so nothing flashes.
(function () {
  const root = document.documentElement;
  root.classList.add("has-script");
  try {
    const theme = localStorage.getItem("kreisrund.theme");
    if (theme === "light" || theme === "dark") root.dataset.kernTheme = theme;
  } catch {
    // Storage is blocked: the device's own setting stays.
  }
})();

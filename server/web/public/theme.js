// Runs before the first paint: a file of its own, because the content security policy refuses inline scripts.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("fairlead-theme") || "system";
  } catch {}
  const dark = choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();

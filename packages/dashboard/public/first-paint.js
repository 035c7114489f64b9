// Sets theme and density before the first paint, so that a dark page never flashes light. A file, for the page allows no inline scripts.
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("workstream.preferences") ?? "{}");
  } catch {
    // Storage may be blocked or hold something else: the system's theme it is.
  }
  const isDark =
    kept.theme === "dark" || (kept.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.documentElement.dataset.density = kept.density === "compact" ? "compact" : "comfortable";
})();

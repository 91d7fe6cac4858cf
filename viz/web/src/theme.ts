/* The reader's choice of light or dark, set before the page is painted so that nothing flashes. */
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  /* storage refused: the system's choice holds */
}

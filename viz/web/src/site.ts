/* What every page does with scripts: light or dark, the language kept, tables that sort. */
import { find } from "./dom";
import { sortable } from "./table";

const page = document.documentElement;

function darkNow(): boolean {
  return page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggle(): void {
  const theme = darkNow() ? "light" : "dark";
  page.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    /* storage refused: the choice holds for this page */
  }
  document.dispatchEvent(new CustomEvent("theme"));
}

const button = find<HTMLButtonElement>("[data-theme-toggle]");
button?.addEventListener("click", toggle);

// The language switch keeps what the address bar holds after "#", and the choice is remembered for the next pages.
const other = find<HTMLAnchorElement>("[data-keep-state]");
other?.addEventListener("click", () => {
  other.hash = location.hash;
});
const asked = new URLSearchParams(location.search).get("lang");
if (asked === "fr" || asked === "en") document.cookie = `lang=${asked}; path=/; max-age=31536000; samesite=lax`;

for (const table of document.querySelectorAll<HTMLTableElement>("table[data-answer]")) sortable(table);

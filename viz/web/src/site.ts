/* What every page does with scripts: light or dark, the language kept, tables that sort. */
import { find, make, root } from "./dom";

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

// Few pages have such a table: the others load nothing for it.
const tables = document.querySelectorAll<HTMLTableElement>("table[data-answer]");
if (tables.length) void import("./table").then(({ sortable }) => tables.forEach(sortable));

// A page that is not there searches for the words of its address.
const near = find<HTMLElement>("[data-near]");
if (near && page.dataset.static === undefined) {
  void fetch(`${root}/search?${new URLSearchParams({ q: near.dataset.near ?? "", limit: "8", lang: page.lang })}`, { headers: { accept: "application/json" } })
    .then((answer) => (answer.ok ? (answer.json() as Promise<{ id: string; label: string; typeLabel: string }[]>) : []))
    .then((found) => {
      near.hidden = found.length === 0;
      near.querySelector("ul")?.append(...found.map((one) => make("li", {}, make("a", { href: `${root}/page/id/${one.id}` }, one.label), " ", make("small", { class: "muted" }, one.typeLabel))));
    })
    .catch(() => undefined); // the box below has the words
}

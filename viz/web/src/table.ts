/* The table of an answer as data, and its sorting. Pictures are drawn from what this reads, so they say what it says. */
import { make } from "./dom";
import { lang, say } from "./words";

export type Kind = "text" | "number" | "date" | "link";

export interface Value { text: string; value: string; href?: string }
export interface Column { name: string; label: string; kind: Kind; form: string }
export interface Answer { columns: Column[]; rows: Value[][] }

/** Reads a table that the server wrote. */
export function read(table: HTMLTableElement): Answer {
  const heads = [...table.tHead!.rows[0]!.cells].filter((head) => head.dataset.name !== undefined);
  const columns = heads.map((head) => ({
    name: head.dataset.name!, label: head.textContent!.trim(), kind: head.dataset.kind as Kind, form: head.dataset.form ?? "",
  }));
  const rows = [...table.tBodies[0]!.rows].map((row) => columns.map((_, i) => valueOf(row.cells[i]!)));
  return { columns, rows };
}

function valueOf(cell: HTMLTableCellElement): Value {
  const value = cell.dataset.value ?? "";
  const href = cell.querySelector("a")?.getAttribute("href") ?? undefined;
  return { text: value === "" ? "" : cell.textContent!.trim(), value, ...(href ? { href } : {}) };
}

const collator = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });

/** Orders two values of a column; unknown ones come last whatever the direction. */
export function compare(a: Value, b: Value, kind: Kind, down: boolean): number {
  if (!a.value || !b.value) return a.value ? -1 : b.value ? 1 : 0;
  const order = kind === "number" ? Number(a.value) - Number(b.value)
    : kind === "date" ? (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)
    : collator.compare(a.text, b.text);
  return down ? -order : order;
}

/** Puts a button in each head of a table; `onSort` is told which column and which way. */
export function sortButtons(heads: Iterable<HTMLTableCellElement>, onSort: (index: number, down: boolean) => void): void {
  const all = [...heads];
  all.forEach((head, index) => {
    const label = head.textContent!.trim();
    const button = make("button", { type: "button", class: "sort", title: say("sort_by", { column: label }) }, label);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending";
      for (const one of all) one.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      onSort(index, down);
    });
  });
}

/** Makes a table that the server wrote sortable in place. */
export function sortable(table: HTMLTableElement): void {
  const { columns, rows } = read(table);
  const body = table.tBodies[0]!;
  const lines = [...body.rows].map((line, i) => ({ line, values: rows[i]! }));
  const heads = [...table.tHead!.rows[0]!.cells].filter((head) => head.dataset.name !== undefined);
  sortButtons(heads, (index, down) => {
    const kind = columns[index]!.kind;
    lines.sort((a, b) => compare(a.values[index]!, b.values[index]!, kind, down));
    body.append(...lines.map(({ line }) => line));
  });
}

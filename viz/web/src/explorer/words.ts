/* The words of the explorer: the page brings them in the reader's language, so that scripts stay light. */
import { find } from "../dom";
import { lang, number } from "../words";

const table = JSON.parse(find("#explorer-words")?.textContent ?? "{}") as Record<string, string>;

export function tell(key: string, values: Record<string, string | number> = {}): string {
  return (table[`explorer_${key}`] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** The words for one thing or for several: `key_one` and `key_many`. */
export const counted = (key: string, count: number, values: Record<string, string | number> = {}): string =>
  tell(count === 1 ? `${key}_one` : `${key}_many`, { ...values, count });

const locale = lang === "fr" ? "fr-FR" : "en-GB";
const money = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR", minimumFractionDigits: 0, maximumFractionDigits: 2 });
const collator = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });

export const euro = (text: string): string => (Number.isFinite(Number(text)) ? money.format(Number(text)) : text);
export const byWords = (a: string, b: string): number => collator.compare(a, b);

/** A day, a month or a year as readers write it. */
export function day(iso: string): string {
  const [year, month, date] = iso.split("-").map(Number);
  if (!year || Number.isNaN(year)) return iso;
  if (!month) return String(year);
  const moment = new Date(Date.UTC(year, month - 1, date || 1));
  return new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", ...(date ? { day: "numeric" } : {}), timeZone: "UTC" }).format(moment);
}

/** Letters without case and accents, for search as one types. */
export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/* The words of the scripts in the language of the page, and numbers as its readers write them. */
import table from "data:words";

export const lang: "fr" | "en" = document.documentElement.lang === "en" ? "en" : "fr";

export function say(key: string, values: Record<string, string | number> = {}): string {
  const text = table[key]?.[lang] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const plain = new Intl.NumberFormat(lang === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(lang === "fr" ? "fr-FR" : "en-GB", { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(lang === "fr" ? "fr-FR" : "en-GB", { dateStyle: "long", timeZone: "UTC" });

export const number = (value: number): string => plain.format(value);
export const brief = (value: number): string => short.format(value);

export function date(iso: string): string {
  const moment = Date.parse(iso);
  return Number.isNaN(moment) ? iso : day.format(moment);
}

export const rows = (count: number): string =>
  count === 1 ? say("rows_one") : say("rows_many", { count: number(count) });

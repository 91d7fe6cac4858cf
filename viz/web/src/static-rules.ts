/* Where an IRI of ours is answered for on a static site: the rules that the export wrote, read alike by hosts and scripts. */
import { find } from "./dom";

export interface Rule { pattern: string; page: string; anchor: string }

const BASE = "https://w3id.org/cmq/";

const filled = (template: string, found: RegExpExecArray): string => template.replace(/\$(\d)/g, (_, index: string) => found[Number(index)] ?? "");

/** The page (below the folder of a language) and anchor of a path, or nothing when no rule is about it. */
export function placeOf(path: string, rules: Rule[]): string {
  for (const rule of rules) {
    const found = new RegExp(`^(?:${rule.pattern})$`).exec(path);
    if (found) return filled(rule.page, found) + (rule.anchor ? `#${filled(rule.anchor, found)}` : "");
  }
  return "";
}

/** The rules that this page holds; none on a server. */
export function rulesHere(): Rule[] {
  const held = find<HTMLScriptElement>("script[data-rules]");
  return held ? (JSON.parse(held.textContent ?? "[]") as Rule[]) : [];
}

/** Where a link to an IRI of ours leads, as seen from a page whose language folder is `root`. */
export function pageOf(iri: string, root: string, rules: Rule[]): string {
  if (!iri.startsWith(BASE)) return "";
  const [path = "", fragment] = iri.slice(BASE.length).split("#");
  const place = placeOf(path, rules);
  return place && `${root}/${place}${fragment && !place.includes("#") ? `#${fragment}` : ""}`;
}

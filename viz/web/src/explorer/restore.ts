/* A kept state read back from a file: only what has the right form is taken, whatever else the file holds. */
import type { View } from "./model";
import type { State } from "./state";

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string").slice(0, 5000) : []);
const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, 400) : "");

export function checked(content: string, view: View, start: State): State | null {
  let read: { view?: unknown; state?: Record<string, unknown> };
  try {
    read = JSON.parse(content) as typeof read;
  } catch {
    return null;
  }
  if (read?.view !== view.name || typeof read.state !== "object" || read.state === null) return null;
  const given = read.state;
  const facets: Record<string, string[]> = {};
  for (const [facet, values] of Object.entries((given.facets ?? {}) as Record<string, unknown>)) facets[facet] = strings(values);
  const moved: Record<string, [number, number]> = {};
  for (const [id, at] of Object.entries((given.moved ?? {}) as Record<string, unknown>)) {
    if (Array.isArray(at) && at.length === 2 && at.every((one) => Number.isFinite(one))) moved[id] = [at[0] as number, at[1] as number];
  }
  const path = strings(given.path);
  return {
    ...start, all: given.all === true, open: strings(given.open), also: strings(given.also), hidden: strings(given.hidden), facets, moved,
    from: text(given.from), to: text(given.to), least: text(given.least), most: text(given.most), selected: text(given.selected),
    path: path.length === 2 ? [path[0]!, path[1]!] : null,
  };
}

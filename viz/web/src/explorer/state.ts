/* What the reader chose: kept in the address after "#", in a history, in files. Every value is a plain string or list. */
import { isNetwork, short, type View } from "./model";

export interface State {
  /** Everything is shown; else the surroundings of `open` and the nodes of `also`. */
  all: boolean;
  open: readonly string[];
  also: readonly string[];
  hidden: readonly string[];
  /** Facet -> chosen values; a facet without any holds nothing back. */
  facets: Readonly<Record<string, readonly string[]>>;
  from: string; to: string;
  least: string; most: string;
  /** A node, or an edge after "~". */
  selected: string;
  path: readonly [string, string] | null;
  moved: Readonly<Record<string, readonly [number, number]>>;
}

const SMALL = 60;

/** How a view is first seen: whole where it is small, else around its start, else around its busiest campus. */
export function first(view: View): State {
  const state: State = { all: true, open: [], also: [], hidden: [], facets: {}, from: "", to: "", least: "", most: "", selected: "", path: null, moved: {} };
  if (!isNetwork(view.drawing) || view.drawing === "ontology" || view.start === "*") return state;
  const asked = view.start ? view.byId.get(short(view.start)) : undefined;
  if (!asked && view.nodes.length <= SMALL) return state;
  const busiest = [...view.nodes].sort((a, b) => Number(b.kind === "campus") - Number(a.kind === "campus") || b.edges.length - a.edges.length)[0];
  const start = asked ?? busiest;
  return start && start.edges.length ? { ...state, all: false, open: [start.short] } : state;
}

const LISTS = ["open", "also", "hidden"] as const;
const TEXTS = ["from", "to", "least", "most", "selected"] as const;

/** An id as it stands in a list of ids: only what parts them is written otherwise. */
const plain = (id: string): string => id.replace(/[%|]/g, encodeURIComponent);

/** Writes what differs from the first state, for the address bar. */
export function toHash(state: State, start: State): string {
  const found = new URLSearchParams();
  if (state.all !== start.all) found.set("all", state.all ? "1" : "0");
  for (const name of LISTS) if (state[name].join("|") !== start[name].join("|")) found.set(name, state[name].map(plain).join("|"));
  for (const name of TEXTS) if (state[name]) found.set(name, state[name]);
  for (const [facet, values] of Object.entries(state.facets)) for (const value of values) found.append(`f.${facet}`, value);
  if (state.path) found.set("path", state.path.map(plain).join("|"));
  for (const [id, [x, y]] of Object.entries(state.moved)) found.append("at", `${plain(id)}|${Math.round(x)}|${Math.round(y)}`);
  return found.toString().replaceAll("%2F", "/").replaceAll("%7C", "|").replaceAll("%3A", ":");
}

const list = (text: string): string[] => text.split("|").filter(Boolean).map(decoded);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads an address; what it does not say is as in the first state, what it says of unknown things is left out by the scene. */
export function fromHash(hash: string, start: State): State {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...start, facets: {} as Record<string, string[]>, moved: {} as Record<string, [number, number]> };
  if (found.has("all")) state.all = found.get("all") === "1";
  for (const name of LISTS) if (found.has(name)) state[name] = list(found.get(name)!);
  for (const name of TEXTS) state[name] = found.get(name) ?? "";
  for (const [name, value] of found) if (name.startsWith("f.")) (state.facets[name.slice(2)] ??= []).push(value);
  const ends = list(found.get("path") ?? "");
  state.path = ends.length === 2 ? [ends[0]!, ends[1]!] : null;
  for (const at of found.getAll("at")) {
    const [id, x, y] = at.split("|");
    if (id && Number.isFinite(Number(x)) && Number.isFinite(Number(y))) state.moved[decoded(id)] = [Number(x), Number(y)];
  }
  return state;
}

/** The states before and after this one. */
export class History {
  private past: State[] = [];
  private future: State[] = [];
  constructor(public now: State) {}

  to(state: State): void {
    this.past.push(this.now);
    if (this.past.length > 200) this.past.shift();
    this.future = [];
    this.now = state;
  }

  undo(): boolean {
    return this.step(this.past, this.future);
  }

  redo(): boolean {
    return this.step(this.future, this.past);
  }

  get undoable(): boolean {
    return this.past.length > 0;
  }

  get redoable(): boolean {
    return this.future.length > 0;
  }

  private step(from: State[], into: State[]): boolean {
    const state = from.pop();
    if (!state) return false;
    into.push(this.now);
    this.now = state;
    return true;
  }
}

/* The search index of a static site and the search in it: the beginning of a name, then its words, then near spellings. */
import { lang } from "./words";

interface Class { name: string; fr: string; en: string; is: string[] }
type Thing = [path: string, fr: string, en: string, cls: number, ...others: string[]];
type Question = [name: string, fr: string, en: string, phrases: string];
interface Loaded { classes: Class[]; things: Thing[]; questions: Question[] }

export interface Found { iri: string; id: string; label: string; type: string; typeLabel: string }
export interface Asked { name: string; question: string }

const ARTICLES = new Set(["le", "la", "les", "l", "de", "du", "des", "d", "un", "une", "et", "the", "of", "and", "a"]);

export function fold(text: string): string {
  const plain = text.replace(/œ/gi, "oe").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  const kept = words.filter((word) => !ARTICLES.has(word));
  return (kept.length ? kept : words).join(" ");
}

/** The slips between two words (insertions, losses, changes, swaps), counted no further than `most`; `a` may be unfinished. */
export function slips(a: string, b: string, most: number): number {
  const whole = distance(a, b, most);
  return Math.min(whole, b.length > a.length ? distance(a, b.slice(0, a.length), most) : whole);
}

function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}

/** How well a folded name answers to a folded text, 0 best; nothing when it does not. */
export function rank(wanted: string, name: string): number | null {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  const [parts, tokens] = [wanted.split(" "), name.split(" ")];
  if (parts.every((part) => tokens.some((token) => token.startsWith(part)))) return 2;
  if (name.includes(wanted)) return 3;
  if (wanted.length < 4) return null;
  let sum = 0;
  for (const part of parts) {
    const most = part.length < 3 ? 0 : part.length < 8 ? 1 : 2;
    const near = Math.min(...tokens.map((token) => slips(part, token, most)));
    if (near > most) return null;
    sum += near;
  }
  return 4 + sum;
}

export class Index {
  private readonly names: { folded: string; thing: Thing }[];

  constructor(private readonly loaded: Loaded) {
    this.names = loaded.things.flatMap((thing) => [thing[1], thing[2], ...thing.slice(4) as string[]]
      .filter(Boolean).map((name) => ({ folded: fold(name), thing })));
  }

  /** The things that answer to `text`, best first; those of `classes` (compact names) only, when there are any. */
  things(text: string, classes: string[], limit: number): Found[] {
    const wanted = fold(text);
    if (!wanted) return [];
    const best = new Map<Thing, [number, number]>();
    for (const { folded, thing } of this.names) {
      if (classes.length && !classes.some((one) => this.loaded.classes[thing[3]]!.is.includes(one))) continue;
      const order = rank(wanted, folded);
      const known = best.get(thing);
      if (order !== null && (!known || order < known[0])) best.set(thing, [order, folded.length]);
    }
    const sorted = [...best].sort(([a, [ra, la]], [b, [rb, lb]]) => ra - rb || la - lb || (a[0] < b[0] ? -1 : 1));
    return sorted.slice(0, limit).map(([thing]) => this.described(thing));
  }

  /** The questions that hold every word of `text`. */
  questions(text: string, limit: number): Asked[] {
    const words = fold(text).split(" ").filter(Boolean);
    const kept = this.loaded.questions.filter((one) => words.every((word) => fold(one.join(" ")).includes(word)));
    return kept.slice(0, limit).map(([name, fr, en]) => ({ name, question: lang === "fr" ? fr : en }));
  }

  private described(thing: Thing): Found {
    const cls = this.loaded.classes[thing[3]]!;
    const label = lang === "en" && thing[2] ? thing[2] : thing[1];
    return { iri: `https://w3id.org/cmq/id/${thing[0]}`, id: thing[0], label, type: cls.name, typeLabel: cls[lang] };
  }
}

let loading: Promise<Index> | null = null;

/** The index at `address`, loaded when it is first asked for. */
export function indexAt(address: string): Promise<Index> {
  loading ??= fetch(address).then(async (answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return new Index((await answer.json()) as Loaded);
  });
  loading.catch(() => (loading = null));
  return loading;
}

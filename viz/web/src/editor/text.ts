/* The text of a query as text: its prefixes, where a new one goes, positions. Nothing here knows the editor component. */

const DECLARED = /^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>/gim;

export function declared(text: string): Map<string, string> {
  return new Map([...text.matchAll(DECLARED)].map(([, prefix, iri]) => [prefix!, iri!]));
}

/** Where a PREFIX line goes: after the last one, else before the first line that is no comment. */
export function prefixPlace(text: string): number {
  const last = [...text.matchAll(DECLARED)].at(-1);
  if (last) {
    const end = text.indexOf("\n", last.index + last[0].length);
    return end < 0 ? text.length : end + 1;
  }
  const first = /^(?:[ \t]*#[^\n]*\n|[ \t]*\n)*/.exec(text);
  return first ? first[0].length : 0;
}

/** The prefix that `line` ends with just before its colon, when it stands in code: not in an IRI, a string, a comment. */
export function prefixTyped(line: string): string | null {
  if (/^\s*(PREFIX|BASE)\b/i.test(line)) return null;
  const code = line.replace(/<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, " ");
  if (/[<"'#]/.test(code)) return null;
  return /(?:^|[\s({[,;.^|/!*+])([A-Za-z][\w-]*):$/.exec(code)?.[1] ?? null;
}

/** The offset of a line and a column, both counted from 1. */
export function offset(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length, text.length);
}

/** The shortest compact form of an IRI among the known prefixes, else the IRI. */
export function compact(iri: string, prefixes: Map<string, string>): string {
  let best = "";
  let prefix = "";
  for (const [name, base] of prefixes) {
    if (base && iri.startsWith(base) && base.length > best.length && /^[\w./-]*$/.test(iri.slice(base.length))) [best, prefix] = [base, name];
  }
  return best ? `${prefix}:${iri.slice(best.length)}` : iri;
}

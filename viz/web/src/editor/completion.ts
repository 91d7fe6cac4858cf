/* What the editor offers while one types: our own terms with their names in both languages, variables, keywords. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { make } from "../dom";
import { lang, number, say } from "../words";
import { declared, prefixPlace } from "./text";

interface Words { fr?: string; en?: string }
export interface Term { iri: string; curie: string; label: Words; definition?: Words; count?: number }
export interface Vocabulary { prefixes: Record<string, string>; classes: Term[]; properties: Term[]; codes?: Term[] }

const KEYWORDS = ("SELECT DISTINCT WHERE FILTER OPTIONAL UNION GRAPH VALUES BIND MINUS EXISTS PREFIX CONSTRUCT ASK DESCRIBE LIMIT "
  + "OFFSET HAVING COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT COALESCE BOUND CONTAINS STRSTARTS LANG STR LCASE UCASE REPLACE YEAR "
  + "ROUND ISIRI REGEX").split(" ").concat("ORDER BY", "GROUP BY", "NOT EXISTS");
const MOST = 60;

const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Inserts `text` and, where the query does not know its prefix yet, the line that declares it. */
function applied(text: string, prefixes: Record<string, string>) {
  return (view: EditorView, _: Completion, from: number, to: number): void => {
    const prefix = text.split(":")[0]!;
    const whole = view.state.doc.toString();
    const iri = prefixes[prefix];
    const changes = [{ from, to, insert: text }];
    const at = prefixPlace(whole);
    if (iri && !declared(whole).has(prefix) && at <= from) {
      const line = `PREFIX ${prefix}: <${iri}>\n`;
      changes.unshift({ from: at, to: at, insert: line });
      view.dispatch({ changes, selection: { anchor: from + line.length + text.length }, userEvent: "input.complete" });
    } else view.dispatch({ changes, selection: { anchor: from + text.length }, userEvent: "input.complete" });
  };
}

function described(term: Term, kind: string): HTMLElement {
  const other = lang === "fr" ? "en" : "fr";
  const lines = [
    make("strong", {}, term.label[lang] ?? term.label[other] ?? term.curie),
    make("p", {}, term.definition?.[lang] ?? term.definition?.[other] ?? ""),
    make("small", {}, [kind, term.count === undefined ? "" : say("uses", { count: number(term.count) })].filter(Boolean).join(" · ")),
  ];
  return make("div", {}, ...lines);
}

function option(term: Term, type: string, prefixes: Record<string, string>): Completion {
  return {
    label: term.curie,
    detail: term.label[lang] ?? term.label.fr ?? "",
    type,
    info: () => described(term, say(type)),
    apply: applied(term.curie, prefixes),
  };
}

/** How well a term answers to what was typed: by its name in the ontology first, then by its words; 0 when not at all. */
function likeness(term: Term, typed: string): number {
  const [curie, local] = [fold(term.curie), fold(term.curie.split(":")[1] ?? "")];
  if (curie.startsWith(typed) || local.startsWith(typed)) return 3;
  const words = fold(`${term.label.fr ?? ""} ${term.label.en ?? ""}`);
  if (words.startsWith(typed) || words.includes(` ${typed}`)) return 2;
  return curie.includes(typed) ? 1 : 0;
}

export function completions(vocabulary: () => Vocabulary) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (/(^|\s)#[^<>]*$/.test(before) || /<[^>\s]*$/.test(before) || (before.match(/"/g)?.length ?? 0) % 2) return null;
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const names = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
      names.delete(variable.text);
      return { from: variable.from, options: [...names].map((name) => ({ label: name, type: "variable" })), validFor: /^[?$]\w*$/ };
    }
    const word = context.matchBefore(/[\p{L}_][\p{L}\w-]*:?[\w.-]*/u);
    if (!word && !context.explicit) return null;
    const from = word?.from ?? context.pos;
    return { from, options: offered(word?.text ?? "", before.slice(0, from - line.from), vocabulary()), filter: false };
  };
}

/** The best options for what was typed, given the text before it on the line: after `a`, only classes make sense. */
function offered(text: string, before: string, { prefixes, classes, properties, codes }: Vocabulary): Completion[] {
  const typed = fold(text);
  const afterType = /(^|\s)(a|rdf:type)\s+$/.test(before);
  const kinds: [string, Term[], number][] = afterType ? [["class", classes, 4]] : [["property", properties, 4], ["class", classes, 2], ["code", codes ?? [], 0]];
  const ranked = kinds.flatMap(([type, terms, bonus]) => terms.map((term) => ({ term, type, rank: likeness(term, typed) * 10 + bonus })));
  const found = ranked
    .filter(({ rank }) => rank >= 10)
    .sort((a, b) => b.rank - a.rank || (b.term.count ?? 0) - (a.term.count ?? 0))
    .slice(0, MOST)
    .map(({ term, type }) => option(term, type, prefixes));
  if (text.includes(":")) return found;
  const spaces = Object.entries(prefixes).filter(([name]) => name && fold(name).startsWith(typed));
  const shorts = spaces.map(([name, iri]): Completion => ({ label: `${name}:`, detail: iri, type: "namespace", apply: applied(`${name}:`, prefixes) }));
  const words = afterType ? [] : KEYWORDS.filter((one) => typed && fold(one).startsWith(typed)).map((label): Completion => ({ label, type: "keyword" }));
  return [...words, ...(typed.length > 1 ? found : []), ...shorts, ...(typed.length > 1 ? [] : found)].slice(0, MOST);
}

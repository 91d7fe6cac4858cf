/* Asking the endpoint: one query at a time, cancelled by closing the connection, which makes the server stop it. */
import { root } from "../dom";
import { pageOf, rulesHere } from "../static-rules";
import type { Answer, Value } from "../table";
import { date, number, say } from "../words";
import { compact } from "./text";

export interface Fault { words: string; line?: number; column?: number }
interface Binding { type: string; value: string; datatype?: string; "xml:lang"?: string }
export interface Results { head: { vars?: string[] }; boolean?: boolean; results?: { bindings: Record<string, Binding>[] }; campuskg?: { evidence?: string[][] } }
export type Outcome = { kind: "rows"; results: Results; cut: boolean } | { kind: "yes-no"; yes: boolean } | { kind: "graph"; text: string };

const LONGEST_ADDRESS = 6000;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long"].map((name) => XSD + name));

export class Refused extends Error {
  constructor(readonly fault: Fault) {
    super(fault.words);
  }
}

/** Who answers a query: takes it, the media types that will do, and what gives it up. */
export type Send = (query: string, accept: string, signal?: AbortSignal) => Promise<Response>;

let answering: Send = overHttp;

/** Lets `other` answer from now on instead of the endpoint. */
export function sendThrough(other: Send): void {
  answering = other;
}

export const send: Send = (query, accept, signal) => answering(query, accept, signal);

/** Sends `query` to the endpoint: in the address while it is short, so that answers can be kept, else in the body. */
async function overHttp(query: string, accept: string, signal?: AbortSignal): Promise<Response> {
  const form = new URLSearchParams({ query });
  const short = form.toString().length < LONGEST_ADDRESS;
  const answer = await fetch(short ? `${root}/sparql?${form}` : `${root}/sparql`, {
    headers: { accept }, ...(signal ? { signal } : {}), ...(short ? {} : { method: "POST", body: form }),
  });
  if (!answer.ok) throw new Refused(await faultOf(answer));
  return answer;
}

export async function faultOf(answer: Response): Promise<Fault> {
  try {
    const { detail, line, column } = (await answer.json()) as { detail?: string; line?: number; column?: number };
    return { words: detail ?? `${answer.status}`, ...(line && column ? { line, column } : {}) };
  } catch {
    return { words: `${answer.status} ${answer.statusText}` };
  }
}

export async function ask(query: string, signal: AbortSignal): Promise<Outcome> {
  const answer = await send(query, ACCEPT, signal);
  if (!answer.headers.get("content-type")?.includes("json")) return { kind: "graph", text: await answer.text() };
  return outcome((await answer.json()) as Results, answer.headers.has("campuskg-truncated"));
}

export function outcome(results: Results, cut: boolean): Outcome {
  return results.boolean === undefined ? { kind: "rows", results, cut } : { kind: "yes-no", yes: results.boolean };
}

/** The rows of a result as a table: compact names, numbers and dates as the reader writes them. */
export function asAnswer(results: Results, prefixes: Map<string, string>): Answer {
  const names = results.head.vars ?? [];
  const bindings = results.results?.bindings ?? [];
  const columns = names.map((name) => {
    const kinds = new Set(bindings.filter((row) => row[name]).map((row) => kindOf(row[name]!)));
    return { name, label: name, form: "", kind: kinds.size === 1 ? [...kinds][0]! : ("text" as const) };
  });
  const rows = bindings.map((row) => names.map((name): Value => valueOf(row[name], prefixes)));
  return { columns, rows };
}

function kindOf(term: Binding): "link" | "number" | "date" | "text" {
  if (term.type === "uri") return "link";
  if (term.datatype && NUMBERS.has(term.datatype)) return "number";
  return term.datatype === `${XSD}date` || term.datatype === `${XSD}dateTime` ? "date" : "text";
}

function valueOf(term: Binding | undefined, prefixes: Map<string, string>): Value {
  if (!term) return { text: "", value: "" };
  const { value } = term;
  switch (kindOf(term)) {
    case "link": return { text: compact(value, prefixes), value, href: address(value) };
    case "number": return { text: Number.isFinite(Number(value)) ? number(Number(value)) : value, value };
    case "date": return { text: term.datatype === `${XSD}date` ? date(value) : value, value };
    default: return { text: term.type === "bnode" ? `_:${value}` : value, value: term.type === "bnode" ? `_:${value}` : value };
  }
}

const rules = rulesHere();

/** Where a link to a thing leads: its description here for what is ours, itself for the rest; nothing for other schemes. */
function address(iri: string): string {
  const page = pageOf(iri, root, rules);
  if (page) return page;
  if (iri.startsWith("https://w3id.org/cmq/")) return `${root}/sparql?${new URLSearchParams({ query: `DESCRIBE <${iri}>` })}`;
  return /^https?:/.test(iri) ? iri : "";
}

const BATCH = 300;
const MOST_NAMES = 3000;
const known = new Map<string, string>();

/** Gives the things of an answer their names in the reader's language; what has none keeps its compact form. */
export async function giveNames(answer: Answer, lang: string): Promise<void> {
  const links = answer.rows.flat().filter((value) => value.href !== undefined && value.value.startsWith("https://w3id.org/cmq/"));
  const unknown = [...new Set(links.map(({ value }) => value))].filter((iri) => !known.has(iri) && !/[<>"{}|\\^`\s]/.test(iri)).slice(0, MOST_NAMES);
  for (let start = 0; start < unknown.length; start += BATCH) {
    const things = unknown.slice(start, start + BATCH).map((iri) => `<${iri}>`).join(" ");
    const query = `PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?name { VALUES ?thing { ${things} } ?thing skos:prefLabel|rdfs:label ?name FILTER(LANG(?name) IN ("${lang}", "fr", "")) }`;
    const found = (await (await send(query, "application/sparql-results+json")).json()) as Results;
    for (const row of found.results?.bindings ?? []) {
      if (row.name!["xml:lang"] === lang || !known.has(row.thing!.value)) known.set(row.thing!.value, row.name!.value);
    }
  }
  for (const value of links) value.text = known.get(value.value) ?? value.text;
}

export const faultWords = (error: unknown): Fault => (error instanceof Refused ? error.fault : { words: say("unreachable") });

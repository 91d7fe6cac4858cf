/* The form of a question, or of a view, on a static site: its values are put into the query, which the editor runs in the browser. */
import { find, root } from "./dom";
import { indexAt } from "./static-index";

const ID = "https://w3id.org/cmq/id/";
const XSD = "http://www.w3.org/2001/XMLSchema#";

const iri = (text: string): string => `<${text.replace(/[<>"{}|\\^`\s]/g, (one) => encodeURIComponent(one))}>`;
const literal = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r")}"`;

/** The entity that a field holds: what was chosen in its list, else the first thing that answers to the name typed. */
async function entity(text: string, classes: string[]): Promise<string | null> {
  if (/^https?:\/\//.test(text)) return iri(text);
  if (/^[a-z-]+\/[\w./-]+$/.test(text)) return iri(ID + text);
  const [best] = (await indexAt(`${root}/../search.json`)).things(text, classes, 1);
  return best ? iri(best.iri) : null;
}

async function term(field: HTMLInputElement | HTMLSelectElement, text: string): Promise<string | null> {
  if (field instanceof HTMLSelectElement) return iri(field.selectedOptions[0]?.dataset.iri ?? text);
  if (field.type === "checkbox") return field.checked && field.dataset.iri ? iri(field.dataset.iri) : null;
  const visible = field.type === "hidden" ? find<HTMLInputElement>("input[data-entity]", field.parentElement!) : field;
  if (visible?.dataset.entity !== undefined) return entity(text, visible.dataset.entity.split(" ").filter(Boolean));
  if (field.type === "date") return `${literal(text)}^^<${XSD}date>`;
  if (field.type === "number") return Number.isFinite(Number(text)) ? text : null;
  return literal(text);
}

/** `query` with the values of `name` replaced; the line of an optional parameter comes into force. */
export function withValue(query: string, name: string, value: string): string {
  const line = new RegExp(`^([ \\t]*)(?:#\\?[ \\t]*)?(VALUES[ \\t]+\\?${name}[ \\t]*)\\{[^}\\n]*\\}`, "m");
  return query.replace(line, (_, indent: string, head: string) => `${indent}${head}{ ${value} }`);
}

async function bound(form: HTMLFormElement): Promise<string> {
  const name = form.dataset.query ?? new URL(form.action).pathname.replace(/^.*\//, "").replace(/(~[^/]*)?\.html$/, "");
  const answer = await fetch(`${root}/queries/${name}.rq`);
  if (!answer.ok) throw new Error(name);
  let query = (await answer.text()).split("\n").filter((line) => !line.startsWith("#+")).join("\n").trim();
  const values = new Map<string, string[]>();
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[name], select[name]")) {
    const text = field.value.trim();
    const value = text && (await term(field, text));
    if (value) values.set(field.name, [...(values.get(field.name) ?? []), value]); // boxes of one parameter are several values
  }
  for (const [parameter, terms] of values) query = withValue(query, parameter, terms.join(" "));
  return query;
}

/** Open the editor with the query of `form` and the values in it. */
export async function answer(form: HTMLFormElement): Promise<void> {
  location.assign(`${root}/sparql.html#${new URLSearchParams({ query: await bound(form) })}`);
}

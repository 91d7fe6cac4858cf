/* Files of what is drawn, filters included: for people (CSV), for programs (JSON), for Gephi and others (GEXF, GraphML), as pictures. */
import { resolved } from "../dom";
import { standalone, toPng } from "../pictures/export";
import type { View } from "./model";
import { groupsOf, placeOf, radius, width, type Look } from "./surface";

const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One cell of a CSV file: quoted; what a spreadsheet would take for a formula begins with an apostrophe. */
export function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(view: View, rows: readonly number[]): Blob {
  const lines = [view.answer.columns.map(({ label }) => cell(label)), ...rows.map((at) => view.answer.rows[at]!.map(({ text, value }, i) =>
    cell(["number", "date"].includes(view.answer.columns[i]!.kind) ? value : text || value)))];
  return new Blob([`\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
}

/** Text of XML: characters that XML 1.0 does not know are left out. */
const xml = (text: string | number): string =>
  String(text).replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const rgb = (view: View): Map<string, number[]> =>
  new Map(view.groups.map((group) => [group.key, (resolved(`var(--colour-${group.colour})`).match(/\d+/g) ?? []).slice(0, 3).map(Number)]));

/** GEXF 1.3 (https://gexf.net): attributes, colours, positions, sizes. */
export function gexf(view: View, { scene, state }: Look): Blob {
  const [paint, groups] = [rgb(view), groupsOf(view)];
  const nodes = [...scene.nodes].map((node) => {
    const [r, g, b] = paint.get(node.group) ?? [102, 112, 122];
    const [x, y] = placeOf(state, node);
    const values = [["kind", node.kind], ["group", groups.get(node.group)?.label ?? ""], ["measure", node.size], ["href", node.id]] as const;
    return `<node id="${xml(node.id)}" label="${xml(node.label)}"><attvalues>${values.map(([name, value]) => `<attvalue for="${name}" value="${xml(value)}"/>`).join("")}</attvalues>`
      + `<viz:color r="${r}" g="${g}" b="${b}"/><viz:position x="${x}" y="${-y}" z="0"/><viz:size value="${radius(view, node).toFixed(2)}"/></node>`;
  });
  const edges = [...scene.edges].map((edge) => {
    const values = edgeValues(edge);
    return `<edge id="${xml(edge.id)}" source="${xml(edge.source.id)}" target="${xml(edge.target.id)}" weight="${edge.weight}" label="${xml(edge.relation)}">`
      + `<attvalues>${values.map(([name, value]) => `<attvalue for="${name}" value="${xml(value)}"/>`).join("")}</attvalues><viz:thickness value="${width(view, edge).toFixed(2)}"/></edge>`;
  });
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n`
    + `<meta><creator>campuskg</creator><description>${xml(`${view.title} · ${view.release}`)}</description></meta>\n<graph defaultedgetype="${view.directed ? "directed" : "undirected"}" mode="static">\n`
    + `<attributes class="node">${["kind", "group", "href"].map((name) => `<attribute id="${name}" title="${name}" type="string"/>`).join("")}<attribute id="measure" title="measure" type="double"/></attributes>\n`
    + `<attributes class="edge">${EDGE_KEYS.map((name) => `<attribute id="${name}" title="${name}" type="string"/>`).join("")}</attributes>\n`
    + `<nodes>\n${nodes.join("\n")}\n</nodes>\n<edges>\n${edges.join("\n")}\n</edges>\n</graph>\n</gexf>\n`;
  return new Blob([text], { type: "application/gexf+xml" });
}

const EDGE_KEYS = ["relation", "begins", "ends", "amount", "stage", "proofs"];
const edgeValues = (edge: Look["scene"]["edges"] extends Set<infer E> ? E : never): [string, string][] =>
  ([["relation", edge.relation], ["begins", edge.begins], ["ends", edge.ends], ["amount", edge.amount], ["stage", edge.stage], ["proofs", edge.proofs.map(({ text }) => text).join(" ; ")]] as [string, string][])
    .filter(([, value]) => value !== "");

/** GraphML (http://graphml.graphdrawing.org). */
export function graphml(view: View, { scene, state }: Look): Blob {
  const groups = groupsOf(view);
  const data = (values: (readonly [string, string | number])[]) => values.filter(([, value]) => value !== "").map(([name, value]) => `<data key="${name}">${xml(value)}</data>`).join("");
  const nodes = [...scene.nodes].map((node) => {
    const [x, y] = placeOf(state, node);
    return `<node id="${xml(node.id)}">${data([["label", node.label], ["kind", node.kind], ["group", groups.get(node.group)?.label ?? ""], ["measure", node.size], ["x", x], ["y", -y]])}</node>`;
  });
  const edges = [...scene.edges].map((edge) =>
    `<edge id="${xml(edge.id)}" source="${xml(edge.source.id)}" target="${xml(edge.target.id)}">${data([["weight", edge.weight], ...edgeValues(edge)])}</edge>`);
  const keys = [
    ...["label", "kind", "group"].map((name) => `<key id="${name}" for="node" attr.name="${name}" attr.type="string"/>`),
    ...["measure", "x", "y"].map((name) => `<key id="${name}" for="node" attr.name="${name}" attr.type="double"/>`),
    `<key id="weight" for="edge" attr.name="weight" attr.type="double"/>`,
    ...EDGE_KEYS.map((name) => `<key id="${name}" for="edge" attr.name="${name}" attr.type="string"/>`),
  ];
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n${keys.join("\n")}\n<graph edgedefault="${view.directed ? "directed" : "undirected"}">\n${nodes.join("\n")}\n${edges.join("\n")}\n</graph>\n</graphml>\n`;
  return new Blob([text], { type: "application/graphml+xml" });
}

export function json(view: View, { scene, state }: Look, address: string): Blob {
  const found = {
    view: view.name, title: view.title, release: view.release, address, query: view.query, state,
    columns: view.answer.columns.map(({ name, label }) => ({ name, label })),
    rows: scene.rows.map((at) => Object.fromEntries(view.answer.rows[at]!.map(({ text, value }, i) => [view.answer.columns[i]!.name, { value, text }]))),
    nodes: [...scene.nodes].map((node) => {
      const [x, y] = placeOf(state, node);
      return { id: node.id, label: node.label, kind: node.kind, group: node.group, size: node.size, x, y, facets: node.facets };
    }),
    edges: [...scene.edges].map((edge) => ({
      id: edge.id, source: edge.source.id, target: edge.target.id, relation: edge.relation, weight: edge.weight, rows: edge.rows,
      begins: edge.begins, ends: edge.ends, amount: edge.amount, stage: edge.stage, via: edge.via, proofs: edge.proofs,
    })),
  };
  return new Blob([JSON.stringify(found, null, 1)], { type: "application/json" });
}

export const svg = (chart: SVGSVGElement): Blob => new Blob([standalone(chart)], { type: "image/svg+xml" });
export const png = (chart: SVGSVGElement): Promise<Blob> => toPng(standalone(chart));

/* What a view is to the explorer: the data of `/views/{name}.json`, unpacked once, with who is next to whom. */
import type { Shape } from "../pictures/mark";
import type { Answer, Column, Value } from "../table";

export interface Link { label: string; href: string }
export interface Proof { text: string; href: string; document: string }
export interface Group { key: string; label: string; colour: number; shape: Shape; count: number }

export interface Node {
  id: string; short: string; label: string; href: string; kind: string; group: string; size: number; x: number; y: number;
  facets: Record<string, string[]>; rows: number[]; begins: string; ends: string; edges: Edge[];
  /** Latitude and longitude. */
  point: [number, number] | null;
}

export interface Edge {
  id: string; source: Node; target: Node; relation: string; weight: number; rows: number[];
  begins: string; ends: string; amount: string; stage: string; via: Link[]; proofs: Proof[];
}

export interface View {
  name: string; drawing: string; directed: boolean; title: string; release: string; start: string;
  query: { name: string; sparql: string; page: string };
  roles: Record<string, string>;
  answer: Answer;
  nodes: Node[]; edges: Edge[]; groups: Group[];
  byId: Map<string, Node>; edgeById: Map<string, Edge>;
  /** Facet -> value -> label. */
  facets: Record<string, Record<string, string>>;
  words: { size: string; weight: string };
  widest: number; largest: number;
}

/** As the server sends it: long lists hold numbers, which are places in `terms` and `passages`. */
interface Sent {
  view: string; drawing: string; directed: boolean; title: string; release: string; start: string;
  query: View["query"]; roles: Record<string, string>; columns: Column[];
  terms: [string, string, string][]; rows: number[][]; passages: [string, string, string][];
  nodes: { id: string; label: string; href?: string; kind: string; group: string; size: number; x: number; y: number; facets?: Record<string, string[]>; rows?: number[]; begins?: string; ends?: string; point?: [number, number] }[];
  edges: { id: string; source: number; target: number; relation: string; weight: number; rows: number[]; begins?: string; ends?: string; amount?: string; stage?: string; via?: number[]; proofs?: number[] }[];
  groups: Group[]; facets: View["facets"]; words: View["words"];
}

const BASE = "https://w3id.org/cmq/";

/** An IRI as addresses hold it: without the beginning that all ours share. */
export const short = (iri: string): string => (iri.startsWith(`${BASE}id/`) ? iri.slice(BASE.length + 3) : iri);

/** Networks are drawn from nodes and edges; the other pictures from the rows. */
export const isNetwork = (drawing: string): boolean => ["network", "bipartite", "ontology"].includes(drawing);

export function unpack(sent: Sent): View {
  const cells: Value[] = sent.terms.map(([text, value, href]) => ({ text, value, ...(href ? { href } : {}) }));
  const proofs = sent.passages.map(([text, href, document]) => ({ text, href, document }));
  const nodes: Node[] = sent.nodes.map((node) => ({ href: "", facets: {}, rows: [], begins: "", ends: "", point: null, ...node, short: short(node.id), edges: [] }));
  const edges = sent.edges.map((edge): Edge => ({
    begins: "", ends: "", amount: "", stage: "", ...edge,
    source: nodes[edge.source]!, target: nodes[edge.target]!,
    via: (edge.via ?? []).map((at) => ({ label: cells[at]!.text, href: cells[at]!.href ?? "" })),
    proofs: (edge.proofs ?? []).map((at) => proofs[at]!),
  }));
  for (const edge of edges) {
    edge.source.edges.push(edge);
    if (edge.target !== edge.source) edge.target.edges.push(edge);
  }
  return {
    ...sent, name: sent.view, nodes, edges,
    answer: { columns: sent.columns, rows: sent.rows.map((row) => row.map((at) => cells[at]!)) },
    byId: new Map(nodes.map((node) => [node.short, node])), edgeById: new Map(edges.map((edge) => [edge.id, edge])),
    widest: Math.max(...edges.map(({ weight }) => weight), 1e-9), largest: Math.max(...nodes.map(({ size }) => size), 1e-9),
  };
}

export const other = (edge: Edge, node: Node): Node => (edge.source === node ? edge.target : edge.source);

/** The neighbours of a node, each once, with the edges that lead there; the strongest first. */
export function neighbours(node: Node): Map<Node, Edge[]> {
  const found = new Map<Node, Edge[]>();
  for (const edge of [...node.edges].sort((a, b) => b.weight - a.weight)) {
    const next = other(edge, node);
    if (next === node) continue;
    const known = found.get(next);
    if (known) known.push(edge);
    else found.set(next, [edge]);
  }
  return found;
}

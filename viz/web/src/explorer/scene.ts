/* What a state shows of a view: nodes, edges and the rows that they stand for. Pictures, table, counts and files all read this. */
import { isNetwork, neighbours, other, type Edge, type Node, type View } from "./model";
import type { State } from "./state";

export interface Scene {
  nodes: Set<Node>;
  edges: Set<Edge>;
  /** Places of the rows in the answer, in its order. */
  rows: number[];
}

/** Facets of edges; the others are of nodes. */
export const EDGE_FACETS = ["relation", "stage", "document"] as const;

export function edgeValues(edge: Edge, facet: string): string[] {
  if (facet === "relation") return edge.relation ? [edge.relation] : [];
  if (facet === "stage") return edge.stage ? [edge.stage] : [];
  return [...new Set(edge.proofs.map(({ document }) => document))];
}

const isEdgeFacet = (facet: string): boolean => (EDGE_FACETS as readonly string[]).includes(facet);
const chosen = (state: State): [string, readonly string[]][] => Object.entries(state.facets).filter(([, values]) => values.length > 0);

/** Kinds of things that a facet can tell apart in this view: a filter by category says nothing of projects. */
const concerned = new WeakMap<View, Map<string, Set<string>>>();

function kindsOf(view: View, facet: string): Set<string> {
  let known = concerned.get(view);
  if (!known) {
    known = new Map();
    for (const node of view.nodes) {
      for (const [name, values] of Object.entries(node.facets)) {
        if (!known.has(name)) known.set(name, new Set());
        if (values.length) known.get(name)!.add(node.kind);
      }
    }
    concerned.set(view, known);
  }
  return known.get(facet) ?? new Set();
}

function inScope(view: View, state: State): Set<Node> {
  if (state.all) return new Set(view.nodes);
  const found = new Set<Node>();
  for (const id of state.open) {
    const node = view.byId.get(id);
    if (!node) continue;
    found.add(node);
    for (const edge of node.edges) found.add(other(edge, node));
  }
  for (const id of state.also) if (view.byId.has(id)) found.add(view.byId.get(id)!);
  return found;
}

/** Whether something lasts into the days asked for; a month or a year counts until its last day ("~" sorts after every digit). */
function inTime({ begins, ends }: { begins: string; ends: string }, { from, to }: State): boolean {
  if (!from && !to) return true;
  if (!begins && !ends) return false;
  return !(to && (begins || ends) > `${to}~`) && !(from && ends && `${ends}~` < from);
}

function keeps(edge: Edge, state: State, facets: [string, readonly string[]][]): boolean {
  if (facets.some(([facet, values]) => !edgeValues(edge, facet).some((value) => values.includes(value)))) return false;
  if (!inTime(edge, state)) return false;
  if (state.least !== "" && !(edge.amount !== "" && Number(edge.amount) >= Number(state.least))) return false;
  return !(state.most !== "" && !(edge.amount !== "" && Number(edge.amount) <= Number(state.most)));
}

/** Which filters hold something back; `kept` leaves one facet out, for its own counts. */
export function sceneOf(view: View, state: State, without = ""): Scene {
  const facets = chosen(state).filter(([facet]) => facet !== without);
  const [ofEdges, ofNodes] = [facets.filter(([facet]) => isEdgeFacet(facet)), facets.filter(([facet]) => !isEdgeFacet(facet))];
  const held = ofEdges.length > 0 || Boolean(state.from || state.to || state.least || state.most);
  const hidden = new Set(state.hidden);
  const nodes = new Set<Node>();
  const guests = new Set<Node>();
  for (const node of inScope(view, state)) {
    if (hidden.has(node.short)) continue;
    let fits = view.edges.length > 0 || inTime(node, state);
    let guest = false;
    for (const [facet, values] of ofNodes) {
      if (!kindsOf(view, facet).has(node.kind)) guest = true;
      else if (!(node.facets[facet] ?? []).some((value) => values.includes(value))) fits = false;
    }
    if (!fits) continue;
    nodes.add(node);
    if (guest) guests.add(node);
  }
  const edges = new Set<Edge>();
  const linked = new Set<Node>();
  for (const edge of view.edges) {
    if (!nodes.has(edge.source) || !nodes.has(edge.target) || (held && !keeps(edge, state, ofEdges))) continue;
    edges.add(edge);
    linked.add(edge.source).add(edge.target);
  }
  const centre = new Set(state.open);
  for (const node of nodes) {
    if (linked.has(node) || (centre.has(node.short) && !ofNodes.length)) continue;
    if (guests.has(node) || (held && view.edges.length > 0)) nodes.delete(node);
  }
  return { nodes, edges, rows: rowsOf(view, nodes, edges) };
}

const owners = new WeakMap<View, { edges: Map<number, Edge[]>; nodes: Node[][] }>();

/** Which edges and nodes each row stands for. */
export function rowOwners(view: View): { edges: Map<number, Edge[]>; nodes: Node[][] } {
  let known = owners.get(view);
  if (!known) {
    const edges = new Map<number, Edge[]>();
    for (const edge of view.edges) for (const row of edge.rows) edges.set(row, [...(edges.get(row) ?? []), edge]);
    const nodes: Node[][] = view.answer.rows.map(() => []);
    for (const node of view.nodes) for (const row of node.rows) nodes[row]?.push(node);
    known = { edges, nodes };
    owners.set(view, known);
  }
  return known;
}

function rowsOf(view: View, nodes: Set<Node>, edges: Set<Edge>): number[] {
  const own = rowOwners(view);
  const found: number[] = [];
  view.answer.rows.forEach((_, at) => {
    const links = own.edges.get(at);
    if (links ? links.some((edge) => edges.has(edge)) : own.nodes[at]!.every((node) => nodes.has(node))) found.push(at);
  });
  return found;
}

/** How many more things opening a node would show. */
export function more(view: View, scene: Scene, node: Node): number {
  if (!isNetwork(view.drawing)) return 0;
  return [...neighbours(node).keys()].filter((next) => !scene.nodes.has(next)).length;
}

/** The shortest way between two nodes along what is drawn; among equals the one over the strongest links. */
export function wayBetween(scene: Scene, from: Node, to: Node): Edge[] | null {
  const best = new Map<Node, { hops: number; strength: number; edge: Edge | null }>([[from, { hops: 0, strength: 0, edge: null }]]);
  let front = [from];
  for (let hops = 1; front.length && !best.has(to); hops += 1) {
    const next = new Set<Node>();
    for (const node of front) {
      for (const edge of node.edges) {
        const step = other(edge, node);
        if (!scene.edges.has(edge) || step === node) continue;
        const strength = best.get(node)!.strength + edge.weight;
        const known = best.get(step);
        if (known && (known.hops < hops || known.strength >= strength)) continue;
        best.set(step, { hops, strength, edge });
        next.add(step);
      }
    }
    front = [...next];
  }
  if (!best.has(to)) return null;
  const way: Edge[] = [];
  for (let node = to; node !== from;) {
    const edge = best.get(node)!.edge!;
    way.unshift(edge);
    node = other(edge, node);
  }
  return way;
}

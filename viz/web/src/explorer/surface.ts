/* Where a scene is drawn: WebGL for networks, a drawing (SVG) where there is no WebGL and for every other picture. */
import { resolvedAll } from "../dom";
import type { Edge, Group, Node, View } from "./model";
import type { Scene } from "./scene";
import type { State } from "./state";

export interface Look {
  scene: Scene;
  state: State;
  selected: Node | Edge | null;
  way: readonly Edge[] | null;
}

export interface Asked {
  node: (node: Node) => void;
  edge: (edge: Edge) => void;
  nothing: () => void;
  open: (node: Node) => void;
  moved: (node: Node, x: number, y: number) => void;
}

export interface Surface {
  /** Draws; `fit` moves the view so that everything is in it. */
  show: (look: Look, fit: boolean) => void;
  fit: () => void;
  zoom: (factor: number) => void;
  pan: (x: number, y: number) => void;
  /** Where a node is on the screen, in pixels from the corner of the stage; null where it has no place of its own. */
  where: (node: Node) => readonly [number, number] | null;
  /** The drawing as it would be printed: everything shown, whatever the zoom. */
  svg: () => SVGSVGElement;
  kill: () => void;
}

const LONGEST = 34;

export const brief = (name: string): string => (name.length > LONGEST ? `${[...name].slice(0, LONGEST - 1).join("").trimEnd()}…` : name);
export const radius = (view: View, node: Node): number => 4.5 + 11 * Math.sqrt(Math.max(node.size, 0) / view.largest);
export const width = (view: View, edge: Edge): number => 0.8 + 4.2 * Math.sqrt(Math.max(edge.weight, 0) / view.widest);
export const placeOf = (state: State, node: Node): readonly [number, number] => state.moved[node.short] ?? [node.x, node.y];

export const groupsOf = (view: View): Map<string, Group> => new Map(view.groups.map((group) => [group.key, group]));

/** What stays in full colour: the selection with its neighbours, or the way; null when all does. */
export function bright({ selected, way, scene }: Look): { nodes: Set<Node>; edges: Set<Edge> } | null {
  if (way) return { nodes: new Set(way.flatMap((edge) => [edge.source, edge.target])), edges: new Set(way) };
  if (!selected) return null;
  if ("source" in selected) return { nodes: new Set([selected.source, selected.target]), edges: new Set([selected]) };
  const edges = selected.edges.filter((edge) => scene.edges.has(edge));
  return { nodes: new Set([selected, ...edges.flatMap((edge) => [edge.source, edge.target])]), edges: new Set(edges) };
}

export interface Tones { groups: Map<string, string>; link: string; ink: string; accent: string; page: string; faint: (colour: string) => string }

/** The colours as the page resolves them now. */
export function tones(view: View): Tones {
  const [page, link, ink, accent, ...colours] = resolvedAll(
    ["page", "link", "ink", "accent", ...view.groups.map(({ colour }) => `colour-${colour}`)].map((name) => `var(--${name})`),
  ) as [string, string, string, string, ...string[]];
  const kept = new Map<string, string>();
  return {
    groups: new Map(view.groups.map(({ key }, i) => [key, colours[i]!])), link, ink, accent, page,
    faint: (colour) => {
      const known = kept.get(colour);
      if (known) return known;
      const [a, b] = [channels(colour), channels(page)];
      const found = `rgb(${a.map((value, i) => Math.round(value * 0.18 + b[i]! * 0.82)).join(",")})`;
      kept.set(colour, found);
      return found;
    },
  };
}

const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);

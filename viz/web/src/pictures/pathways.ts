/* Pathways: trainings in columns by level, lines from what one finishes to what one may enter. */
import { draw as svg, roomIn } from "../dom";
import type { Node, View } from "../explorer/model";
import { bright, groupsOf, placeOf, type Look } from "../explorer/surface";
import { number, say } from "../words";
import { mark } from "./mark";
import type { Drawn } from "./picture";
import { lines, title } from "./text";

const STEP = 36;
const LINE = 13;

/** Columns from the places of the layout: what stands at about the same x is one level. */
function columns(nodes: [Node, readonly [number, number]][]): [Node, readonly [number, number]][][] {
  const found: { x: number; nodes: [Node, readonly [number, number]][] }[] = [];
  for (const one of [...nodes].sort((a, b) => a[1][0] - b[1][0])) {
    const last = found.at(-1);
    if (last && one[1][0] - last.x < 40) last.nodes.push(one);
    else found.push({ x: one[1][0], nodes: [one] });
  }
  return found.map((column) => column.nodes.sort((a, b) => a[1][1] - b[1][1]));
}

export function draw(stage: HTMLElement, view: View, look: Look): Drawn | null {
  const nodes = [...look.scene.nodes].map((node) => [node, placeOf(look.state, node)] as [Node, readonly [number, number]]);
  if (!nodes.length) return null;
  const groups = groupsOf(view);
  const lit = bright(look);
  const layers = columns(nodes);
  const room = stage.parentElement?.clientHeight ?? 0;
  const height = Math.max(Math.max(...layers.map((layer) => layer.length)) * STEP + 40, Math.min(room - 60, 720));
  const width = Math.max(roomIn(stage), layers.length * 190);
  const gap = width / layers.length;
  const at = new Map<Node, [number, number]>();
  layers.forEach((layer, i) => layer.forEach(([node], j) => at.set(node, [i * gap + 12, (height / (layer.length + 1)) * (j + 1)])));
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "fixed", width, height });
  for (const edge of look.scene.edges) {
    const [[x1, y1], [x2, y2]] = [at.get(edge.source)!, at.get(edge.target)!];
    const [from, to] = x1 <= x2 ? [x1 + gap * 0.74, x2 - 9] : [x1 - 9, x2 + gap * 0.74];
    const full = !lit || lit.edges.has(edge);
    const line = svg("path", {
      d: `M${from} ${y1}C${(from + to) / 2} ${y1} ${(from + to) / 2} ${y2} ${to} ${y2}`, fill: "none", stroke: lit && full ? "var(--accent)" : "var(--edge)",
      "stroke-width": edge === look.selected ? 3 : 1.4, "stroke-opacity": full ? 0.8 : 0.2, "data-edge": edge.id,
    });
    line.append(title(`${edge.source.label} → ${edge.target.label}`));
    chart.append(line);
  }
  for (const [node] of nodes) {
    const [x, y] = at.get(node)!;
    const group = groups.get(node.group);
    const full = !lit || lit.nodes.has(node);
    const told = lines(node.label, gap * 0.74 - 16);
    const text = svg("text", { class: "halo", "data-node": node.short, opacity: full ? 1 : 0.4, ...(node === look.selected ? { "font-weight": 700 } : {}) },
      ...told.map((line, i) => svg("tspan", { x: x + 10, y: y + 4 + LINE * (i - (told.length - 1) / 2) }, line)));
    text.append(title(node.label));
    chart.append(mark(group?.shape ?? "circle", x, y, 5.5, { fill: `var(--colour-${group?.colour ?? 8})`, "fill-opacity": full ? 1 : 0.3, "data-node": node.short }), text);
  }
  stage.append(chart);
  return { says: say("network_says", { nodes: number(nodes.length), edges: number(look.scene.edges.size) }), notes: [], svg: () => chart };
}

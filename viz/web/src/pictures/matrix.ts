/* A matrix: who works with whom as a table of squares, darker where the link is stronger. Each link stands twice, as links do. */
import { draw as svg, roomIn } from "../dom";
import type { Edge, Node, View } from "../explorer/model";
import { brief, groupsOf, type Look } from "../explorer/surface";
import { number, say } from "../words";
import { mark } from "./mark";
import type { Drawn } from "./picture";
import { fit, title, width as textWidth } from "./text";

const CELL = 14;

/** Things of a group stand together, within it the most connected first: what works together shows as a block. */
function ordered(view: View, nodes: Iterable<Node>): Node[] {
  const place = new Map(view.groups.map((group, i) => [group.key, i]));
  return [...nodes].sort((a, b) => (place.get(a.group) ?? 99) - (place.get(b.group) ?? 99) || b.size - a.size || a.label.localeCompare(b.label));
}

export function draw(stage: HTMLElement, view: View, { scene, selected }: Look): Drawn | null {
  const nodes = ordered(view, scene.nodes);
  if (!nodes.length) return null;
  const groups = groupsOf(view);
  const most = roomIn(stage) < 480 ? 110 : 230; // on a phone the squares matter more than the whole names
  const room = Math.min(most, Math.max(...nodes.map((node) => textWidth(brief(node.label), 11)))) + 24;
  const side = room + nodes.length * CELL;
  const chart = svg("svg", { viewBox: `0 0 ${side + 4} ${side + 4}`, class: "fixed", width: side + 4, height: side + 4 });
  const at = new Map(nodes.map((node, i) => [node, room + i * CELL]));
  for (const node of nodes) {
    const place = at.get(node)!;
    const group = groups.get(node.group);
    const look = { fill: `var(--colour-${group?.colour ?? 8})`, "data-node": node.short };
    const weight = node === selected ? { "font-weight": 700 } : {};
    chart.append(
      svg("line", { class: "rule", x1: room, x2: side, y1: place, y2: place }), svg("line", { class: "rule", y1: room, y2: side, x1: place, x2: place }),
      mark(group?.shape ?? "circle", room - 8, place + CELL / 2, 4, look), mark(group?.shape ?? "circle", place + CELL / 2, room - 8, 4, look),
      svg("text", { x: room - 16, y: place + CELL / 2 + 4, "text-anchor": "end", class: "cell-text", "data-node": node.short, ...weight }, fit(brief(node.label), room - 16, 11)),
      svg("text", { transform: `translate(${place + CELL / 2 + 4} ${room - 16}) rotate(-90)`, class: "cell-text", "data-node": node.short, ...weight }, fit(brief(node.label), room - 16, 11)),
    );
  }
  chart.append(svg("line", { class: "rule", x1: room, x2: side, y1: side, y2: side }), svg("line", { class: "rule", y1: room, y2: side, x1: side, x2: side }));
  for (const edge of scene.edges) {
    for (const [row, column] of [[edge.source, edge.target], [edge.target, edge.source]] as const) chart.append(square(edge, at.get(column)!, at.get(row)!, view, edge === selected));
  }
  stage.append(chart);
  return { says: say("network_says", { nodes: number(nodes.length), edges: number(scene.edges.size) }), notes: [], svg: () => chart };
}

function square(edge: Edge, x: number, y: number, view: View, chosen: boolean): SVGElement {
  const found = svg("rect", {
    x: x + 0.5, y: y + 0.5, width: CELL - 1, height: CELL - 1, fill: "var(--accent)", "fill-opacity": 0.25 + 0.75 * Math.sqrt(edge.weight / view.widest), "data-edge": edge.id,
    ...(chosen ? { stroke: "var(--ink)", "stroke-width": 2 } : {}),
  });
  found.append(title(`${edge.source.label} – ${edge.target.label} : ${number(edge.weight)}`));
  return found;
}

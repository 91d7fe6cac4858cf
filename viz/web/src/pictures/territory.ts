/* The map of a view: places as large as what they hold, things around them, a hairline from each thing to its place. */
import { draw as svg, roomIn } from "../dom";
import type { Node, View } from "../explorer/model";
import { bright, brief, groupsOf, radius, type Look } from "../explorer/surface";
import { number, say } from "../words";
import { clear, extent, ground, type Box } from "./map";
import { mark } from "./mark";
import type { Drawn } from "./picture";
import { title, width as textWidth } from "./text";

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const FAR = 2.2;
const SMALL = 4;

/** The middle one of some numbers. */
const middle = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

export function draw(stage: HTMLElement, view: View, look: Look): Drawn | null {
  const placed = [...look.scene.nodes].filter((node) => node.point);
  if (!placed.length) return null;
  const [lat, long] = [middle(placed.map(({ point }) => point![0])), middle(placed.map(({ point }) => point![1]))];
  // What lies far from all others would make the map too small to read: it is counted below, and stays in the table.
  const near = placed.filter(({ point }) => Math.abs(point![0] - lat) < FAR && Math.abs(point![1] - long) < FAR * 1.4);
  const width = Math.max(320, roomIn(stage));
  const height = Math.round(Math.min(760, Math.max(300, width * 0.82)));
  const { chart, project } = ground(width, height, extent(near.map(({ point }) => ({ at: [point![1], point![0]] }))));
  const groups = groupsOf(view);
  const lit = bright(look);
  const isPlace = (node: Node) => node.kind === "place";
  const size = (node: Node) => (isPlace(node) ? radius(view, node) : SMALL);
  const here = new Map<string, number>();
  const at = new Map<Node, [number, number]>();
  for (const node of [...near].sort((a, b) => Number(isPlace(b)) - Number(isPlace(a)) || b.size - a.size)) {
    const [x, y] = project([node.point![1], node.point![0]]);
    const key = `${Math.round(x / 4)} ${Math.round(y / 4)}`;
    const turn = here.get(key) ?? 0;
    here.set(key, turn + 1);
    const away = turn ? 6 + 5 * Math.sqrt(turn) : 0;
    at.set(node, [x + away * Math.cos(turn * GOLDEN), y + away * Math.sin(turn * GOLDEN)]);
  }
  for (const edge of look.scene.edges) {
    const [from, to] = [at.get(edge.source), at.get(edge.target)];
    if (!from || !to) continue;
    const line = svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: lit?.edges.has(edge) ? "var(--accent)" : "var(--edge)", "stroke-width": edge === look.selected ? 2.5 : 0.8, "data-edge": edge.id });
    line.append(title(`${edge.source.label} – ${edge.target.label}`));
    chart.append(line);
  }
  const taken: Box[] = [];
  const names = svg("g");
  for (const [node, [x, y]] of at) {
    const group = groups.get(node.group);
    const full = !lit || lit.nodes.has(node);
    const dot = mark(group?.shape ?? "circle", x, y, size(node), {
      fill: `var(--colour-${group?.colour ?? 8})`, "fill-opacity": full ? (isPlace(node) ? 0.55 : 0.95) : 0.25, stroke: node === look.selected ? "var(--ink)" : "var(--page)", "stroke-width": node === look.selected ? 2 : 0.8, "data-node": node.short,
    });
    dot.append(title(node.label));
    chart.append(dot);
    taken.push([x - size(node), y - size(node), x + size(node), y + size(node)]);
  }
  const order = [...at.keys()].sort((a, b) => Number(b === look.selected) - Number(a === look.selected) || Number(lit?.nodes.has(b) ?? 0) - Number(lit?.nodes.has(a) ?? 0) || b.size - a.size);
  for (const node of order) {
    const [x, y] = at.get(node)!;
    const text = brief(node.label);
    const wide = textWidth(text, 12);
    const left = [x + size(node) + 4, x - size(node) - 4 - wide].find((one) => one > 2 && one + wide < width - 2 && clear([one, y - 6, one + wide, y + 6], taken));
    if (left === undefined) continue;
    taken.push([left, y - 6, left + wide, y + 6]);
    names.append(svg("text", { class: "halo", x: left, y: y + 4, "data-node": node.short }, text));
  }
  chart.append(names);
  stage.append(chart);
  const silent = look.scene.nodes.size - at.size;
  return { says: say("map_says", { count: at.size }), notes: [`${say("outline_source")} `, ...(silent ? [`${say("explorer_off_map", { count: number(silent) })} `] : [])], svg: () => chart };
}

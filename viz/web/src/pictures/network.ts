/* A network: WebGL for the screen, a drawing of the same positions for export and for machines without WebGL. */
import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import Sigma from "sigma";
import { colour, draw as svg, make, resolved } from "../dom";
import type { Answer } from "../table";
import { number, say } from "../words";
import { place, type Drawn, type Roles } from "./picture";
import { title } from "./text";

const LONGEST = 32;
const brief = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name);

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const ROUNDS = 300;

/** Builds the graph of an answer with positions that are the same each time: a spiral by name, then forces without chance. */
function built(answer: Answer, roles: Roles): Graph | null {
  const [source, target, weight] = [place(answer, roles, "source"), place(answer, roles, "target"), place(answer, roles, "weight")];
  if (source < 0 || target < 0) return null;
  const graph = new Graph({ type: "undirected", multi: false });
  const tone = (id: string, side: number) => {
    if (graph.hasNode(id)) graph.updateNodeAttribute(id, "side", (old: number) => (old === side ? side : 2));
  };
  for (const row of answer.rows) {
    const [from, to] = [row[source]!, row[target]!];
    if (!from.value || !to.value || from.value === to.value) continue;
    for (const [end, side] of [[from, 0], [to, 1]] as const) {
      tone(end.value, side);
      graph.mergeNode(end.value, { name: end.text, label: brief(end.text) });
      if (graph.getNodeAttribute(end.value, "side") === undefined) graph.setNodeAttribute(end.value, "side", side);
    }
    const more = weight < 0 ? 1 : Number(row[weight]!.value) || 1;
    graph.updateEdge(from.value, to.value, (old) => ({ ...old, weight: ((old.weight as number | undefined) ?? 0) + more }));
  }
  if (!graph.order) return null;
  arrange(graph);
  return graph;
}

function arrange(graph: Graph): void {
  const ids = graph.nodes().sort();
  ids.forEach((id, i) => graph.mergeNodeAttributes(id, { x: Math.sqrt(i + 1) * Math.cos(i * GOLDEN), y: Math.sqrt(i + 1) * Math.sin(i * GOLDEN) }));
  const widest = Math.max(...graph.mapEdges((_, { weight }) => weight as number), 1);
  const busiest = Math.max(...graph.mapNodes((id) => graph.degree(id)), 1);
  graph.forEachNode((id) => graph.setNodeAttribute(id, "size", 4 + 12 * Math.sqrt(graph.degree(id) / busiest)));
  graph.forEachEdge((id, { weight }) => graph.setEdgeAttribute(id, "size", 0.6 + 3 * Math.sqrt((weight as number) / widest)));
  const settings = { ...forceAtlas2.inferSettings(graph), edgeWeightInfluence: 0, strongGravityMode: false, gravity: 0.6, linLogMode: true, adjustSizes: false };
  forceAtlas2.assign(graph, { iterations: graph.order > 1500 ? 60 : ROUNDS, settings });
}

const TONES = [0, 1, 3];

function picture(graph: Graph, width: number, height: number): SVGSVGElement {
  const at = graph.mapNodes((id, node) => ({ id, ...(node as { x: number; y: number; size: number; label: string; name: string; side: number }) }));
  const [xs, ys] = [at.map(({ x }) => x), at.map(({ y }) => y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 160) / (right - left || 1), (height - 60) / (high - low || 1));
  const spot = new Map(at.map((node) => [node.id, [width / 2 + (node.x - (left + right) / 2) * scale, height / 2 - (node.y - (low + high) / 2) * scale] as const]));
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  graph.forEachEdge((_, edge, from, to) => {
    const [[x1, y1], [x2, y2]] = [spot.get(from)!, spot.get(to)!];
    chart.append(svg("line", { x1, y1, x2, y2, stroke: "var(--link)", "stroke-width": edge.size as number }));
  });
  const many = at.length > 80;
  for (const node of [...at].sort((a, b) => a.size - b.size)) {
    const [x, y] = spot.get(node.id)!;
    const dot = svg("circle", { cx: x, cy: y, r: node.size, fill: colour(TONES[node.side] ?? 0), stroke: "var(--page)" });
    dot.append(title(node.name));
    chart.append(dot);
    if (!many || node.size > 7) chart.append(svg("text", { class: "halo", x: x + node.size + 3, y: y + 4, "font-size": 11 }, node.label));
  }
  return chart;
}

function legend(answer: Answer, roles: Roles, graph: Graph): HTMLElement {
  const sides = new Set(graph.mapNodes((_, node) => node.side as number));
  const label = (role: string) => answer.columns[place(answer, roles, role)]!.label;
  const names = [label("source"), label("target"), `${label("source")} / ${label("target")}`];
  const items = [0, 1, 2].filter((side) => sides.has(side)).map((side) => {
    const dot = svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("circle", { cx: 5, cy: 5, r: 5, fill: colour(TONES[side]!) }));
    return make("li", {}, dot, names[side]!);
  });
  return make("ul", { class: "legend" }, ...items, make("li", {}, say("network_legend")));
}

export function draw(stage: HTMLElement, answer: Answer, roles: Roles): Drawn | null {
  const graph = built(answer, roles);
  if (!graph) return null;
  stage.classList.add("tall");
  const size = () => [Math.max(320, stage.clientWidth), Math.max(320, stage.clientHeight)] as const;
  const drawn: Drawn = {
    says: say("network_says", { nodes: number(graph.order), edges: number(graph.size) }),
    notes: [legend(answer, roles, graph)],
    svg: () => picture(graph, ...size()),
  };
  if (!document.createElement("canvas").getContext("webgl2")) {
    stage.append(picture(graph, ...size()));
    return drawn;
  }
  const tones = TONES.map((tone) => resolved(colour(tone)));
  const edge = resolved("var(--link)");
  graph.forEachNode((id, { side }) => graph.setNodeAttribute(id, "color", tones[side as number]));
  graph.forEachEdge((id) => graph.setEdgeAttribute(id, "color", edge));
  const screen = new Sigma(graph, stage, {
    labelColor: { color: resolved("var(--ink)") },
    labelFont: getComputedStyle(document.body).fontFamily,
    labelSize: 12,
    labelRenderedSizeThreshold: graph.order > 60 ? 7 : 3,
    defaultEdgeColor: edge,
    stagePadding: 40,
    defaultDrawNodeHover: hover,
    allowInvalidContainer: true,
  });
  return { ...drawn, remove: () => screen.kill() };
}

type Drawing = NonNullable<ConstructorParameters<typeof Sigma>[2]>["defaultDrawNodeHover"];

const hover: NonNullable<Drawing> = (context, node, settings) => {
  context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
  const text = (node as { name?: string }).name ?? node.label ?? "";
  const [x, y, long] = [node.x + node.size + 2, node.y, context.measureText(text).width];
  context.fillStyle = resolved("var(--raised)");
  context.strokeStyle = resolved("var(--accent)");
  context.beginPath();
  context.rect(x, y - 11, long + 10, 22);
  context.fill();
  context.stroke();
  context.fillStyle = resolved("var(--ink)");
  context.fillText(text, x + 5, y + 4);
};

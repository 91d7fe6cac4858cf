/* Flows from sources to targets, as wide as their value. Where flows come back, each side is drawn on its own; where a column
   keeps flows apart, such as the stage of money, each of its values has a drawing of its own, all to one scale. */
import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from "d3-sankey";
import { colour, draw as svg, roomIn } from "../dom";
import type { Answer } from "../table";
import { lang, number, say } from "../words";
import { place, type Drawn, type Paint, type Roles } from "./picture";
import { lines, title } from "./text";

interface Actor { id: string; name: string }
interface Flow { source: string; target: string; value: number; text: string; row: number }
interface Flows { nodes: Actor[]; links: Flow[] }
type Node = SankeyNode<Actor, Flow>;

const TALLEST = 280;
const BETWEEN = 28;
const LINE = 13;
const HEAD = 34;

function flows(answer: Answer, rows: number[], [source, target, value]: [number, number, number], sides: boolean): Flows {
  const nodes = new Map<string, Actor>();
  const links = new Map<string, Flow>();
  for (const at of rows) {
    const row = answer.rows[at]!;
    const amount = Number(row[value]!.value);
    if (!row[source]!.value || !row[target]!.value || !(amount > 0)) continue;
    const [from, to] = [`${sides ? "<" : ""}${row[source]!.value}`, `${sides ? ">" : ""}${row[target]!.value}`];
    nodes.set(from, { id: from, name: row[source]!.text });
    nodes.set(to, { id: to, name: row[target]!.text });
    const known = links.get(`${from}\n${to}`);
    if (known) Object.assign(known, { value: known.value + amount, text: number(known.value + amount) });
    else links.set(`${from}\n${to}`, { source: from, target: to, value: amount, text: row[value]!.text, row: at });
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

function cyclic({ nodes, links }: Flows): boolean {
  const left = new Map(nodes.map(({ id }) => [id, 0]));
  for (const link of links) left.set(link.target, left.get(link.target)! + 1);
  const free = [...left].filter(([, count]) => count === 0).map(([id]) => id);
  let seen = 0;
  while (free.length) {
    const id = free.pop()!;
    seen += 1;
    for (const link of links.filter((one) => one.source === id)) {
      const count = left.get(link.target)! - 1;
      left.set(link.target, count);
      if (count === 0) free.push(link.target);
    }
  }
  return seen < nodes.length;
}

/** The values of the column that keeps flows apart, each with its rows; one group without a name where there is none. */
function apart(answer: Answer, roles: Roles): [string, number[]][] {
  const stage = place(answer, roles, "stage");
  const found = new Map<string, number[]>();
  answer.rows.forEach((row, at) => {
    const name = stage < 0 ? "" : row[stage]!.text || say("unknown");
    found.set(name, [...(found.get(name) ?? []), at]);
  });
  return [...found];
}

const total = ({ nodes, links }: Flows): number => {
  const sums = new Map<string, [number, number]>(nodes.map(({ id }) => [id, [0, 0]]));
  for (const { source, target, value } of links) {
    sums.get(source)![0] += value;
    sums.get(target)![1] += value;
  }
  return Math.max(...[0, 1].map((side) => [...sums.values()].reduce((sum, one) => sum + one[side]!, 0)));
};

export function draw(stage: HTMLElement, answer: Answer, roles: Roles, paint?: Paint): Drawn | null {
  const places: [number, number, number] = [place(answer, roles, "source"), place(answer, roles, "target"), place(answer, roles, "value")];
  if (places.some((one) => one < 0)) return null;
  const parts = apart(answer, roles).map(([name, rows]): [string, Flows] => {
    const data = flows(answer, rows, places, false);
    return [name, cyclic(data) ? flows(answer, rows, places, true) : data];
  }).filter(([, data]) => data.links.length);
  if (!parts.length) return null;

  const width = Math.max(340, roomIn(stage));
  const { form } = answer.columns[places[2]]!;
  const sum = (value: number) => (form === "euro" ? (lang === "fr" ? `${number(value)} €` : `€${number(value)}`) : number(value));
  const largest = Math.max(...parts.map(([, data]) => total(data)));
  const chart = svg("svg", {});
  let top = 0;
  for (const [name, data] of parts) {
    // Each side needs its sum to the common scale, and room between its names.
    const side = (end: "source" | "target") => new Set(data.links.map((link) => link[end])).size;
    const whole = Math.max(12, (total(data) / largest) * TALLEST) + (Math.max(side("source"), side("target")) - 1) * BETWEEN + 8;
    if (name) {
      chart.append(svg("text", { class: "panel-head", x: 0, y: top + 18 }, `${name} · ${sum(total(data))}`));
      top += HEAD;
    }
    chart.append(part(data, width, top, whole, paint));
    top += whole + 22;
  }
  chart.setAttribute("viewBox", `0 0 ${width} ${top}`);
  stage.append(chart);
  const drawable = answer.rows.filter((row) => Number(row[places[2]]!.value) > 0 && row[places[0]]!.value && row[places[1]]!.value).length;
  const notes = drawable < answer.rows.length ? [`${say("not_drawn", { count: number(answer.rows.length - drawable) })} `] : [];
  const actors = new Set(parts.flatMap(([, { nodes }]) => nodes.map(({ id }) => id.replace(/^[<>]/, ""))));
  return { says: say("sankey_says", { count: actors.size }), notes, svg: () => chart };
}

function part(data: Flows, width: number, top: number, height: number, paint?: Paint): SVGGElement {
  const tint = (id: string, other: string) => (paint ? `var(--colour-${paint(id.replace(/^[<>]/, "")).colour})` : other);
  const room = Math.min(240, width * (width < 480 ? 0.34 : 0.28));
  const layout = sankey<Actor, Flow>().nodeId(({ id }) => id).nodeWidth(10).nodePadding(BETWEEN).extent([[room, top + 4], [width - room, top + height]]);
  const { nodes, links } = layout({ nodes: data.nodes.map((one) => ({ ...one })), links: data.links.map((one) => ({ ...one })) });
  const chart = svg("g");
  const path = sankeyLinkHorizontal();
  const tone = new Map(nodes.filter((node) => node.targetLinks!.length === 0).map((node, i) => [node.id, i]));
  for (const link of links as (SankeyLink<Actor, Flow> & Flow)[]) {
    const [from, to] = [link.source as unknown as Node, link.target as unknown as Node];
    const line = svg("path", { d: path(link as never) ?? "", fill: "none", stroke: tint(from.id, colour(tone.get(from.id) ?? 7)), "stroke-opacity": paint ? 0.35 : 0.45, "stroke-width": Math.max(1, link.width ?? 1), "data-row": link.row });
    line.append(title(`${from.name} → ${to.name} : ${link.text}`));
    chart.append(line);
  }
  for (const node of nodes) {
    const atLeft = node.x0! < width / 2;
    chart.append(
      svg("rect", { x: node.x0!, y: node.y0!, width: node.x1! - node.x0!, height: Math.max(1, node.y1! - node.y0!), fill: tint(node.id, "var(--ink)") }),
    );
    const said = lines(node.name, room - 8);
    const first = (node.y0! + node.y1!) / 2 + 4 - ((said.length - 1) * LINE) / 2;
    said.forEach((line, i) => chart.append(svg("text", { x: atLeft ? node.x0! - 6 : node.x1! + 6, y: first + i * LINE, "text-anchor": atLeft ? "end" : "start", class: "halo" }, line)));
  }
  return chart;
}

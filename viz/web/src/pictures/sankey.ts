/* Flows from sources to targets, as wide as their value. Where flows come back, each side is drawn on its own. */
import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from "d3-sankey";
import { colour, draw as svg } from "../dom";
import type { Answer } from "../table";
import { number, say } from "../words";
import { place, type Drawn, type Roles } from "./picture";
import { fit, title } from "./text";

interface Actor { id: string; name: string }
interface Flow { source: string; target: string; value: number; text: string }
type Node = SankeyNode<Actor, Flow>;

function flows(answer: Answer, [source, target, value]: [number, number, number], sides: boolean): { nodes: Actor[]; links: Flow[] } {
  const nodes = new Map<string, Actor>();
  const links = new Map<string, Flow>();
  for (const row of answer.rows) {
    const amount = Number(row[value]!.value);
    if (!row[source]!.value || !row[target]!.value || !(amount > 0)) continue;
    const [from, to] = [`${sides ? "<" : ""}${row[source]!.value}`, `${sides ? ">" : ""}${row[target]!.value}`];
    nodes.set(from, { id: from, name: row[source]!.text });
    nodes.set(to, { id: to, name: row[target]!.text });
    const known = links.get(`${from}\n${to}`);
    if (known) Object.assign(known, { value: known.value + amount, text: number(known.value + amount) });
    else links.set(`${from}\n${to}`, { source: from, target: to, value: amount, text: row[value]!.text });
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

function cyclic({ nodes, links }: { nodes: Actor[]; links: Flow[] }): boolean {
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

export function draw(stage: HTMLElement, answer: Answer, roles: Roles): Drawn | null {
  const places: [number, number, number] = [place(answer, roles, "source"), place(answer, roles, "target"), place(answer, roles, "value")];
  if (places.some((one) => one < 0)) return null;
  let data = flows(answer, places, false);
  if (cyclic(data)) data = flows(answer, places, true);
  if (!data.links.length) return null;

  const width = Math.max(340, stage.clientWidth - 32);
  const height = Math.max(220, Math.min(900, data.nodes.length * 24));
  const room = Math.min(200, width * 0.27);
  const layout = sankey<Actor, Flow>().nodeId(({ id }) => id).nodeWidth(10).nodePadding(12).extent([[room, 8], [width - room, height - 8]]);
  const { nodes, links } = layout({ nodes: data.nodes.map((one) => ({ ...one })), links: data.links.map((one) => ({ ...one })) });
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  const path = sankeyLinkHorizontal();
  const tone = new Map(nodes.filter((node) => node.targetLinks!.length === 0).map((node, i) => [node.id, i]));
  for (const link of links as SankeyLink<Actor, Flow>[]) {
    const [from, to] = [link.source as Node, link.target as Node];
    const line = svg("path", { d: path(link as never) ?? "", fill: "none", stroke: colour(tone.get(from.id) ?? 7), "stroke-opacity": 0.45, "stroke-width": Math.max(1, link.width ?? 1) });
    line.append(title(`${from.name} → ${to.name} : ${link.text}`));
    chart.append(line);
  }
  for (const node of nodes) {
    const atLeft = node.x0! < width / 2;
    chart.append(
      svg("rect", { x: node.x0!, y: node.y0!, width: node.x1! - node.x0!, height: Math.max(1, node.y1! - node.y0!), fill: "var(--ink)" }),
      svg("text", { x: atLeft ? node.x0! - 6 : node.x1! + 6, y: (node.y0! + node.y1!) / 2 + 4, "text-anchor": atLeft ? "end" : "start", class: "halo" }, fit(node.name, room - 8)),
    );
  }
  stage.append(chart);
  const drawable = answer.rows.filter((row) => Number(row[places[2]]!.value) > 0 && row[places[0]]!.value && row[places[1]]!.value).length;
  const notes = drawable < answer.rows.length ? [`${say("not_drawn", { count: number(answer.rows.length - drawable) })} `] : [];
  return { says: say("sankey_says", { count: nodes.length }), notes, svg: () => chart };
}

/* A heat-map: the more numerous as rows, the others as columns, in each cell how much, level by level; 0 is said and struck through,
   for the sources name nothing there; no cell is no link at all. */
import { draw as svg } from "../dom";
import type { Edge, Node, View } from "../explorer/model";
import { brief, type Look } from "../explorer/surface";
import { tell } from "../explorer/words";
import { number, say } from "../words";
import type { Drawn } from "./picture";
import { title, width as textWidth } from "./text";

const CELL = 26;
const ROW = 24;

const named = (nodes: Set<Node>): Node[] => [...nodes].sort((a, b) => a.label.localeCompare(b.label));

export function draw(stage: HTMLElement, view: View, { scene, selected }: Look): Drawn | null {
  const edges = [...scene.edges];
  if (!edges.length) return null;
  const sides = [named(new Set(edges.map(({ source }) => source))), named(new Set(edges.map(({ target }) => target)))] as const;
  const across = sides[1].length > sides[0].length;
  const [rows, columns] = across ? [sides[1], sides[0]] : sides;
  const rowOf = (edge: Edge) => (across ? edge.target : edge.source);
  const columnOf = (edge: Edge) => (across ? edge.source : edge.target);
  const label = (stage_: string) => view.facets.stage?.[stage_] ?? stage_;
  const stages = [...new Set(edges.map((edge) => edge.stage))].sort((a, b) => (a === "" ? 1 : b === "" ? -1 : label(a).localeCompare(label(b), undefined, { numeric: true })));
  const left = Math.min(250, Math.max(...rows.map(({ label: text }) => textWidth(brief(text), 12)))) + 14;
  const head = Math.min(210, Math.max(...columns.map(({ label: text }) => textWidth(brief(text), 12)))) * 0.8 + 20;
  const most = Math.max(...edges.map(({ weight }) => weight), 1);
  const wide = left + columns.length * CELL + head * 0.7;
  const chart = svg("svg", { class: "fixed" });
  columns.forEach((node, i) => chart.append(svg("text", { class: "cell-text", transform: `translate(${left + i * CELL + CELL / 2} ${head - 8}) rotate(-50)`, "data-node": node.short }, brief(node.label))));
  let y = head;
  for (const one of stages) {
    const own = edges.filter((edge) => edge.stage === one);
    const shown = rows.filter((row) => own.some((edge) => rowOf(edge) === row));
    if (stages.length > 1) {
      chart.append(svg("text", { class: "panel-head", x: 0, y: y + 20 }, one ? label(one) : tell("level_unknown")));
      y += 30;
    }
    for (const row of shown) {
      chart.append(
        svg("line", { class: "rule", x1: 0, x2: left + columns.length * CELL, y1: y + ROW, y2: y + ROW }),
        svg("text", { x: left - 10, y: y + ROW / 2 + 4, "text-anchor": "end", "data-node": row.short }, brief(row.label)),
      );
      for (const edge of own) if (rowOf(edge) === row) chart.append(...cell(edge, left + columns.indexOf(columnOf(edge)) * CELL, y, most, edge === selected));
      y += ROW;
    }
    y += 10;
  }
  chart.setAttribute("viewBox", `0 0 ${wide} ${y}`);
  chart.setAttribute("width", String(wide));
  chart.setAttribute("height", String(y));
  stage.append(chart);
  return { says: say("network_says", { nodes: number(rows.length + columns.length), edges: number(edges.length) }), notes: [], svg: () => chart };
}

function cell(edge: Edge, x: number, y: number, most: number, chosen: boolean): SVGElement[] {
  const strength = edge.weight / most;
  const ground = svg("rect", {
    x: x + 1, y: y + 2, width: CELL - 2, height: ROW - 4, fill: edge.weight > 0 ? "var(--accent)" : "var(--paper)", "fill-opacity": edge.weight > 0 ? 0.2 + 0.8 * strength : 1, "data-edge": edge.id,
    stroke: chosen ? "var(--ink)" : "var(--hairline)", "stroke-width": chosen ? 2 : 1,
  });
  const struck = edge.weight > 0 ? [] : [svg("line", { class: "rule", x1: x + 2, y1: y + ROW - 3, x2: x + CELL - 2, y2: y + 3 })];
  ground.append(title(`${edge.source.label} · ${edge.target.label} : ${number(edge.weight)}`));
  return [ground, ...struck, svg("text", { class: "cell-text", x: x + CELL / 2, y: y + ROW / 2 + 4, "text-anchor": "middle", "data-edge": edge.id, ...(strength > 0.45 ? { fill: "var(--on-accent)", class: "cell-text on" } : {}) }, number(edge.weight))];
}

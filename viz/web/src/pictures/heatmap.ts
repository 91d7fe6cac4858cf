/* A heat-map: the more numerous as rows, the others as columns, in each cell how much, level by level; 0 is said and struck through,
   for the sources name nothing there; no cell is no link at all. */
import { draw as svg, roomIn } from "../dom";
import type { Edge, Node, View } from "../explorer/model";
import { brief, type Look } from "../explorer/surface";
import { tell } from "../explorer/words";
import { number, say } from "../words";
import type { Drawn } from "./picture";
import { fit, lines, title, width as textWidth } from "./text";

/** How large the parts are: where there is little width, cells are smaller, names of rows take two lines, those of columns stand upright. */
interface Sizes { left: number; head: number; cell: number; row: number; wide: number; narrow: boolean }

const NARROW = 480;

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
  const sizes = measure(rows, columns, roomIn(stage));
  const { left, head, cell: side, row: step, wide, narrow } = sizes;
  const most = Math.max(...edges.map(({ weight }) => weight), 1);
  const chart = svg("svg", { class: "fixed" });
  columns.forEach((node, i) => {
    const x = left + i * side + side / 2;
    const turned = narrow ? `translate(${x + 4} ${head - 8}) rotate(-90)` : `translate(${x} ${head - 8}) rotate(-50)`;
    chart.append(svg("text", { class: "cell-text", transform: turned, "data-node": node.short }, narrow ? fit(node.label, head - 12, 11) : brief(node.label), title(node.label)));
  });
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
        svg("line", { class: "rule", x1: 0, x2: left + columns.length * side, y1: y + step, y2: y + step }),
        ...heading(row, y, sizes),
      );
      for (const edge of own) if (rowOf(edge) === row) chart.append(...cell(edge, left + columns.indexOf(columnOf(edge)) * side, y, sizes, most, edge === selected));
      y += step;
    }
    y += 10;
  }
  chart.setAttribute("viewBox", `0 0 ${wide} ${y}`);
  chart.setAttribute("width", String(wide));
  chart.setAttribute("height", String(y));
  stage.append(chart);
  return { says: say("network_says", { nodes: number(rows.length + columns.length), edges: number(edges.length) }), notes: [], svg: () => chart };
}

function measure(rows: Node[], columns: Node[], room: number): Sizes {
  const longest = (nodes: Node[]) => Math.max(...nodes.map(({ label }) => textWidth(brief(label), 12)));
  if (room < NARROW) {
    const cell = Math.min(26, Math.max(20, Math.floor((room - 104) / columns.length)));
    const left = Math.max(104, Math.min(room - columns.length * cell, longest(rows) + 12));
    return { left, head: Math.min(172, longest(columns) + 14), cell, row: 30, wide: left + columns.length * cell, narrow: true };
  }
  const [left, head] = [Math.min(250, longest(rows)) + 14, Math.min(210, longest(columns)) * 0.8 + 20];
  return { left, head, cell: 26, row: 24, wide: left + columns.length * 26 + head * 0.7, narrow: false };
}

/** The name of a row, before its cells. */
function heading(node: Node, y: number, { left, row, narrow }: Sizes): SVGElement[] {
  const said = narrow ? lines(node.label, left - 8, 11) : [brief(node.label)];
  const first = y + row / 2 + 4 - (said.length - 1) * 6.5;
  return said.map((line, i) => svg("text", { x: narrow ? 0 : left - 10, y: first + i * 13, "text-anchor": narrow ? "start" : "end", "data-node": node.short, ...(narrow ? { class: "cell-text" } : {}) }, line, title(node.label)));
}

function cell(edge: Edge, x: number, y: number, { cell: side, row: step }: Sizes, most: number, chosen: boolean): SVGElement[] {
  const strength = edge.weight / most;
  const ground = svg("rect", {
    x: x + 1, y: y + 2, width: side - 2, height: step - 4, fill: edge.weight > 0 ? "var(--accent)" : "var(--paper)", "fill-opacity": edge.weight > 0 ? 0.2 + 0.8 * strength : 1, "data-edge": edge.id,
    stroke: chosen ? "var(--ink)" : "var(--hairline)", "stroke-width": chosen ? 2 : 1,
  });
  const struck = edge.weight > 0 ? [] : [svg("line", { class: "rule", x1: x + 2, y1: y + step - 3, x2: x + side - 2, y2: y + 3 })];
  ground.append(title(`${edge.source.label} · ${edge.target.label} : ${number(edge.weight)}`));
  return [ground, ...struck, svg("text", { class: "cell-text", x: x + side / 2, y: y + step / 2 + 4, "text-anchor": "middle", "data-edge": edge.id, ...(strength > 0.45 ? { fill: "var(--on-accent)", class: "cell-text on" } : {}) }, number(edge.weight))];
}

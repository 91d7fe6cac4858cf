/* A network as a drawing: for machines without WebGL, for files and for paper. The same positions, sizes and shapes. */
import { draw } from "../dom";
import { mark } from "../pictures/mark";
import type { Node, View } from "./model";
import { bright, brief, groupsOf, placeOf, radius, width, type Asked, type Look, type Surface } from "./surface";

const MARGIN = 30;

type Box = [number, number, number, number];

/** The head of an arrow, where the line meets the mark that it leads to. */
function tip([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number], r: number, fill: string): SVGElement {
  const long = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / long, (y2 - y1) / long];
  const [x, y] = [x2 - ux * (r + 1), y2 - uy * (r + 1)];
  return draw("path", { d: `M${x} ${y}L${x - 8 * ux - 4 * uy} ${y - 8 * uy + 4 * ux}L${x - 8 * ux + 4 * uy} ${y - 8 * uy - 4 * ux}Z`, fill });
}

/** Draws what is shown into `width_` by `height`, names where there is room for them. */
export function drawing(view: View, look: Look, width_: number, height: number): SVGSVGElement {
  const groups = groupsOf(view);
  const lit = bright(look);
  const at = new Map<Node, readonly [number, number]>();
  const spots = [...look.scene.nodes].map((node) => [node, placeOf(look.state, node)] as const);
  const [xs, ys] = [spots.map(([, [x]]) => x), spots.map(([, [, y]]) => y)];
  const [left, right, top, low] = spots.length ? [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)] : [0, 1, 0, 1];
  const scale = Math.min((width_ - 2 * MARGIN - 120) / (right - left || 1), (height - 2 * MARGIN) / (low - top || 1));
  for (const [node, [x, y]] of spots) at.set(node, [width_ / 2 - 40 + (x - (left + right) / 2) * scale, height / 2 + (y - (top + low) / 2) * scale]);

  const chart = draw("svg", { viewBox: `0 0 ${width_} ${height}`, class: "sketch" });
  const lines = draw("g");
  for (const edge of look.scene.edges) {
    const [[x1, y1], [x2, y2]] = [at.get(edge.source)!, at.get(edge.target)!];
    const full = !lit || lit.edges.has(edge);
    const line = draw("line", {
      x1, y1, x2, y2, stroke: lit && full ? "var(--accent)" : "var(--link)", "stroke-width": width(view, edge) + (edge === look.selected ? 2 : 0),
      "stroke-opacity": full ? 1 : 0.25, "data-edge": edge.id,
    });
    line.append(draw("title", {}, `${edge.source.label} – ${edge.target.label}`));
    lines.append(line);
    if (view.directed) lines.append(tip([x1, y1], [x2, y2], radius(view, edge.target), lit && full ? "var(--accent)" : "var(--edge)"));
  }
  const dots = draw("g");
  const names = draw("g");
  const order = [...look.scene.nodes].sort((a, b) => b.size - a.size);
  const taken: Box[] = [];
  for (const node of [...order].reverse()) {
    const [x, y] = at.get(node)!;
    const full = !lit || lit.nodes.has(node);
    const group = groups.get(node.group);
    const dot = mark(group?.shape ?? "circle", x, y, radius(view, node), {
      fill: `var(--colour-${group?.colour ?? 8})`, "fill-opacity": full ? 1 : 0.25, stroke: node === look.selected ? "var(--ink)" : "var(--page)",
      "stroke-width": node === look.selected ? 2.5 : 1, "data-node": node.short,
    });
    dot.append(draw("title", {}, node.label));
    dots.append(dot);
    const r = radius(view, node);
    if (order.length <= 400) taken.push([x - r, y - r, x + r, y + r]);
  }
  for (const node of [look.selected, ...order]) {
    if (!node || "source" in node || !at.has(node) || (lit && !lit.nodes.has(node))) continue;
    const [x, y] = at.get(node)!;
    const [text, r] = [brief(node.label), radius(view, node)];
    const box: Box = [x + r + 3, y - 7, x + r + 5 + text.length * 6.4, y + 7];
    if (node !== look.selected && (names.childElementCount > 160 || taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]))) continue;
    taken.push(box);
    names.append(draw("text", { class: "halo", x: box[0], y: y + 4 }, text));
  }
  chart.append(lines, dots, names);
  return chart;
}

/** The drawing as a surface: the wheel and dragging move it, marks can be chosen. */
export function sketch(stage: HTMLElement, view: View, asked: Asked): Surface {
  let chart: SVGSVGElement | null = null;
  let look: Look | null = null;
  let box = { x: 0, y: 0, w: 1, h: 1 };
  const size = () => [Math.max(stage.clientWidth, 320), Math.max(stage.clientHeight, 320)] as const;
  const frame = () => chart?.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
  const whole = () => {
    const [w, h] = size();
    box = { x: 0, y: 0, w, h };
    frame();
  };
  const zoom = (factor: number) => {
    box = { x: box.x + (box.w * (1 - 1 / factor)) / 2, y: box.y + (box.h * (1 - 1 / factor)) / 2, w: box.w / factor, h: box.h / factor };
    frame();
  };
  stage.addEventListener("click", (event) => {
    const target = (event.target as Element).closest<SVGElement>("[data-node], [data-edge]");
    const node = view.byId.get(target?.dataset.node ?? "");
    const edge = view.edgeById.get(target?.dataset.edge ?? "");
    if (node) asked.node(node);
    else if (edge) asked.edge(edge);
    else asked.nothing();
  });
  stage.addEventListener("dblclick", (event) => {
    const node = view.byId.get((event.target as Element).closest<SVGElement>("[data-node]")?.dataset.node ?? "");
    if (node) asked.open(node);
  });
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  };
  stage.addEventListener("wheel", wheel, { passive: false });
  return {
    show: (next, fit) => {
      look = next;
      const drawn = drawing(view, next, ...size());
      chart?.remove();
      chart = drawn;
      stage.append(drawn);
      if (fit || box.w === 1) whole();
      else frame();
    },
    fit: whole,
    zoom,
    pan: (x, y) => {
      box = { ...box, x: box.x + x * box.w, y: box.y + y * box.h };
      frame();
    },
    where: () => null,
    svg: () => drawing(view, look!, Math.max(stage.clientWidth, 640), Math.max(stage.clientHeight, 420)),
    kill: () => {
      stage.removeEventListener("wheel", wheel);
      chart?.remove();
    },
  };
}

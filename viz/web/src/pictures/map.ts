/* A map: places as dots over the outlines of the departments, in the conformal projection that French maps use. */
import { geoConicConformal, geoPath } from "d3-geo";
import { scaleSqrt } from "d3-scale";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import outlines from "../../../outlines/departements.topo.json";
import { colour, draw as svg, roomIn } from "../dom";
import type { Answer } from "../table";
import { number, say } from "../words";
import { place, type Drawn, type Roles } from "./picture";
import { title, width as textWidth } from "./text";

const land = outlines as unknown as Topology<{ departements: GeometryCollection }>;
const NARROWEST = 0.9;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

interface Spot { name: string; said: string; at: [number, number]; value: number; row: number; turn: number }

/** Things at the same place stand around it, so that none hides another. */
function spots(answer: Answer, roles: Roles): Spot[] {
  const [own, source, lat, long, value] = ["label", "source", "lat", "long", "value"].map((role) => place(answer, roles, role)) as [number, number, number, number, number];
  const label = own < 0 ? source : own;
  if (lat < 0 || long < 0) return [];
  const found = new Map<string, Spot>();
  const here = new Map<string, number>();
  answer.rows.forEach((row, i) => {
    const at: [number, number] = [Number(row[long]!.value), Number(row[lat]!.value)];
    if (!row[lat]!.value || !row[long]!.value || Number.isNaN(at[0] + at[1])) return;
    const name = row[label]?.text ?? "";
    const known = found.get(`${name}${at}`);
    const amount = value < 0 ? 1 : Number(row[value]!.value) || 0;
    if (known) known.value += amount;
    else {
      const turn = here.get(String(at)) ?? 0;
      here.set(String(at), turn + 1);
      found.set(`${name}${at}`, { name, at, value: amount, row: i, turn, said: [name, row[value]?.text].filter(Boolean).join(" : ") });
    }
  });
  return [...found.values()].sort((a, b) => b.value - a.value);
}

/** The frame of a map around its points, with a margin, never narrower than a small département. */
export function extent(points: { at: [number, number] }[]): GeoJSON.MultiPoint {
  const longs = points.map(({ at }) => at[0]);
  const lats = points.map(({ at }) => at[1]);
  const pad = (low: number, high: number) => Math.max(0.12 * (high - low), (NARROWEST - (high - low)) / 2, 0.1);
  const [w, e, s, n] = [Math.min(...longs), Math.max(...longs), Math.min(...lats), Math.max(...lats)];
  const [x, y] = [pad(w, e), pad(s, n)];
  return { type: "MultiPoint", coordinates: [[w - x, s - y], [e + x, n + y], [w - x, n + y], [e + x, s - y]] };
}

/** An empty map with the outlines of the departments, and where places are on it. */
export function ground(width: number, height: number, frame: GeoJSON.MultiPoint): { chart: SVGSVGElement; project: (at: [number, number]) => [number, number] } {
  const projection = geoConicConformal().parallels([44, 49]).rotate([-3, 0]).fitExtent([[16, 16], [width - 16, height - 16]], frame);
  projection.clipExtent([[0, 0], [width, height]]);
  const path = geoPath(projection);
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  chart.append(
    svg("path", { class: "land", "stroke-width": 0, d: path(feature(land, land.objects.departements)) ?? "" }),
    svg("path", { class: "rule", d: path(mesh(land, land.objects.departements, (a, b) => a !== b)) ?? "" }),
    svg("path", { fill: "none", stroke: "var(--edge)", "stroke-width": 1, d: path(mesh(land, land.objects.departements, (a, b) => a === b)) ?? "" }),
  );
  return { chart, project: (at) => projection(at) ?? [0, 0] };
}

export type Box = [number, number, number, number];
export const clear = (box: Box, taken: Box[]): boolean => taken.every((one) => box[2] < one[0] || box[0] > one[2] || box[3] < one[1] || box[1] > one[3]);

export function draw(stage: HTMLElement, answer: Answer, roles: Roles): Drawn | null {
  const points = spots(answer, roles);
  if (!points.length) return null;
  const width = Math.max(320, roomIn(stage));
  const height = Math.round(Math.min(620, Math.max(300, width * 0.72)));
  const { chart, project } = ground(width, height, extent(points));
  const sized = place(answer, roles, "value") >= 0;
  const radius = scaleSqrt([0, Math.max(...points.map(({ value }) => value), 1)], [3, sized ? 18 : 5]);
  const where = points.map(({ at, turn, value }): [number, number, number] => {
    const [x, y] = project(at);
    const r = radius(value);
    const away = turn ? 1.7 * r * Math.sqrt(turn) : 0;
    return [x + away * Math.cos(turn * GOLDEN), y + away * Math.sin(turn * GOLDEN), r];
  });
  const taken: Box[] = where.map(([x, y, r]) => [x - r, y - r, x + r, y + r] as Box);
  const names = svg("g");
  points.forEach(({ said, name, row }, i) => {
    const [x, y, r] = where[i]!;
    const dot = svg("circle", { cx: x, cy: y, r, fill: colour(0), "fill-opacity": 0.75, stroke: "var(--page)", "stroke-width": 1, "data-row": row });
    dot.append(title(said));
    chart.append(dot);
    const long = textWidth(name, 12);
    for (const [left, anchor] of [[x + r + 4, "start"], [x - r - 4, "end"]] as const) {
      const box: Box = anchor === "start" ? [left, y - 7, left + long, y + 7] : [left - long, y - 7, left, y + 7];
      if (box[0] < 2 || box[2] > width - 2 || !clear(box, taken)) continue;
      taken.push(box);
      names.append(svg("text", { class: "halo", x: left, y: y + 4, "text-anchor": anchor }, name));
      break;
    }
  });
  chart.append(names);
  stage.append(chart);
  const silent = answer.rows.filter((row) => !row[place(answer, roles, "lat")]!.value).length;
  const notes = [`${say("outline_source")} `, ...(silent ? [`${say("not_drawn", { count: number(silent) })} `] : [])];
  return { says: say("map_says", { count: points.length }), notes, svg: () => chart };
}

/* A timeline: one line a row; a moment is a dot, a period a bar, a period without an end fades out to the right. Where there is
   little width, the name stands above its bar instead of before it. */
import { scaleUtc } from "d3-scale";
import { colour, draw as svg, roomIn } from "../dom";
import type { Answer, Value } from "../table";
import { number, say } from "../words";
import { place, type Drawn, type Paint, type Roles } from "./picture";
import { fit, title, width as textWidth } from "./text";

const MOST = 120;
const STEP = 22;
const NARROW = 480;
const DAY = 86_400_000;

const moment = (value: Value | undefined): number => (value?.value ? Date.parse(value.value) : Number.NaN);

export function draw(stage: HTMLElement, answer: Answer, roles: Roles, paint?: Paint): Drawn | null {
  const [label, start, end, source, target] = ["label", "start", "end", "source", "target"].map((role) => place(answer, roles, role)) as [number, number, number, number, number];
  if (label < 0 || start < 0) return null;
  const named = [source, label].filter((at) => at >= 0);
  const told = target < 0 ? named[0]! : target;
  const dated = answer.rows
    .map((row, at) => ({ at, iri: row[told]!.value, text: named.map((one) => row[one]!.text).filter(Boolean).join(" · "), from: moment(row[start]), until: moment(row[end]), said: [row[start]!.text, row[end]?.text].filter(Boolean).join(" – ") }))
    .filter(({ from, until }) => !Number.isNaN(from) || !Number.isNaN(until));
  const rows = dated.sort((a, b) => (a.from || a.until) - (b.from || b.until)).slice(0, MOST);
  if (!rows.length) return null;

  const width = Math.max(320, roomIn(stage));
  const narrow = width < NARROW;
  const [step, above] = narrow ? [STEP + 16, 15] : [STEP, 0];
  const left = narrow ? 8 : Math.min(width * 0.4, Math.max(...rows.map((row) => textWidth(row.text))) + 12);
  const moments = rows.flatMap((row) => [row.from, row.until]).filter((value) => !Number.isNaN(value));
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const margin = Math.max((last - first) * 0.04, 20 * DAY);
  const x = scaleUtc([first - margin, last + margin], [left, width - 8]);
  const height = rows.length * step + 30;
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  const format = x.tickFormat();
  for (const tick of x.ticks(Math.max(2, Math.floor((width - left) / 90)))) {
    const text = tick.getUTCMonth() === 0 && tick.getUTCDate() === 1 ? String(tick.getUTCFullYear())
      : tick.toLocaleDateString(document.documentElement.lang, { month: "short", year: "2-digit", timeZone: "UTC" }) || format(tick);
    chart.append(
      svg("line", { class: "rule", x1: x(tick), x2: x(tick), y1: 20, y2: height }),
      svg("text", { class: "axis-text", x: x(tick), y: 12, "text-anchor": "middle" }, text),
    );
  }
  rows.forEach((row, i) => {
    const y = 24 + i * step + above;
    const tone = paint ? `var(--colour-${paint(row.iri).colour})` : colour(0);
    const [from, until] = [Number.isNaN(row.from) ? first - margin : row.from, Number.isNaN(row.until) ? last + margin : row.until];
    const point = end < 0 || row.from === row.until;
    const open = Number.isNaN(row.until) || Number.isNaN(row.from);
    const mark = point
      ? svg("circle", { cx: x(row.from), cy: y + 10, r: 5, fill: tone, "data-row": row.at })
      : svg("rect", { x: x(from), y: y + 4, height: 11, width: Math.max(3, x(until) - x(from)), fill: tone, "data-row": row.at, ...(open ? { "fill-opacity": 0.35, stroke: tone, "stroke-dasharray": "3 3" } : {}) });
    mark.append(title(`${row.text} : ${row.said}${open && !point ? ` (${say("open_end")})` : ""}`));
    const name = narrow
      ? svg("text", { class: "halo", x: 0, y: y - 1, "data-row": row.at }, fit(row.text, width - 4))
      : svg("text", { x: left - 8, y: y + 14, "text-anchor": "end", "data-row": row.at }, fit(row.text, left - 10));
    chart.append(name, mark);
  });
  stage.append(chart);
  const notes: string[] = [];
  if (dated.length > rows.length) notes.push(`${say("first_drawn", { count: MOST })} `);
  if (dated.length < answer.rows.length) notes.push(`${say("not_drawn", { count: number(answer.rows.length - dated.length) })} `);
  return { says: say("timeline_says", { count: rows.length }), notes, svg: () => chart };
}

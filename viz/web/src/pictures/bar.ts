/* Bars: one a row, longest label at the left, the value written at the end of the bar. */
import { scaleLinear } from "d3-scale";
import { colour, draw as svg, make, roomIn } from "../dom";
import type { Answer, Value } from "../table";
import { brief, number, say } from "../words";
import { place, type Drawn, type Roles } from "./picture";
import { fit, title, width as textWidth } from "./text";

const MOST = 60;
const STEP = 26;

/** The column that tells rows of the same label apart, such as the stage of a funding: its values get colours of their own. */
function groupOf(answer: Answer, rows: Value[][], label: number, value: number): number {
  const labels = rows.map((row) => row[label]!.value);
  if (new Set(labels).size === labels.length) return -1;
  return answer.columns.findIndex((column, i) => i !== label && i !== value && ["link", "text"].includes(column.kind)
    && new Set(rows.map((row) => row[i]!.value)).size > 1 && new Set(rows.map((row) => row[i]!.value)).size <= 8);
}

export function draw(stage: HTMLElement, answer: Answer, roles: Roles): Drawn | null {
  const [label, value] = [place(answer, roles, "label"), place(answer, roles, "value")];
  if (label < 0 || value < 0) return null;
  const known = answer.rows.filter((row) => row[value]!.value !== "" && !Number.isNaN(Number(row[value]!.value)));
  const rows = known.slice(0, MOST);
  if (!rows.length) return null;

  const group = groupOf(answer, rows, label, value);
  const groups = group < 0 ? [] : [...new Set(rows.map((row) => row[group]!.text || say("unknown")))];
  const names = rows.map((row) => [row[label]!.text || say("unknown"), ...(group < 0 ? [] : [row[group]!.text || say("unknown")])].join(" · "));
  const width = Math.max(320, roomIn(stage));
  const left = Math.min(width * 0.42, Math.max(...names.map((name) => textWidth(name))) + 12);
  const right = Math.max(...rows.map((row) => textWidth(row[value]!.text))) + 12;
  const amounts = rows.map((row) => Number(row[value]!.value));
  const x = scaleLinear([Math.min(0, ...amounts), Math.max(0, ...amounts)], [left, width - right]).nice();
  const height = rows.length * STEP + 28;
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  for (const tick of x.ticks(Math.max(2, Math.floor(width / 140)))) {
    chart.append(
      svg("line", { class: "rule", x1: x(tick), x2: x(tick), y1: 20, y2: height }),
      svg("text", { class: "axis-text", x: x(tick), y: 12, "text-anchor": "middle" }, brief(tick)),
    );
  }
  rows.forEach((row, i) => {
    const [y, amount] = [24 + i * STEP, amounts[i]!];
    const bar = svg("rect", { x: Math.min(x(0), x(amount)), y: y + 4, height: STEP - 9, width: Math.abs(x(amount) - x(0)), fill: colour(group < 0 ? 0 : groups.indexOf(row[group]!.text || say("unknown"))), "data-row": answer.rows.indexOf(row) });
    bar.append(title(`${names[i]} : ${row[value]!.text}`));
    chart.append(
      svg("text", { x: left - 8, y: y + 17, "text-anchor": "end" }, fit(names[i]!, left - 10)),
      bar,
      svg("text", { class: "minor", x: Math.max(x(0), x(amount)) + 6, y: y + 17 }, row[value]!.text),
    );
  });
  chart.append(svg("line", { class: "rule", x1: x(0), x2: x(0), y1: 20, y2: height, stroke: "currentColor" }));
  stage.append(chart);
  const notes: (string | Node)[] = groups.length ? [legend(groups)] : [];
  if (known.length > rows.length) notes.push(`${say("first_drawn", { count: MOST })} `);
  if (known.length < answer.rows.length) notes.push(`${say("not_drawn", { count: number(answer.rows.length - known.length) })} `);
  return { says: say("bar_says", { count: rows.length }), notes, svg: () => chart };
}

function legend(groups: string[]): HTMLElement {
  const items = groups.map((name, i) => make("li", {}, svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, fill: colour(i) })), name));
  return make("ul", { class: "legend" }, ...items);
}

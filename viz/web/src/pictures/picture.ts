/* A picture of an answer: which kinds fit, drawing one with its caption and its downloads. Each kind is loaded when it is needed. */
import { find, make, save } from "../dom";
import type { Answer } from "../table";
import { say } from "../words";
import { standalone, toPng } from "./export";
import type { Shape } from "./mark";

export type Kind = "bar" | "timeline" | "sankey" | "map" | "network";
export type Roles = Record<string, string>;

/** What a drawing says of itself: a name for screen readers, notes below it, how to export it, how to take it down. */
export interface Drawn {
  says: string;
  notes: (string | Node)[];
  svg: () => SVGSVGElement;
  remove?: () => void;
}

/** The look of a thing by its IRI, where groups are told apart. */
export type Paint = (iri: string) => { colour: number; shape: Shape };

export type Draw = (stage: HTMLElement, answer: Answer, roles: Roles, paint?: Paint) => Drawn | null;

const DRAWERS: Record<Kind, () => Promise<{ draw: Draw }>> = {
  bar: () => import("./bar"),
  timeline: () => import("./timeline"),
  sankey: () => import("./sankey"),
  map: () => import("./map"),
  network: () => import("./network"),
};

export const isKind = (name: string): name is Kind => name in DRAWERS;

/** The place of the column that plays `role`, -1 where the answer has none. */
export function place(answer: Answer, roles: Roles, role: string): number {
  return answer.columns.findIndex((column) => column.name === roles[role]);
}

/** The kinds of picture that the columns of a free answer allow, with the columns that play each role. */
export function suited(answer: Answer): [Kind, Roles][] {
  const found: [Kind, Roles][] = [];
  const of = (kind: string) => answer.columns.filter((column) => column.kind === kind).map((column) => column.name);
  const [numbers, dates, links] = [of("number"), of("date"), of("link")];
  const names = answer.columns.filter((column) => ["link", "text"].includes(column.kind)).map((column) => column.name);
  const lat = answer.columns.find((column) => /^(lat|latitude)$/i.test(column.name))?.name;
  const long = answer.columns.find((column) => /^(lon|long|lng|longitude)$/i.test(column.name))?.name;
  const amount = numbers.find((name) => name !== lat && name !== long);
  if (lat && long) found.push(["map", { label: names[0] ?? lat, lat, long, ...(amount ? { value: amount } : {}) }]);
  if (names[0] && amount) found.push(["bar", { label: names[0], value: amount }]);
  if (links[0] && links[1]) {
    found.push(["network", { source: links[0], target: links[1], ...(amount ? { weight: amount } : {}) }]);
    if (amount) found.push(["sankey", { source: links[0], target: links[1], value: amount }]);
  }
  if (names[0] && dates[0]) found.push(["timeline", { label: names[0], start: dates[0], ...(dates[1] ? { end: dates[1] } : {}) }]);
  return found;
}

/** Fills `figure` with a picture; hides it where nothing can be drawn. Returns how to take it down. */
export async function show(
  figure: HTMLElement, kind: Kind, answer: Answer, roles: Roles, title: string, note: string,
): Promise<() => void> {
  const { draw } = await DRAWERS[kind]();
  const stage = make("div", { class: "picture-stage", role: "img" });
  figure.hidden = false;
  figure.replaceChildren(stage);
  let drawn = draw(stage, answer, roles);
  if (!drawn) {
    figure.hidden = true;
    return () => undefined;
  }
  stage.setAttribute("aria-label", `${drawn.says}. ${title}`);
  const caption = make("figcaption", {}, make("div", {}, ...drawn.notes, make("span", {}, note)));
  const buttons = make("div", { class: "tools" });
  for (const form of ["SVG", "PNG"] as const) {
    const button = make("button", { type: "button", class: "quiet" }, `${say("download")} ${form}`);
    button.addEventListener("click", () => void keep(drawn!, kind, form));
    buttons.append(button);
  }
  caption.append(buttons);
  figure.append(caption);
  const again = () => {
    drawn?.remove?.();
    stage.replaceChildren();
    drawn = draw(stage, answer, roles);
  };
  document.addEventListener("theme", again);
  return () => {
    document.removeEventListener("theme", again);
    drawn?.remove?.();
  };
}

async function keep(drawn: Drawn, kind: Kind, form: "SVG" | "PNG"): Promise<void> {
  const text = standalone(drawn.svg());
  if (form === "SVG") save(`${kind}.svg`, new Blob([text], { type: "image/svg+xml" }));
  else save(`${kind}.png`, await toPng(text));
}

/** Takes the figure's stage, for tests and for print. */
export const stageOf = (figure: HTMLElement): HTMLElement | null => find(".picture-stage", figure);

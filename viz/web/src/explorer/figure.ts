/* The pictures that are not networks, drawn again from the rows that a scene shows; their marks can be chosen. */
import { make } from "../dom";
import type { Draw, Drawn, Paint } from "../pictures/picture";
import { short, type View } from "./model";
import { rowOwners } from "./scene";
import { groupsOf, type Asked, type Look, type Surface } from "./surface";

export type SceneDraw = (stage: HTMLElement, view: View, look: Look) => Drawn | null;

const fromRows = (draw: Draw): SceneDraw => (stage, view, { scene }) => {
  const groups = groupsOf(view);
  const paint: Paint = (iri) => groups.get(view.byId.get(short(iri))?.group ?? "") ?? { colour: 8, shape: "circle" };
  return draw(stage, { columns: view.answer.columns, rows: scene.rows.map((at) => view.answer.rows[at]!) }, view.roles, paint);
};

const DRAWERS: Record<string, () => Promise<SceneDraw>> = {
  bar: async () => fromRows((await import("../pictures/bar")).draw),
  timeline: async () => fromRows((await import("../pictures/timeline")).draw),
  sankey: async () => fromRows((await import("../pictures/sankey")).draw),
  map: async () => (await import("../pictures/territory")).draw,
  matrix: async () => (await import("../pictures/matrix")).draw,
  heatmap: async () => (await import("../pictures/heatmap")).draw,
  pathways: async () => (await import("../pictures/pathways")).draw,
};

/** Draws one of these pictures into `stage`. */
export async function figure(stage: HTMLElement, view: View, asked: Asked, empty: string): Promise<Surface> {
  const draw = await (DRAWERS[view.drawing] ?? DRAWERS.bar!)();
  const inner = make("div", { class: "ex-figure" });
  stage.append(inner);
  stage.classList.add("drawn");
  let look: Look | null = null;
  let drawn: Drawn | null = null;
  let zoomed = 1;
  const resize = (factor: number) => {
    zoomed = Math.min(4, Math.max(1, factor));
    inner.style.inlineSize = `${zoomed * 100}%`;
    // A drawing that keeps its own size does not grow with what is around it.
    const fixed = inner.querySelector<SVGSVGElement>("svg.fixed");
    if (fixed) Object.assign(fixed.style, { inlineSize: `${zoomed * Number(fixed.getAttribute("width"))}px`, blockSize: "auto" });
  };
  stage.addEventListener("click", (event) => {
    const target = (event.target as Element).closest<SVGElement>("[data-row], [data-node], [data-edge]");
    if (!target || !look) return;
    const node = view.byId.get(target.dataset.node ?? "");
    const edge = view.edgeById.get(target.dataset.edge ?? "");
    const row = look.scene.rows[Number(target.dataset.row)];
    const own = row === undefined ? null : rowOwners(view);
    const found = edge ?? (own ? own.edges.get(row!)?.[0] : undefined);
    const thing = node ?? (own ? own.nodes[row!]?.[0] : undefined);
    if (found) asked.edge(found);
    else if (thing) asked.node(thing);
  });
  return {
    show: (next) => {
      look = next;
      drawn?.remove?.();
      // The room is held while the picture is drawn anew, else the page and the stage would scroll back.
      const [left, held] = [stage.scrollLeft, inner.clientHeight];
      inner.style.minBlockSize = `${held}px`;
      inner.style.inlineSize = "";
      inner.replaceChildren();
      drawn = draw(inner, view, next);
      resize(zoomed);
      if (drawn) inner.append(make("p", { class: "ex-notes" }, ...drawn.notes));
      else inner.replaceChildren(make("p", { class: "ex-notes" }, empty));
      inner.style.minBlockSize = "";
      stage.scrollLeft = left;
    },
    fit: () => resize(1),
    zoom: (factor) => resize(zoomed * factor),
    pan: (x, y) => stage.scrollBy(x * stage.clientWidth, y * stage.clientHeight),
    where: () => null,
    svg: () => drawn!.svg(),
    kill: () => {
      drawn?.remove?.();
      inner.remove();
    },
  };
}

/* The bar above the picture: what is shown, undo, zoom, full screen, share and keep, files, print. */
import { find, make, save } from "../dom";
import { isNetwork, type View } from "./model";
import type { Scene } from "./scene";
import { first, toHash, type State } from "./state";
import type { Look, Surface } from "./surface";
import { counted, tell } from "./words";

export interface MenuAsked {
  view: View; place: HTMLElement; stage: HTMLElement; start: State;
  look: () => Look; surface: () => Surface; rows: () => number[]; state: () => State; scene: () => Scene;
  undo: () => void; redo: () => void; undoable: () => boolean; redoable: () => boolean;
  change: (part: Partial<State>) => void; restore: (state: Partial<State>) => void; say: (words: string) => void;
}

export interface Parts { make: typeof make; save: typeof save; button: typeof button; tell: typeof tell }

type Act = () => void | Promise<void>;

const FORMS = ["PNG", "SVG", "CSV", "JSON", "GEXF", "GraphML"] as const;

function button(text: string, act: Act, label = ""): HTMLButtonElement {
  const found = make("button", { type: "button", ...(label ? { "aria-label": label, title: label } : {}) }, text);
  found.addEventListener("click", () => void act());
  return found;
}

/** A menu that opens below its name; Escape and a click elsewhere close it. */
function menu(name: string, key: string, ...inside: (Node | string)[]): HTMLDetailsElement {
  const found = make("details", { class: "ex-menu", "data-menu": key }, make("summary", {}, name), make("div", { class: "ex-sheet" }, ...inside));
  found.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !found.open) return;
    event.stopPropagation();
    found.open = false;
    find("summary", found)!.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.isTrusted && !found.contains(event.target as Node)) found.open = false;
  });
  return found;
}

/** Fills the bar; returns what brings it up to date. */
export function menus(bar: HTMLElement, asked: MenuAsked): () => void {
  const { view } = asked;
  const network = isNetwork(view.drawing);
  const scope = button("", () => {
    const state = asked.state();
    asked.change(state.all ? { all: false, open: around(view, asked.start), also: [], hidden: [], path: null } : { all: true, hidden: [], path: null });
  });
  const undo = button("↶", asked.undo, tell("undo"));
  const redo = button("↷", asked.redo, tell("redo"));
  const reset = button(tell("reset"), () => asked.restore({ ...asked.start }));
  const zoom = [
    button("−", () => asked.surface().zoom(1 / 1.3), tell("zoom_out")), button("+", () => asked.surface().zoom(1.3), tell("zoom_in")),
    button(tell("fit"), () => asked.surface().fit()),
  ];
  const full = button(tell("full"), async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await asked.place.requestFullscreen();
  });
  const paper = button(tell("print"), () => print());
  const unhide = button("", () => asked.change({ hidden: [] }));
  bar.replaceChildren(
    ...(network ? [scope, unhide] : []), make("span", { class: "ex-group" }, undo, redo), reset, make("span", { class: "ex-group" }, ...zoom),
    ...(document.fullscreenEnabled ? [full] : []), sharing(asked), files(asked), paper,
  );
  return () => {
    const { all, hidden } = asked.state();
    scope.textContent = all ? tell("show_start") : tell("show_all", { things: view.nodes.length, links: view.edges.length });
    scope.hidden = network && around(view, asked.start).length === 0 && all;
    unhide.hidden = hidden.length === 0;
    unhide.textContent = counted("unhide", hidden.length);
    undo.disabled = !asked.undoable();
    redo.disabled = !asked.redoable();
    reset.disabled = toHash(asked.state(), asked.start) === "";
  };
}

/** Where one begins when not everything is shown: the start of the view, else its busiest campus. */
function around(view: View, start: State): readonly string[] {
  return start.open.length ? start.open : first({ ...view, start: "" }).open;
}

/** Sharing is loaded when it is opened: most readers only look. */
function sharing(asked: MenuAsked): HTMLElement {
  const sheet = make("div");
  const found = menu(tell("share"), "share", sheet);
  let filled: Promise<() => void> | null = null;
  found.addEventListener("toggle", () => {
    filled ??= import("./share").then(({ sharing: fill }) => fill(sheet, asked, { make, save, button, tell }));
    void filled.then((fresh) => fresh());
  });
  return found;
}

function files(asked: MenuAsked): HTMLElement {
  const made = FORMS.map((form) => button(form, async () => {
    const kind = form.toLowerCase() as Lowercase<typeof form>;
    const make_ = await import("./files");
    const chart = () => asked.surface().svg();
    const blob = kind === "csv" ? make_.csv(asked.view, asked.rows()) : kind === "json" ? make_.json(asked.view, asked.look(), location.href)
      : kind === "svg" ? make_.svg(chart()) : kind === "png" ? await make_.png(chart()) : make_[kind](asked.view, asked.look());
    save(`${asked.view.name}.${kind}`, blob);
  }));
  const whole = [...document.querySelectorAll<HTMLAnchorElement>("[data-whole] a")].map((one) => one.cloneNode(true));
  return menu(
    tell("files"), "files", make("p", {}, tell("files_drawn")), make("div", { class: "ex-forms" }, ...made), make("p", {}, tell("files_whole")), make("div", { class: "ex-forms" }, ...whole),
  );
}

/* The explorer of a view: one state, one scene, and the parts that show it. */
import { draw, find, make } from "../dom";
import { Detail } from "./detail";
import { Drawer } from "./drawer";
import { Filters } from "./filters";
import { isNetwork, other, type Edge, type Node, type View } from "./model";
import { menus, type MenuAsked } from "./menus";
import { more, sceneOf, wayBetween, type Scene } from "./scene";
import { mark } from "../pictures/mark";
import { first, fromHash, History, toHash, type State } from "./state";
import { placeOf, type Asked, type Look, type Surface } from "./surface";
import { counted, tell } from "./words";

export type Draws = (stage: HTMLElement, view: View, asked: Asked) => Surface | Promise<Surface>;

declare global {
  interface Window { __view?: { data: View; state: () => State; scene: () => Scene; where: (id: string) => readonly [number, number] | null; ready: boolean } }
}

const STEP = 0.15;
const NUDGE = 15;
const ARROWS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FACETS_OF_SCOPE = ["all", "open", "also", "hidden"] as const;

export class Explorer {
  private readonly start: State;
  private readonly history: History;
  private scene: Scene;
  private surface!: Surface;
  private filters: Filters | null = null;
  private detail: Detail | null = null;
  private drawer: Drawer | null = null;
  private refresh: () => void = () => undefined;
  private readonly stage: HTMLElement;
  private readonly live: HTMLElement;
  private readonly legend: HTMLElement;

  constructor(private readonly place: HTMLElement, private readonly view: View, private readonly embedded: boolean) {
    this.start = first(view);
    this.history = new History(fromHash(location.hash, this.start));
    this.scene = sceneOf(view, this.history.now);
    this.stage = find("[data-stage]", place)!;
    this.legend = find("[data-legend]", place)!;
    this.live = find("[data-live]", place)!;
  }

  async run(draws: Draws): Promise<void> {
    const asked: Asked = {
      node: (node) => this.choose(node),
      edge: (edge) => this.choose(edge),
      nothing: () => this.history.now.selected && this.choose(null),
      open: (node) => this.open(node),
      moved: (node, x, y) => this.change({ moved: { ...this.history.now.moved, [node.short]: [x, y] } }),
    };
    this.stage.replaceChildren();
    this.surface = await draws(this.stage, this.view, asked);
    if (!this.embedded) this.build();
    this.writeLegend();
    this.show(true);
    this.listen(draws, asked);
    if (!this.embedded) this.keyboard();
    window.__view = { data: this.view, state: () => this.history.now, scene: () => this.scene, where: (id) => this.surface.where(this.view.byId.get(id)!), ready: true };
    performance.mark("interactive");
    this.place.dataset.ready = "";
  }

  private get state(): State {
    return this.history.now;
  }

  private build(): void {
    const left = find("[data-filters]", this.place)!;
    this.filters = new Filters(left, this.view, {
      state: () => this.state, change: (part) => this.change({ ...part, path: null }), choose: (node) => this.choose(node),
    });
    this.detail = new Detail(find("[data-detail]", this.place)!, this.view, {
      choose: (thing) => this.choose(thing),
      open: (node) => this.open(node),
      focus: (node) => this.change({ all: false, open: [node.short], also: [], hidden: [], selected: node.short, path: null }),
      hide: (node) => this.change({ hidden: [...this.state.hidden, node.short], selected: "", path: null }),
      release: (node) => this.change({ moved: Object.fromEntries(Object.entries(this.state.moved).filter(([id]) => id !== node.short)) }),
      way: (from, to) => this.change({ path: to ? [from.short, to.short] : null, selected: from.short }),
    });
    this.drawer = new Drawer(find("[data-table]", this.place)!, this.view, (thing) => this.choose(thing));
    const asked: MenuAsked = {
      view: this.view, place: this.place, stage: this.stage,
      look: () => this.look(), surface: () => this.surface, rows: () => this.drawer!.rows(),
      state: () => this.state, start: this.start, scene: () => this.scene,
      undo: () => this.step(this.history.undo(), "undone"), redo: () => this.step(this.history.redo(), "redone"),
      undoable: () => this.history.undoable, redoable: () => this.history.redoable,
      change: (part) => this.change(part), restore: (state) => this.change({ ...this.start, ...state }),
      say: (words) => this.say(words),
    };
    this.refresh = menus(find("[data-bar]", this.place)!, asked);
  }

  private listen(draws: Draws, asked: Asked): void {
    addEventListener("hashchange", () => {
      if (location.hash.slice(1) === toHash(this.state, this.start)) return;
      this.history.to(fromHash(location.hash, this.start));
      this.show(true);
    });
    document.addEventListener("theme", () => void this.again(draws, asked));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void this.again(draws, asked));
    if (!isNetwork(this.view.drawing)) {
      let wide = this.stage.clientWidth;
      new ResizeObserver(() => {
        if (Math.abs(this.stage.clientWidth - wide) < 8) return;
        wide = this.stage.clientWidth;
        this.surface.show(this.look(), false);
      }).observe(this.stage);
    }
    addEventListener("beforeprint", () => this.print());
    addEventListener("afterprint", () => find("[data-print]", this.place)?.replaceChildren());
  }

  private async again(draws: Draws, asked: Asked): Promise<void> {
    this.surface.kill();
    this.stage.replaceChildren();
    this.surface = await draws(this.stage, this.view, asked);
    this.surface.show(this.look(), true);
  }

  /** Undo, redo; in the picture: arrows, plus, minus, zero; with Shift, arrows move the chosen thing. */
  private keyboard(): void {
    this.place.addEventListener("keydown", (event) => {
      const typing = (event.target as Element).matches("input:not([type=checkbox]), select, textarea");
      if ((event.ctrlKey || event.metaKey) && !typing && ["z", "Z", "y"].includes(event.key)) {
        event.preventDefault();
        const back = event.key === "z" && !event.shiftKey;
        this.step(back ? this.history.undo() : this.history.redo(), back ? "undone" : "redone");
      } else if (event.key === "Escape" && !typing && this.state.selected && !document.fullscreenElement) this.choose(null);
    });
    this.stage.addEventListener("keydown", (event) => {
      const [arrow, chosen] = [ARROWS[event.key], this.view.byId.get(this.state.selected)];
      const move = arrow && event.shiftKey && chosen && isNetwork(this.view.drawing) ? () => this.nudge(chosen, arrow) : null;
      const acts: Record<string, () => void> = {
        ...(arrow ? { [event.key]: move ?? (() => this.surface.pan(STEP * arrow[0], STEP * arrow[1])) } : {}),
        "+": () => this.surface.zoom(1.3), "=": () => this.surface.zoom(1.3), "-": () => this.surface.zoom(1 / 1.3), "0": () => this.surface.fit(),
      };
      const act = acts[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
  }

  private nudge(node: Node, [x, y]: readonly [number, number]): void {
    const [left, top] = placeOf(this.state, node);
    this.change({ moved: { ...this.state.moved, [node.short]: [left + NUDGE * x, top + NUDGE * y] }, selected: node.short });
  }

  private look(): Look {
    const { selected, path } = this.state;
    const found = selected.startsWith("~") ? this.view.edgeById.get(selected.slice(1)) : this.view.byId.get(selected);
    const drawn = found && ("source" in found ? this.scene.edges.has(found) : this.scene.nodes.has(found)) ? found : null;
    const [a, b] = [this.view.byId.get(path?.[0] ?? ""), this.view.byId.get(path?.[1] ?? "")];
    const way = a && b && this.scene.nodes.has(a) && this.scene.nodes.has(b) ? wayBetween(this.scene, a, b) : null;
    return { scene: this.scene, state: this.state, selected: drawn, way };
  }

  private choose(thing: Node | Edge | null): void {
    if (thing === null) return this.change({ selected: "", path: null });
    const ends = "source" in thing ? [thing.source, thing.target] : [thing];
    const missing = ends.filter((node) => !this.scene.nodes.has(node)).map((node) => node.short);
    const hidden = this.state.hidden.filter((id) => !missing.includes(id));
    this.change({
      selected: "source" in thing ? `~${thing.id}` : thing.short, path: null, hidden,
      ...(missing.length && !this.state.all ? { also: [...this.state.also, ...missing] } : {}),
    });
    if (innerWidth < 1024) this.place.dataset.panel = "detail";
  }

  private open(node: Node): void {
    const count = more(this.view, this.scene, node);
    const around = new Set(node.edges.map((edge) => other(edge, node).short));
    this.change({ open: [...new Set([...this.state.open, node.short])], hidden: this.state.hidden.filter((id) => !around.has(id)), selected: node.short, path: null });
    this.say(counted("opened", count));
  }

  private change(part: Partial<State>): void {
    const before = this.state;
    this.history.to({ ...before, ...part });
    this.show(FACETS_OF_SCOPE.some((name) => before[name] !== this.state[name]) && !part.selected?.startsWith("~"));
  }

  private step(done: boolean, words: string): void {
    if (!done) return;
    this.show(true);
    this.say(tell(words));
  }

  private show(fit: boolean): void {
    const before = `${this.scene.nodes.size}/${this.scene.edges.size}`;
    this.scene = sceneOf(this.view, this.state);
    const look = this.look();
    this.surface.show(look, fit);
    this.filters?.show(this.scene);
    this.detail?.show(look.selected, this.state.path ? look.way : undefined, this.scene, this.state);
    this.drawer?.show(this.scene);
    this.refresh();
    this.stage.setAttribute("aria-label", tell("picture", { title: this.view.title, shown: this.shown() }));
    const counts = find("[data-counts]", this.place);
    if (counts) counts.textContent = this.shown();
    if (before !== `${this.scene.nodes.size}/${this.scene.edges.size}`) this.say(this.shown());
    const hash = toHash(this.state, this.start);
    if (hash !== location.hash.slice(1)) history.replaceState(history.state, "", `${location.pathname}${location.search}${hash ? `#${hash}` : ""}`);
    try {
      if (hash) localStorage.setItem(`view ${this.view.name}`, hash);
    } catch {
      /* storage refused: the address bar still holds the state */
    }
  }

  private shown(): string {
    const [things, all] = [this.scene.nodes.size, this.view.nodes.length];
    return this.view.edges.length ? tell("shown", { things, all, links: this.scene.edges.size, all_links: this.view.edges.length }) : tell("shown_only", { things, all });
  }

  private say(words: string): void {
    this.live.textContent = words;
  }

  private writeLegend(): void {
    const items = this.view.groups.map((group) => {
      const sign = draw("svg", { viewBox: "-10 -10 20 20", "aria-hidden": "true" });
      sign.append(mark(group.shape, 0, 0, 7.5, { fill: `var(--colour-${group.colour})` }));
      return make("li", {}, sign, `${group.label} (${tell("plain", { count: group.count })})`);
    });
    const notes = [this.view.words.size, this.view.words.weight].filter(Boolean).map((words) => make("li", { class: "note" }, words));
    this.legend.replaceChildren(...items, ...notes);
  }

  /** On paper: the picture as a drawing, every row of it, and the documents that prove it. */
  private print(): void {
    const place = find("[data-print]", this.place);
    if (!place) return;
    const { columns, rows } = this.view.answer;
    const head = make("tr", {}, ...columns.map(({ label }) => make("th", {}, label)));
    const lines = (this.drawer?.rows() ?? this.scene.rows).map((at) => make("tr", {}, ...rows[at]!.map(({ text }) => make("td", {}, text))));
    const documents = new Set([...this.scene.edges].flatMap((edge: Edge) => edge.proofs.map(({ document }) => this.view.facets.document?.[document] ?? document)));
    place.replaceChildren(
      this.surface.svg(), make("p", {}, this.shown()), this.legend.cloneNode(true), make("table", { class: "answer" }, make("thead", {}, head), make("tbody", {}, ...lines)),
      ...(documents.size ? [make("h2", {}, tell("sources")), make("ul", {}, ...[...documents].sort().map((one) => make("li", {}, one)))] : []),
      make("p", {}, location.href),
    );
  }
}


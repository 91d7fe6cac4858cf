/* The left panel: search inside the picture, filters with how much each choice would show. */
import { make } from "../dom";
import { isNetwork, type Node, type View } from "./model";
import { EDGE_FACETS, edgeValues, sceneOf, type Scene } from "./scene";
import type { State } from "./state";
import { byWords, day, folded, tell } from "./words";

const MOST = 10;
const FIRST = 8;
const NODE_FACETS = ["type", "category", "sector", "departement", "epci", "commune", "campus"];

export interface FilterAsked {
  state: () => State;
  change: (part: Partial<State>) => void;
  choose: (node: Node) => void;
}

export class Filters {
  private readonly groups = make("div", { class: "ex-groups" });
  private readonly opened = new Set<string>();
  private readonly whole = new Set<string>();
  private readonly labels: Map<string, Record<string, string>>;

  constructor(private readonly panel: HTMLElement, private readonly view: View, private readonly asked: FilterAsked) {
    this.labels = new Map(Object.entries(view.facets));
    const relations: Record<string, string> = {};
    const documents: Record<string, string> = {};
    for (const edge of view.edges) {
      if (edge.relation) relations[edge.relation] = view.facets.relation?.[edge.relation] ?? edge.relation;
      for (const { document } of edge.proofs) documents[document] = view.facets.document?.[document] ?? document;
    }
    this.labels.set("relation", relations).set("document", documents);
    panel.append(this.search(), this.groups);
  }

  /** Search-as-you-type among the things of this picture, drawn or not (ARIA: editable combobox with list). */
  private search(): HTMLElement {
    const names = this.view.nodes.map((node) => [folded(node.label), node] as const);
    const list = make("ul", { id: "ex-found", role: "listbox", "aria-label": tell("search"), hidden: true });
    const field = make("input", {
      type: "text", id: "ex-search", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "ex-found",
      autocomplete: "off", spellcheck: "false",
    });
    const said = make("span", { role: "status", class: "visually-hidden" });
    let found: Node[] = [];
    let active = -1;
    const close = () => {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const choose = (node: Node | undefined) => {
      if (!node) return;
      field.value = "";
      close();
      this.asked.choose(node);
    };
    field.addEventListener("input", () => {
      const words = folded(field.value).split(/\s+/).filter(Boolean);
      found = words.length === 0 ? [] : names.filter(([name]) => words.every((word) => name.includes(word))).map(([, node]) => node)
        .sort((a, b) => b.edges.length - a.edges.length).slice(0, MOST);
      active = -1;
      list.replaceChildren(...found.map((node, i) => {
        const kind = this.view.groups.find(({ key }) => key === node.group)?.label ?? "";
        const option = make("li", { role: "option", id: `ex-found-${i}`, "aria-selected": "false" }, node.label.slice(0, 160), make("small", {}, kind));
        option.addEventListener("click", () => choose(node));
        return option;
      }));
      said.textContent = words.length ? (found.length ? tell("found", { count: found.length }) : tell("found_none")) : "";
      list.hidden = found.length === 0;
      field.setAttribute("aria-expanded", String(found.length > 0));
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
        event.preventDefault();
        active = (active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + found.length) % found.length;
        [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
        field.setAttribute("aria-activedescendant", `ex-found-${active}`);
        list.children[active]!.scrollIntoView({ block: "nearest" });
      } else if (event.key === "Enter" && found.length) {
        event.preventDefault();
        choose(found[Math.max(active, 0)]);
      } else if (event.key === "Escape") close();
    });
    return make("div", { class: "field" }, make("label", { for: "ex-search" }, tell("search")), make("div", { class: "combobox" }, field, list, said));
  }

  /** Writes the filters anew for a scene; what had the focus keeps it. */
  show(scene: Scene): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset.key;
    const state = this.asked.state();
    const parts = [...NODE_FACETS, ...EDGE_FACETS].map((facet) => this.facet(facet, state)).filter((part) => part !== null);
    const extra = this.ranges(state);
    const held = Object.values(state.facets).some((values) => values.length) || state.from || state.to || state.least || state.most;
    const clear = make("button", { type: "button", class: "quiet", "data-key": "clear" }, tell("clear_filters"));
    clear.addEventListener("click", () => this.asked.change({ facets: {}, from: "", to: "", least: "", most: "" }));
    this.groups.replaceChildren(make("div", { class: "ex-head" }, make("h2", {}, tell("filters")), ...(held ? [clear] : [])), ...parts, ...extra);
    this.panel.dataset.shown = String(scene.nodes.size);
    if (focused) this.groups.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  /** One facet: what it can be is counted when it is opened, for counting goes through every link. */
  private facet(facet: string, state: State): HTMLElement | null {
    const chosen = state.facets[facet] ?? [];
    if (Object.keys(this.labels.get(facet) ?? {}).length < 2 && !chosen.length) return null;
    const open = chosen.length > 0 || this.opened.has(facet);
    const inside = make("div");
    const part = make("details", { open }, make("summary", { "data-key": `${facet}?` }, tell(`facet_${facet}`), ...(chosen.length ? [make("small", {}, ` ${tell("chosen", { count: chosen.length })}`)] : [])), inside);
    const fill = () => inside.childElementCount || inside.append(...this.values(facet, state, chosen));
    if (open) fill();
    part.addEventListener("toggle", () => {
      if (part.open) {
        this.opened.add(facet);
        fill();
      } else this.opened.delete(facet);
    });
    return part;
  }

  private values(facet: string, state: State, chosen: readonly string[]): HTMLElement[] {
    const labels = this.labels.get(facet) ?? {};
    const counts = this.counts(facet, state);
    const values = [...new Set([...counts.keys(), ...chosen])].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || byWords(labels[a] ?? a, labels[b] ?? b));
    const all = this.whole.has(facet);
    const shown = all ? values : values.filter((value, i) => i < FIRST || chosen.includes(value));
    const boxes = shown.map((value) => {
      const key = `${facet}=${value}`;
      const box = make("input", { type: "checkbox", "data-key": key });
      box.checked = chosen.includes(value);
      box.addEventListener("change", () => {
        const next = box.checked ? [...chosen, value] : chosen.filter((one) => one !== value);
        this.asked.change({ facets: { ...this.asked.state().facets, [facet]: next } });
      });
      return make("li", {}, make("label", {}, box, make("span", {}, (labels[value] ?? value).slice(0, 120)), make("small", {}, tell("plain", { count: counts.get(value) ?? 0 }))));
    });
    const rest = make("button", { type: "button", class: "quiet", "data-key": `${facet}…` }, all ? tell("fewer") : tell("more_values", { count: values.length - shown.length }));
    rest.addEventListener("click", () => {
      if (all) this.whole.delete(facet);
      else this.whole.add(facet);
      this.show(sceneOf(this.view, this.asked.state()));
    });
    return [make("ul", {}, ...boxes), ...(values.length > shown.length || all ? [rest] : [])];
  }

  /** How many nodes (or links) each value of a facet would show, all other filters as they are. */
  private counts(facet: string, state: State): Map<string, number> {
    const scene = sceneOf(this.view, state, facet);
    const found = new Map<string, number>();
    const add = (value: string) => found.set(value, (found.get(value) ?? 0) + 1);
    if ((EDGE_FACETS as readonly string[]).includes(facet)) for (const edge of scene.edges) edgeValues(edge, facet).forEach(add);
    else for (const node of scene.nodes) (node.facets[facet] ?? []).forEach(add);
    return found;
  }

  /** A slider over the days on which something began or ended: it shows what held on that day. */
  private moment(dated: { begins: string; ends: string }[], state: State): HTMLElement {
    const days = [...new Set(dated.flatMap(({ begins, ends }) => [begins, ends]))].filter((text) => text.length === 10).sort();
    const at = Math.max(0, days.filter((text) => text <= (state.to || "9")).length - 1);
    const said = make("output", { for: "ex-moment" }, state.from && state.from === state.to ? day(state.to) : tell("moment_none"));
    const range = make("input", { type: "range", id: "ex-moment", min: 0, max: days.length - 1, value: at, "data-key": "moment", "aria-valuetext": said.textContent! });
    range.addEventListener("input", () => {
      said.textContent = day(days[Number(range.value)]!);
      range.setAttribute("aria-valuetext", said.textContent);
    });
    range.addEventListener("change", () => this.asked.change({ from: days[Number(range.value)]!, to: days[Number(range.value)]! }));
    return make("div", { class: "field" }, make("label", { for: "ex-moment" }, tell("moment")), range, said);
  }

  private ranges(state: State): HTMLElement[] {
    const found: HTMLElement[] = [];
    const field = (name: "from" | "to" | "least" | "most", type: string) => {
      const input = make("input", { type, id: `ex-${name}`, value: state[name], "data-key": name, ...(type === "number" ? { min: 0, step: "any", inputmode: "decimal" } : {}) });
      input.addEventListener("change", () => this.asked.change({ [name]: input.value }));
      return make("div", { class: "field" }, make("label", { for: `ex-${name}` }, tell(name)), input);
    };
    const block = (facet: string, open: boolean, ...inside: HTMLElement[]) => {
      const part = make("details", { open: open || this.opened.has(facet) }, make("summary", { "data-key": `${facet}?` }, tell(`facet_${facet}`)), ...inside);
      part.addEventListener("toggle", () => (part.open ? this.opened.add(facet) : this.opened.delete(facet)));
      found.push(part);
    };
    const hint = make("p", { class: "hint" }, tell("undated"));
    const dated = (this.view.edges.length ? this.view.edges : this.view.nodes).filter(({ begins, ends }) => begins || ends);
    const lasting = dated.some(({ begins, ends }) => begins !== ends);
    if (dated.length) block("date", Boolean(state.from || state.to), ...(lasting ? [this.moment(dated, state)] : []), field("from", "date"), field("to", "date"), hint);
    if (this.view.edges.some(({ amount }) => amount)) block("amount", Boolean(state.least || state.most), field("least", "number"), field("most", "number"));
    return found;
  }
}

export const filterable = (view: View): boolean => isNetwork(view.drawing) || view.nodes.length > 0;

/* The right panel: what is known of the chosen node or link, its proofs, its neighbours as a list to walk by keyboard, ways. */
import { draw, make } from "../dom";
import { isNetwork, neighbours, other, type Edge, type Node, type View } from "./model";
import { more, type Scene } from "./scene";
import { brief, groupsOf } from "./surface";
import { mark } from "../pictures/mark";
import type { State } from "./state";
import { byWords, counted, day, euro, tell } from "./words";

const MOST = 60;
const PROOFS = 12;

export interface DetailAsked {
  choose: (thing: Node | Edge | null) => void;
  open: (node: Node) => void;
  focus: (node: Node) => void;
  hide: (node: Node) => void;
  release: (node: Node) => void;
  way: (from: Node, to: Node | null) => void;
}

const link = (text: string, href: string): Node_ => (href ? make("a", { href }, text) : document.createTextNode(text));
type Node_ = globalThis.Node;

/** What a measure is, without the sign that shows it: « Taille : nombre de … ». */
const measure = (words: string): string => {
  const text = words.replace(/^[^:]*:\s*/, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export class Detail {
  constructor(private readonly panel: HTMLElement, private readonly view: View, private readonly asked: DetailAsked) {}

  show(thing: Node | Edge | null, way: readonly Edge[] | null | undefined, scene: Scene, state: State): void {
    const focused = this.panel.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.key : undefined;
    const parts = way !== undefined && state.path ? this.way(way, state.path) : thing === null ? this.nothing(scene) : "source" in thing ? this.edge(thing) : this.node(thing, scene, state);
    this.panel.replaceChildren(...parts);
    if (focused) (this.panel.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`) ?? this.panel.querySelector("h2"))?.focus();
  }

  private title(text: string, href = ""): HTMLElement {
    return make("h2", { tabindex: -1 }, link(text, href));
  }

  private button(key: string, text: string, act: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", "data-key": key }, text);
    button.addEventListener("click", act);
    return button;
  }

  private nothing(scene: Scene): Node_[] {
    const most = [...scene.nodes].sort((a, b) => b.size - a.size || byWords(a.label, b.label)).slice(0, MOST);
    const part = isNetwork(this.view.drawing) ? [make("p", { class: "hint" }, tell("choose"))] : [make("p", { class: "hint" }, tell("choose_mark"))];
    return [make("h2", { tabindex: -1 }, tell("shown_things")), ...part, this.walk(most.map((node) => [node, []]), scene), ...(scene.nodes.size > MOST ? [make("p", { class: "hint" }, tell("list_cut", { count: MOST }))] : [])];
  }

  private node(node: Node, scene: Scene, state: State): Node_[] {
    const group = groupsOf(this.view).get(node.group);
    const next = [...neighbours(node)];
    const [shown, away] = [next.filter(([one]) => scene.nodes.has(one)), next.filter(([one]) => !scene.nodes.has(one))];
    const hidden = more(this.view, scene, node);
    const network = isNetwork(this.view.drawing);
    const facts = make("dl", { class: "ex-facts" });
    if (node.size > 0 && this.view.words.size) this.fact(facts, measure(this.view.words.size), [tell("plain", { count: node.size })]);
    for (const [facet, values] of Object.entries(node.facets)) {
      const labels = this.view.facets[facet];
      if (values.length && labels) this.fact(facts, tell(`facet_${facet}`), [values.map((value) => labels[value] ?? value).join(", ")]);
    }
    const actions = make("div", { class: "ex-actions" });
    if (hidden) actions.append(this.button("open", counted("open", hidden), () => this.asked.open(node)));
    if (network) actions.append(this.button("focus", counted("focus", next.length), () => this.asked.focus(node)), this.button("hide", tell("hide"), () => this.asked.hide(node)));
    if (node.short in state.moved) actions.append(this.button("release", tell("release"), () => this.asked.release(node)));
    const found: Node_[] = [make("p", { class: "kind" }, group?.label ?? ""), this.title(node.label, node.href), facts, actions];
    if (network && scene.nodes.size > 2) found.push(this.ends(node, scene));
    if (shown.length) found.push(make("h3", {}, counted("neighbours", shown.length)), this.walk(shown, scene));
    if (away.length && network) found.push(make("h3", {}, counted("away", away.length)), this.walk(away, scene));
    const proofs = [...new Map(node.edges.flatMap((edge) => edge.proofs).map((proof) => [proof.text, proof])).values()];
    if (!network && proofs.length) found.push(...this.proofs(proofs));
    return found;
  }

  /** Where a way to another node is asked for. */
  private ends(node: Node, scene: Scene): HTMLElement {
    const select = make("select", { id: "ex-way", "data-key": "way" }, make("option", { value: "" }, tell("way_choose")));
    for (const one of [...scene.nodes].filter((other_) => other_ !== node).sort((a, b) => byWords(a.label, b.label))) {
      select.append(make("option", { value: one.short }, brief(one.label)));
    }
    select.addEventListener("change", () => this.asked.way(node, this.view.byId.get(select.value) ?? null));
    return make("div", { class: "field" }, make("label", { for: "ex-way" }, tell("way_to")), select);
  }

  private edge(edge: Edge): Node_[] {
    const facts = make("dl", { class: "ex-facts" });
    const stage = edge.stage ? this.view.facets.stage?.[edge.stage] ?? edge.stage : "";
    if (edge.amount) this.fact(facts, tell("facet_amount"), [euro(edge.amount)]);
    if (stage) this.fact(facts, tell("facet_stage"), [stage]);
    if (!edge.amount && this.view.words.weight) this.fact(facts, measure(this.view.words.weight), [tell("plain", { count: edge.weight })]);
    const span = edge.begins && edge.ends && edge.begins !== edge.ends ? tell("span", { begins: day(edge.begins), ends: day(edge.ends) })
      : edge.begins ? (edge.ends ? day(edge.begins) : tell("since", { begins: day(edge.begins) })) : edge.ends ? tell("until", { ends: day(edge.ends) }) : tell("unknown");
    this.fact(facts, tell("facet_date"), [span]);
    const walk = make("p", { class: "ex-ends" }, this.end(edge.source), ` ${this.relation(edge)} `, this.end(edge.target));
    const found: Node_[] = [make("p", { class: "kind" }, tell("link")), make("h2", { tabindex: -1, class: "visually-hidden" }, `${edge.source.label} ${this.relation(edge)} ${edge.target.label}`), walk, facts];
    if (edge.via.length) found.push(make("h3", {}, counted("via", edge.via.length)), make("ul", { class: "ex-plain" }, ...edge.via.map(({ label, href }) => make("li", {}, link(label, href)))));
    return [...found, ...this.proofs(edge.proofs)];
  }

  private relation(edge: Edge): string {
    return this.view.facets.relation?.[edge.relation] ?? edge.relation ?? "–";
  }

  private end(node: Node): HTMLElement {
    const button = this.button(`end ${node.short}`, node.label, () => this.asked.choose(node));
    button.className = "ex-end";
    return button;
  }

  private proofs(proofs: Edge["proofs"]): Node_[] {
    const line = (proof: Edge["proofs"][number]) => make("li", {}, link(proof.text, proof.href));
    const list = make("ul", { class: "ex-plain ex-proofs" }, ...proofs.slice(0, PROOFS).map(line));
    const found: Node_[] = [make("h3", {}, counted("proofs", proofs.length)), proofs.length ? list : make("p", { class: "hint" }, tell("no_proof"))];
    if (proofs.length > PROOFS) found.push(make("details", {}, make("summary", {}, tell("more_values", { count: proofs.length - PROOFS })), make("ul", { class: "ex-plain ex-proofs" }, ...proofs.slice(PROOFS).map(line))));
    return found;
  }

  private fact(list: HTMLElement, label: string, values: (Node_ | string)[]): void {
    list.append(make("div", {}, make("dt", {}, label), make("dd", {}, ...values)));
  }

  /** A list of nodes to walk with the arrows; each leads to the node, its second button to the link. */
  private walk(nodes: [Node, Edge[]][], scene: Scene): HTMLElement {
    const groups = groupsOf(this.view);
    const list = make("ul", { class: "ex-walk" });
    for (const [node, edges] of nodes.slice(0, MOST)) {
      const group = groups.get(node.group);
      const sign = draw("svg", { viewBox: "-10 -10 20 20", "aria-hidden": "true" });
      sign.append(mark(group?.shape ?? "circle", 0, 0, 7, { fill: `var(--colour-${group?.colour ?? 8})` }));
      const to = this.button(`to ${node.short}`, "", () => this.asked.choose(node));
      to.append(sign, make("span", {}, node.label.slice(0, 160)), ...(scene.nodes.has(node) ? [] : [make("small", {}, tell("not_shown"))]));
      const links = edges.map((edge) => {
        const button = this.button(`edge ${edge.id}`, this.said(edge), () => this.asked.choose(edge));
        button.setAttribute("aria-label", `${tell("link_with", { name: node.label.slice(0, 160) })} : ${this.said(edge)}`);
        button.className = "ex-link";
        return button;
      });
      list.append(make("li", {}, to, ...links.slice(0, 6)));
    }
    list.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const all = [...list.querySelectorAll<HTMLElement>("li > button:first-child")];
      const now = all.findIndex((one) => one.parentElement!.contains(document.activeElement));
      const next = all[now + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    return list;
  }

  private said(edge: Edge): string {
    if (edge.amount) return `${euro(edge.amount)}${edge.stage ? ` · ${this.view.facets.stage?.[edge.stage] ?? ""}` : ""}`;
    return edge.weight > 1 ? `${this.relation(edge)} · ${tell("plain", { count: edge.weight })}` : this.relation(edge);
  }

  private way(way: readonly Edge[] | null, [a, b]: readonly [string, string]): Node_[] {
    const [from, to] = [this.view.byId.get(a), this.view.byId.get(b)];
    const close = this.button("close-way", tell("way_close"), () => from && this.asked.way(from, null));
    if (!from || !to) return [this.title(tell("way_unknown")), close];
    const head = this.title(tell("way_title", { from: from.label, to: to.label }));
    if (!way) return [head, make("p", {}, tell("way_none")), close];
    const steps = make("ol", { class: "ex-way" });
    let node = from;
    for (const edge of way) {
      const next = other(edge, node);
      const via = edge.via.map(({ label }) => label).slice(0, 3).join(" ; ");
      // The sentence is said from source to target, as the relation reads, whichever way one walks.
      const line = make("li", {}, this.end(edge.source), ` ${this.relation(edge)} `, this.end(edge.target));
      if (via) line.append(` (${via}${edge.via.length > 3 ? "…" : ""})`);
      const proof = this.button(`edge ${edge.id}`, counted("proofs", edge.proofs.length), () => this.asked.choose(edge));
      proof.className = "ex-link";
      line.append(" ", proof);
      steps.append(line);
      node = next;
    }
    return [head, make("p", {}, counted("way", way.length)), steps, close];
  }
}

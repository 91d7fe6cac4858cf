/* The table under the picture: the rows that the picture shows, sorted, page by page; a row leads to its mark. */
import { make } from "../dom";
import { compare, sortButtons } from "../table";
import type { Edge, Node, View } from "./model";
import { rowOwners, type Scene } from "./scene";
import { tell } from "./words";

const PAGE = 50;

export class Drawer {
  private order: { column: number; down: boolean } | null = null;
  private page = 0;
  private scene: Scene | null = null;
  private readonly body = make("tbody");
  private readonly count = make("span", { class: "muted" });
  private readonly pager = make("div", { class: "pager" });
  private readonly table: HTMLTableElement;

  constructor(place: HTMLElement, private readonly view: View, private readonly choose: (thing: Node | Edge) => void) {
    const heads = view.answer.columns.map(({ name, label, kind }) => make("th", { scope: "col", class: kind, "data-name": name }, label));
    this.table = make("table", { class: "answer" }, make("thead", {}, make("tr", {}, ...heads, make("th", { scope: "col" }, tell("in_picture")))), this.body);
    sortButtons(heads, (column, down) => {
      this.order = { column, down };
      this.page = 0;
      this.fill();
    });
    const frame = make("div", { class: "table-frame", role: "region", tabindex: 0, "aria-label": tell("table_of", { title: view.title }) }, this.table);
    place.replaceChildren(this.count, frame, this.pager);
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.page = 0;
    this.fill();
  }

  /** The rows of the scene in the order of the table. */
  rows(): number[] {
    const rows = [...(this.scene?.rows ?? [])];
    if (this.order) {
      const { column, down } = this.order;
      const { kind } = this.view.answer.columns[column]!;
      const cell = (at: number) => this.view.answer.rows[at]![column]!;
      rows.sort((a, b) => compare(cell(a), cell(b), kind, down));
    }
    return rows;
  }

  private fill(): void {
    const rows = this.rows();
    const [from, until] = [this.page * PAGE, Math.min((this.page + 1) * PAGE, rows.length)];
    const own = rowOwners(this.view);
    this.count.textContent = tell("rows_shown", { count: rows.length, all: this.view.answer.rows.length });
    this.body.replaceChildren(...rows.slice(from, until).map((at) => this.line(at, own.edges.get(at)?.find((edge) => this.scene!.edges.has(edge)) ?? own.nodes[at]![0])));
    this.pager.replaceChildren();
    if (rows.length > PAGE) {
      this.pager.append(this.step("previous", -1, this.page > 0), make("span", {}, tell("page_of", { first: from + 1, last: until, count: rows.length })), this.step("next", 1, until < rows.length));
    }
  }

  private step(key: string, by: number, able: boolean): HTMLButtonElement {
    const button = make("button", { type: "button", class: "quiet", disabled: !able }, tell(key));
    button.addEventListener("click", () => {
      this.page += by;
      this.fill();
    });
    return button;
  }

  private line(at: number, thing: Node | Edge | undefined): HTMLTableRowElement {
    const cells = this.view.answer.rows[at]!.map((value, i) => {
      const inner = !value.value ? make("span", { class: "unknown" }, tell("unknown")) : value.href ? make("a", { href: value.href }, value.text) : value.text;
      return make("td", { class: `${this.view.answer.columns[i]!.kind}${value.text.length > 24 ? " long" : ""}`, "data-value": value.value.slice(0, 400) }, inner);
    });
    const last = make("td");
    if (thing) {
      const name = "source" in thing ? `${thing.source.label} – ${thing.target.label}` : thing.label;
      const button = make("button", { type: "button", class: "quiet", "aria-label": tell("show_in_picture", { name: name.slice(0, 200) }) }, tell("show"));
      button.addEventListener("click", () => this.choose(thing));
      last.append(button);
    }
    return make("tr", { "data-row": at }, ...cells, last);
  }
}

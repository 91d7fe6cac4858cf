/* Search-as-you-type for the things of the graph: the editable combobox with a list of the ARIA Authoring Practices.
   The field holds a name; a hidden field beside it holds what is sent. Without scripts the name itself is sent. */
import { make, root } from "./dom";
import { lang, say } from "./words";

interface Found { iri: string; id: string; label: string; type: string; typeLabel?: string }

const WAIT = 120;
const MOST = 8;
let serial = 0;

export class Combobox {
  private readonly list: HTMLUListElement;
  private readonly sent: HTMLInputElement;
  private readonly status: HTMLElement;
  private found: Found[] = [];
  private active = -1;
  private timer = 0;
  private asking: AbortController | null = null;

  constructor(private readonly field: HTMLInputElement) {
    const id = `suggestions-${(serial += 1)}`;
    this.list = make("ul", { id, role: "listbox", "aria-label": say("suggestions_for"), hidden: true });
    this.sent = make("input", { type: "hidden", name: field.name, value: field.dataset.id || field.value });
    this.status = make("span", { role: "status", class: "visually-hidden" });
    field.removeAttribute("name");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) {
      field.setAttribute(name, value);
    }
    const frame = make("div", { class: "combobox" });
    field.replaceWith(frame);
    frame.append(field, this.list, this.sent, this.status);
    field.addEventListener("input", () => this.typed());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  private typed(): void {
    this.sent.value = this.field.value.trim();
    clearTimeout(this.timer);
    if (this.field.value.trim().length === 0) this.close();
    else this.timer = window.setTimeout(() => void this.ask(), WAIT);
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      this.show(await this.suggested(this.field.value.trim(), (this.field.dataset.entity ?? "").split(" ").filter(Boolean), this.asking.signal));
    } catch {
      /* overtaken by the next letter, or no network: the typed name is sent as it is */
    }
  }

  /** The things that answer to a text: from the server, or from the index of a site without one. */
  private async suggested(text: string, classes: string[], signal: AbortSignal): Promise<Found[]> {
    if (document.documentElement.dataset.static !== undefined) {
      const { indexAt } = await import("./static-index");
      return (await indexAt(`${root}/../search.json`)).things(text, classes, MOST);
    }
    const asked = new URLSearchParams({ q: text, limit: String(MOST), lang });
    for (const one of classes) asked.append("class", one);
    const answer = await fetch(`${root}/search?${asked}`, { signal, headers: { accept: "application/json" } });
    if (!answer.ok) return [];
    const body = (await answer.json()) as Found[] | { results: Found[] };
    return Array.isArray(body) ? body : body.results;
  }

  private show(found: Found[]): void {
    this.found = found;
    this.active = -1;
    this.list.replaceChildren(...found.map((one, index) => make(
      "li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false", "data-index": index },
      one.label, make("small", {}, one.typeLabel || one.type),
    )));
    this.status.textContent = found.length ? say("suggestions", { count: found.length }) : say("no_suggestion");
    const open = found.length > 0 && document.activeElement === this.field;
    this.list.hidden = !open;
    this.field.setAttribute("aria-expanded", String(open));
    this.field.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) void this.ask();
      else this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && !this.list.hidden && this.active >= 0) this.choose(this.active);
  }

  private move(step: number): void {
    const count = this.found.length;
    this.active = this.active < 0 ? (step > 0 ? 0 : count - 1) : (this.active + step + count) % count;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
    const option = this.list.children[this.active]!;
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  private choose(index: number): void {
    const one = this.found[index];
    if (!one) return;
    this.field.value = one.label;
    this.sent.value = one.id || one.iri;
    this.close();
    if (this.field.dataset.go !== undefined) this.field.form?.requestSubmit();
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}

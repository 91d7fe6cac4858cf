/* The answer below the query: a table that pages and sorts, the pictures that its columns allow, downloads. */
import { make, save } from "../dom";
import { show, suited, type Kind, type Roles } from "../pictures/picture";
import { compare, sortButtons, type Answer, type Value } from "../table";
import { number, say } from "../words";
import { faultWords, send, type Fault, type Outcome } from "./ask";

const PAGE = 100;
const MEDIA: Record<string, string> = {
  csv: "text/csv", json: "application/sparql-results+json", tsv: "text/tab-separated-values", xml: "application/sparql-results+xml",
  ttl: "text/turtle", nt: "application/n-triples", jsonld: "application/ld+json",
};

function shown(value: Value): Node {
  if (value.value === "") return make("span", { class: "unknown" }, say("unknown"));
  if (!value.href) return document.createTextNode(value.text);
  return make("a", { href: value.href, title: value.value }, value.text);
}

/** A table of `answer`, a page at a time. */
function table(answer: Answer, evidence: string[][] | undefined): HTMLElement {
  const order = answer.rows.map((_, i) => i);
  const heads = answer.columns.map((column) => make("th", { scope: "col", class: column.kind }, column.label));
  const extra = evidence ? [make("th", { scope: "col" }, say("evidence"))] : [];
  const body = make("tbody");
  const frame = make("div", { class: "table-frame", role: "region", tabindex: 0, "aria-label": say("result_table") },
    make("table", { class: "answer" }, make("thead", {}, make("tr", {}, ...heads, ...extra)), body));
  const [place, back, on] = [make("span"), make("button", { type: "button", class: "quiet" }, say("previous")), make("button", { type: "button", class: "quiet" }, say("next"))];
  let first = 0;
  const fill = () => {
    const part = order.slice(first, first + PAGE);
    body.replaceChildren(...part.map((at) => {
      const cells = answer.rows[at]!.map((value, i) => make("td", { class: answer.columns[i]!.kind + (value.text.length > 24 ? " long" : "") }, shown(value)));
      if (evidence) cells.push(make("td", {}, make("ul", { class: "proofs" }, ...(evidence[at] ?? []).map((one) => make("li", {}, one)))));
      return make("tr", {}, ...cells);
    }));
    place.textContent = say("page_of", { first: number(first + 1), last: number(first + part.length), count: number(order.length) });
    back.disabled = first === 0;
    on.disabled = first + PAGE >= order.length;
  };
  back.addEventListener("click", () => ((first -= PAGE), fill()));
  on.addEventListener("click", () => ((first += PAGE), fill()));
  sortButtons(heads, (index, down) => {
    order.sort((a, b) => compare(answer.rows[a]![index]!, answer.rows[b]![index]!, answer.columns[index]!.kind, down));
    first = 0;
    fill();
  });
  fill();
  const pager = order.length > PAGE ? [make("div", { class: "pager" }, back, place, on)] : [];
  return make("div", {}, frame, ...pager);
}

function downloads(query: string, forms: string[], onFault: (fault: Fault) => void): HTMLElement {
  const buttons = forms.map((form) => {
    const button = make("button", { type: "button", class: "quiet" }, form.toUpperCase());
    button.addEventListener("click", () => {
      send(query, MEDIA[form]!)
        .then((answer) => answer.blob())
        .then((content) => save(`campuskg.${form}`, content))
        .catch((error: unknown) => onFault(faultWords(error)));
    });
    return button;
  });
  return make("div", { class: "tools" }, make("span", {}, say("download")), ...buttons);
}

/** Tabs as the ARIA Authoring Practices describe them: arrows move, the panel follows. */
function tabs(panels: [string, string, (panel: HTMLElement) => void][]): HTMLElement {
  const list = make("div", { role: "tablist", "aria-label": say("results") });
  const panel = make("div", { role: "tabpanel", id: "result-panel", tabindex: -1 });
  const all = panels.map(([key, label], i) => {
    const tab = make("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": "result-panel", tabindex: i ? -1 : 0 }, label);
    tab.addEventListener("click", () => choose(i));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose((i + step + all.length) % all.length, true);
    });
    return tab;
  });
  const choose = (index: number, focus = false) => {
    all.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", all[index]!.id);
    panel.replaceChildren();
    panels[index]![2](panel);
    if (focus) all[index]!.focus();
  };
  list.append(...all);
  choose(0);
  return make("div", {}, ...(panels.length > 1 ? [list] : []), panel);
}

/** Shows an outcome in `place`. `answer` is the table of its rows with names already given. */
export function present(place: HTMLElement, outcome: Outcome, answer: Answer | null, query: string, evidence?: string[][]): void {
  const onFault = (fault: Fault) => place.append(faultBox(fault, () => undefined));
  if (outcome.kind === "yes-no") return place.replaceChildren(make("p", { class: "message" }, say(outcome.yes ? "yes" : "no")));
  if (outcome.kind === "graph") {
    return place.replaceChildren(downloads(query, ["ttl", "nt", "jsonld"], onFault), make("pre", { tabindex: 0, role: "region", "aria-label": say("results") }, make("code", {}, outcome.text)));
  }
  if (!answer || !answer.rows.length) return place.replaceChildren(make("p", { class: "message" }, say("empty")));
  let down = (): void => undefined;
  const pictures = suited(answer).map(([kind, roles]): [string, string, (panel: HTMLElement) => void] => [kind, say(kind), (panel) => {
    down();
    picture(panel, kind, roles, answer, (next) => (down = next));
  }]);
  const panels: [string, string, (panel: HTMLElement) => void][] = [["table", say("table"), (panel) => (down(), panel.append(table(answer, evidence)))], ...pictures];
  const cut = outcome.cut ? [make("p", { class: "message" }, say("truncated", { count: number(answer.rows.length) }))] : [];
  return place.replaceChildren(...cut, downloads(query, ["csv", "json", "tsv", "xml"], onFault), tabs(panels));
}

function picture(panel: HTMLElement, kind: Kind, roles: Roles, answer: Answer, onDown: (down: () => void) => void): void {
  const figure = make("figure", { class: "picture" });
  panel.append(figure);
  void show(figure, kind, answer, roles, "", say("picture_same")).then(onDown);
}

export function faultBox(fault: Fault, goto: (line: number, column: number) => void): HTMLElement {
  const box = make("div", { class: "message wrong", role: "alert" }, make("h2", {}, say("wrong")), make("p", {}, fault.words));
  if (fault.line && fault.column) {
    const { line, column } = fault;
    const button = make("button", { type: "button", class: "quiet" }, say("at_line", { line, column }));
    button.addEventListener("click", () => goto(line, column));
    box.append(button);
  }
  return box;
}

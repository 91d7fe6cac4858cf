/* The SPARQL page with scripts: editor, run and cancel, results, catalogue, links that hold the query. */
import "./site";
import { find, make, root } from "./dom";
import { asAnswer, ask, faultWords, giveNames, outcome, sendThrough, type Outcome, type Results } from "./editor/ask";
import { openCatalogue, textOf, type Listed } from "./editor/catalogue";
import type { Vocabulary } from "./editor/completion";
import { openEditor } from "./editor/component";
import { faultBox, present } from "./editor/results";
import { declared } from "./editor/text";
import { lang, number, rows, say } from "./words";

const form = find<HTMLFormElement>("form[data-editor]")!;
const area = find<HTMLTextAreaElement>("textarea", form)!;
const cancel = find<HTMLButtonElement>("[data-cancel]")!;
const runButton = find<HTMLButtonElement>("[data-run]")!;
const results = find<HTMLElement>("[data-results]")!;
const state = find<HTMLElement>("[data-state]")!;

let vocabulary: Vocabulary = { prefixes: {}, classes: [], properties: [] };
let running: AbortController | null = null;
/** The catalogue query that the editor holds unchanged: only such a one can show its evidence. */
let inserted: { name: string; text: string } | null = null;

const started = new URLSearchParams(location.hash.slice(1)).get("query");
const host = make("div", { class: "editor-host" });
area.after(host);
area.hidden = true;
const label = find<HTMLLabelElement>("label[for=query]", form)!;
const editor = openEditor(host, started ?? area.value, () => vocabulary, { run: () => void run(), cancel: stop });
label.addEventListener("click", () => editor.focus());
for (const plain of form.querySelectorAll<HTMLElement>("[data-plain]")) plain.hidden = true;
find("[data-keys]", form)!.hidden = false;

const tick = make("span", { "aria-hidden": "true" });
const said = make("span", { role: "status" });
state.removeAttribute("role");
state.append(tick, said);

// Without a server, the graph is loaded into this browser by the first query.
const { worker, dump, bytes, engineBytes } = form.dataset;
if (worker && dump) {
  const place = { worker, dump, bytes: Number(bytes), engineBytes: Number(engineBytes) };
  const local = import("./wasm-backend").then(({ inBrowser }) => inBrowser(place, (words) => (said.textContent = words)));
  sendThrough(async (query, accept, signal) => (await local)(query, accept, signal));
}

const evidence = make("input", { type: "checkbox" });
const evidenceLabel = make("label", { class: "switch", hidden: true }, evidence, say("evidence_catalogue"));
cancel.after(evidenceLabel);
setInterval(() => (evidenceLabel.hidden = inserted === null || editor.text() !== inserted.text), 400);

const seconds = (from: number): string => number(Math.round((performance.now() - from) / 100) / 10);

async function answer(text: string, signal: AbortSignal): Promise<[Outcome, string[][] | undefined]> {
  if (!inserted || inserted.text !== text || !evidence.checked) return [await ask(text, signal), undefined];
  const found = await fetch(`${root}/queries/${inserted.name}.json?evidence=1&lang=${lang}`, { signal });
  if (!found.ok) return [await ask(text, signal), undefined];
  const body = (await found.json()) as Results;
  return [outcome(body, found.headers.has("campuskg-truncated")), body.campuskg?.evidence];
}

async function run(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const [from, text] = [performance.now(), editor.text()];
  said.textContent = "";
  const clock = window.setInterval(() => (tick.textContent = say("running", { seconds: seconds(from) })), 100);
  cancel.disabled = false;
  editor.unmark();
  remember(text);
  try {
    const [found, proofs] = await answer(text, mine.signal);
    const took = seconds(from);
    const known = new Map([...Object.entries(vocabulary.prefixes), ...declared(text)]);
    const table = found.kind === "rows" ? asAnswer(found.results, known) : null;
    if (table) await giveNames(table, lang).catch(() => undefined);
    if (mine.signal.aborted) return;
    present(results, found, table, text, proofs);
    said.textContent = say("done", { rows: table ? rows(table.rows.length) : say("results"), seconds: took });
  } catch (error) {
    if (mine.signal.aborted) {
      if (running === mine) said.textContent = say("cancelled", { seconds: seconds(from) });
      return;
    }
    const fault = faultWords(error);
    said.textContent = "";
    results.replaceChildren(faultBox(fault, editor.goto));
    if (fault.line && fault.column) editor.mark(fault.line, fault.column, fault.words);
  } finally {
    clearInterval(clock);
    if (running === mine) {
      tick.textContent = "";
      cancel.disabled = true;
      running = null;
    }
  }
}

function remember(text: string): void {
  history.replaceState(null, "", `${location.pathname}#${new URLSearchParams({ query: text })}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run();
});
/** Gives up the query that runs, if one does. */
function stop(): boolean {
  running?.abort();
  return running !== null;
}

cancel.addEventListener("click", () => {
  stop();
  runButton.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) stop();
});

find<HTMLButtonElement>("[data-share]")?.addEventListener("click", () => {
  remember(editor.text());
  navigator.clipboard.writeText(location.href).then(
    () => (said.textContent = say("copied")),
    () => (said.textContent = `${say("copy_this")} ${location.href}`),
  );
});

async function choose(query: Listed): Promise<void> {
  try {
    const text = await textOf(query);
    editor.replace(text);
    inserted = { name: query.name, text };
    said.textContent = say("inserted", { question: query.question[lang] });
    editor.focus();
  } catch {
    said.textContent = say("unreachable");
  }
}

const panel = find<HTMLElement>("[data-catalogue]");
if (panel) void openCatalogue(panel, JSON.parse(panel.dataset.themes ?? "{}") as Record<string, string>, (query) => void choose(query)).catch(() => undefined);

fetch(`${root}/completion.json`, { headers: { accept: "application/json" } })
  .then((found) => (found.ok ? (found.json() as Promise<Vocabulary>) : null))
  .then((found) => {
    if (found) vocabulary = found;
  })
  .catch(() => undefined);

if (started) void run();

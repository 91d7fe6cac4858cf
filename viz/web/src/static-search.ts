/* The search page of a static site: things and questions that answer to a text, as it is typed; the address keeps it. */
import "./site";
import { find, make, root } from "./dom";
import { indexAt, type Index } from "./static-index";
import { say } from "./words";

const WAIT = 80;
const MOST = 40;
const field = find<HTMLInputElement>("input[name=q]")!;
const place = find<HTMLElement>("[data-found]")!;
const status = find<HTMLElement>("[data-status]")!;
const form = field.form!;
let timer = 0;

function shown(index: Index, text: string): void {
  const things = index.things(text, [], MOST);
  const questions = index.questions(text, MOST);
  const items = things.map((one) => make("li", {},
    make("a", { href: `${root}/page/id/${one.id}.html` }, one.label), " ", make("small", { class: "muted" }, one.typeLabel)));
  const asked = questions.map((one) => make("li", {}, make("a", { href: `${root}/queries/${one.name}.html` }, one.question)));
  place.replaceChildren(
    ...(items.length ? [make("h2", {}, say("found_things")), make("ul", { class: "questions" }, ...items)] : []),
    ...(asked.length ? [make("h2", {}, say("found_questions")), make("ul", { class: "questions" }, ...asked)] : []),
  );
  status.textContent = say(things.length + questions.length ? "found_count" : "found_none", { count: things.length + questions.length });
}

async function search(): Promise<void> {
  const text = field.value.trim();
  history.replaceState(null, "", text ? `?${new URLSearchParams({ q: text })}` : location.pathname);
  if (!text) {
    place.replaceChildren();
    status.textContent = "";
    return;
  }
  try {
    const index = await indexAt(place.dataset.index!);
    if (field.value.trim() === text) shown(index, text);
  } catch {
    status.textContent = say("unreachable");
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(() => void search(), WAIT);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void search();
});
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) void search();
field.focus();

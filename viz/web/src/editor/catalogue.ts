/* The catalogue beside the editor: by theme, filtered as one types, put into the editor by one click. */
import { find, make, root } from "../dom";
import { lang, say } from "../words";

export interface Listed { name: string; question: { fr: string; en: string }; tags: string[] }

const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export async function openCatalogue(panel: HTMLElement, themes: Record<string, string>, choose: (query: Listed) => void): Promise<void> {
  const answer = await fetch(`${root}/queries.json`, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const loaded = (await answer.json()) as Listed[] | { queries: Listed[] };
  const queries = Array.isArray(loaded) ? loaded : loaded.queries;
  const list = find<HTMLUListElement>("[data-catalogue-list]", panel)!;
  const filter = find<HTMLInputElement>("input", panel)!;
  const fill = () => {
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    const kept = queries.filter((query) => words.every((word) => fold(`${query.question.fr} ${query.question.en} ${query.name}`).includes(word)));
    const keys = [...Object.keys(themes), ""];
    list.replaceChildren(...keys.flatMap((key) => {
      const under = kept.filter((query) => (key ? query.tags[0] === key : !(query.tags[0] && query.tags[0] in themes)));
      return under.length ? [make("li", {}, make("h3", {}, themes[key] ?? say("other_theme")), make("ul", { class: "questions-short" }, ...under.map(item)))] : [];
    }));
  };
  const item = (query: Listed): HTMLLIElement => {
    const button = make("button", { type: "button" }, query.question[lang]);
    button.addEventListener("click", () => choose(query));
    return make("li", {}, button);
  };
  filter.addEventListener("input", fill);
  fill();
  panel.hidden = false;
}

/** The text of a catalogue query without its header, under its question. */
export async function textOf(query: Listed): Promise<string> {
  const answer = await fetch(`${root}/queries/${encodeURIComponent(query.name)}.rq`);
  if (!answer.ok) throw new Error(query.name);
  const body = (await answer.text()).split("\n").filter((line) => !line.startsWith("#+")).join("\n").trim();
  return `# ${query.question[lang]}\n${body}\n`;
}

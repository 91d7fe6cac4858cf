/* Sharing and keeping: the address of what is shown, a frame for other pages, the state in a file and back. */
import type { MenuAsked, Parts } from "./menus";
import { checked } from "./restore";

/** Fills the sheet; returns what writes the addresses of this moment. Parts of the page are handed over: importing them here would cut the bundle of the page in two. */
export function sharing(sheet: HTMLElement, asked: MenuAsked, parts: Parts): () => void {
  const { make, save, button, tell } = parts;
  const { view } = asked;
  const link = make("input", { type: "text", readonly: true, id: "ex-address" });
  const code = make("textarea", { readonly: true, id: "ex-embed", rows: 3 });
  const fill = () => {
    link.value = location.href;
    const address = new URL(location.href);
    address.searchParams.set("embed", "1");
    address.searchParams.set("lang", document.documentElement.lang);
    code.value = `<iframe src="${address.href.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}" title="${view.title.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}" width="960" height="600" loading="lazy"></iframe>`;
  };
  const copy = (field: HTMLInputElement | HTMLTextAreaElement) => button(tell("copy"), async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      asked.say(tell("copied"));
    } catch {
      asked.say(tell("copy_this"));
    }
  });
  const file = make("input", { type: "file", accept: "application/json,.json", id: "ex-load" });
  file.addEventListener("change", () => void load(file, asked, parts));
  const keep = button(tell("keep"), () => save(`${view.name}-state.json`, new Blob([JSON.stringify({ view: view.name, release: view.release, state: asked.state() }, null, 1)], { type: "application/json" })));
  const field = (input: HTMLElement, key: string, ...more: HTMLElement[]) => make("div", { class: "field" }, make("label", { for: input.id }, tell(key)), input, ...more);
  sheet.className = "ex-fields";
  sheet.append(field(link, "address", copy(link)), field(code, "embed", copy(code)), keep, field(file, "load"), ...last(asked, parts));
  return fill;
}

/** The state in which this browser last left the view, when the address asks for none. */
function last(asked: MenuAsked, { button, tell }: Parts): HTMLElement[] {
  try {
    const kept = localStorage.getItem(`view ${asked.view.name}`);
    if (!kept || location.hash) return [];
    return [button(tell("last"), () => {
      location.hash = kept;
    })];
  } catch {
    return [];
  }
}

async function load(file: HTMLInputElement, asked: MenuAsked, { tell }: Parts): Promise<void> {
  const text = (await file.files?.[0]?.slice(0, 1_000_000).text()) ?? "";
  const state = checked(text, asked.view, asked.start);
  if (state) asked.restore(state);
  asked.say(tell(state ? "loaded" : "not_loaded"));
  file.value = "";
}

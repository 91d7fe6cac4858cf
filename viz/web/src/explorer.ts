/* The page of a view: its data fetched, its parts loaded side by side, the explorer started. */
import "./site";
import { find } from "./dom";
import { Explorer, type Draws } from "./explorer/app";
import { isNetwork, unpack } from "./explorer/model";
import { tell } from "./explorer/words";

async function drawsFor(drawing: string): Promise<Draws> {
  if (!isNetwork(drawing)) {
    const { figure } = await import("./explorer/figure");
    return (stage, view, asked) => figure(stage, view, asked, tell("empty"));
  }
  if ("WebGL2RenderingContext" in window && !new URLSearchParams(location.search).has("svg")) return (await import("./explorer/webgl")).webgl;
  return (await import("./explorer/sketch")).sketch;
}

async function start(place: HTMLElement): Promise<void> {
  const address = find<HTMLLinkElement>("link[data-view-data]")!.href;
  const [answer, draws] = await Promise.all([fetch(address), drawsFor(place.dataset.explorer ?? "")]);
  if (!answer.ok) throw new Error(String(answer.status));
  await new Explorer(place, unpack(await answer.json()), place.dataset.embed !== undefined).run(draws);
}

/** The form above the picture: what is left empty stays out of the address, but where it takes the view's own value away. */
function asking(form: HTMLFormElement): void {
  const kept = (form.dataset.viewForm ?? "").split(" ");
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      if (!formData.getAll(name).includes("")) continue;
      formData.delete(name);
      if (kept.includes(name)) formData.append(name, "");
    }
  });
  if (document.documentElement.dataset.static !== undefined) {
    const sent = import("./static-form"); // at once, for a reader may be faster than the script
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void sent.then(({ answer }) => answer(form));
    });
  }
  const fields = form.querySelectorAll<HTMLInputElement>("input[data-entity]");
  const frame = form.closest("details")!;
  const picked = () => frame.open && void import("./combobox").then(({ Combobox }) => {
    for (const field of fields) if (field.name) new Combobox(field);
  });
  if (!fields.length) return;
  frame.addEventListener("toggle", picked);
  picked();
}

const place = find("[data-explorer]");
if (place) {
  start(place).catch((error: unknown) => {
    find("[data-live]", place)!.textContent = tell("failed");
    place.dataset.failed = "";
    throw error;
  });
  const form = find<HTMLFormElement>("form[data-view-form]");
  if (form) asking(form);
  // On a phone one panel shows at a time.
  for (const tab of place.querySelectorAll<HTMLButtonElement>("[data-tab]")) {
    tab.addEventListener("click", () => {
      place.dataset.panel = tab.dataset.tab!;
    });
  }
  new MutationObserver(() => {
    for (const tab of place.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String((tab as HTMLElement).dataset.tab === place.dataset.panel));
  }).observe(place, { attributeFilter: ["data-panel"] });
}

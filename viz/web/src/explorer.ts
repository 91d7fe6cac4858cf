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
  if (document.createElement("canvas").getContext("webgl2") && !new URLSearchParams(location.search).has("svg")) return (await import("./explorer/webgl")).webgl;
  return (await import("./explorer/sketch")).sketch;
}

async function start(place: HTMLElement): Promise<void> {
  const address = find<HTMLLinkElement>("link[data-view-data]")!.href;
  const [answer, draws] = await Promise.all([fetch(address), drawsFor(place.dataset.explorer ?? "")]);
  if (!answer.ok) throw new Error(String(answer.status));
  await new Explorer(place, unpack(await answer.json()), place.dataset.embed !== undefined).run(draws);
}

const place = find("[data-explorer]");
if (place) {
  start(place).catch((error: unknown) => {
    find("[data-live]", place)!.textContent = tell("failed");
    place.dataset.failed = "";
    throw error;
  });
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

/* A slider over the months in which something changed: it fills in the date field beside it. Without scripts the months are
   links and the field is a date field; nothing is lost. */
import { find, make } from "./dom";

interface Mark { date: string; label: string }

function marks(strip: HTMLElement): Mark[] {
  return [...strip.querySelectorAll<HTMLElement>("[data-date]")]
    .map((one) => ({ date: one.dataset.date!, label: one.dataset.label ?? one.textContent!.trim() }))
    .sort((a, b) => a.date.localeCompare(b.date));
}

/** The mark nearest to a date, from below where there is one. */
function nearest(all: Mark[], date: string): number {
  const after = all.findIndex((one) => one.date > date);
  return after < 0 ? all.length - 1 : Math.max(0, after - 1);
}

/** The years below the slider, each as wide as it has marks. */
function scale(all: Mark[]): HTMLElement {
  const counts = new Map<string, number>();
  for (const { date } of all) counts.set(date.slice(0, 4), (counts.get(date.slice(0, 4)) ?? 0) + 1);
  const row = make("div", { class: "months-scale", "aria-hidden": "true" });
  for (const [year, count] of counts) {
    const one = make("span", {}, make("b", { class: count > 1 ? "whole" : "" }, count > 1 ? year : `’${year.slice(2)}`)); // left out by the style where it has no room
    one.style.flexGrow = String(count);
    row.append(one);
  }
  return row;
}

export function slider(strip: HTMLElement): void {
  const field = find<HTMLInputElement>(`#${strip.dataset.slider ?? ""}`);
  const all = marks(strip);
  const place = find("[data-slider-here]", strip);
  if (!field || !place || all.length < 2) return;
  const label = place.dataset.label ?? "";
  const range = make("input", {
    type: "range", min: 0, max: all.length - 1, step: 1, value: nearest(all, field.value), "aria-label": label, id: `${field.id}-slider`,
  });
  const said = make("output", { for: range.id });
  const tell = (): void => {
    const mark = all[Number(range.value)]!;
    said.textContent = mark.label;
    range.setAttribute("aria-valuetext", mark.label);
  };
  range.addEventListener("input", () => {
    field.value = all[Number(range.value)]!.date;
    tell();
  });
  range.addEventListener("change", () => field.form?.requestSubmit());
  field.addEventListener("change", () => {
    range.value = String(nearest(all, field.value));
    tell();
  });
  place.replaceChildren(range, said, scale(all));
  place.hidden = false;
  tell();
}

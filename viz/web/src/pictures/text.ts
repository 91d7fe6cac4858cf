/* Words in drawings: how long they are, how to shorten them. */
import { draw } from "../dom";

const context = document.createElement("canvas").getContext("2d");

export function width(text: string, size = 12): number {
  if (!context) return text.length * size * 0.55;
  context.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  return context.measureText(text).width;
}

export function fit(text: string, room: number, size = 12): string {
  if (width(text, size) <= room) return text;
  let end = Math.floor((text.length * room) / width(text, size));
  while (end > 1 && width(`${text.slice(0, end)}…`, size) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** The text in two lines at most, broken between words; what is left over is cut. */
export function lines(text: string, room: number, size = 12): string[] {
  if (width(text, size) <= room) return [text];
  const words = text.split(" ");
  let count = 1;
  while (count < words.length - 1 && width(words.slice(0, count + 1).join(" "), size) <= room) count += 1;
  const rest = words.slice(count).join(" ");
  return [fit(words.slice(0, count).join(" "), room, size), ...(rest ? [fit(rest, room, size)] : [])];
}

export function title(text: string): SVGTitleElement {
  return draw("title", {}, text);
}

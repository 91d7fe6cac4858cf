/* The marks of a picture: one outline for each group, so that colour never tells alone. */
import { draw } from "../dom";

export type Shape = "circle" | "square" | "diamond" | "triangle";

/** The outline of a shape around a point, of about the same area whatever the shape. */
export function mark(shape: Shape, x: number, y: number, r: number, attributes: Record<string, string | number>): SVGElement {
  const [s, d, t] = [r * 0.88, r * 1.17, r * 1.24];
  if (shape === "square") return draw("rect", { x: x - s, y: y - s, width: 2 * s, height: 2 * s, ...attributes });
  if (shape === "diamond") return draw("path", { d: `M${x} ${y - d}L${x + d} ${y}L${x} ${y + d}L${x - d} ${y}Z`, ...attributes });
  if (shape === "triangle") return draw("path", { d: `M${x} ${y - t}L${x + t * 0.866} ${y + t / 2}L${x - t * 0.866} ${y + t / 2}Z`, ...attributes });
  return draw("circle", { cx: x, cy: y, r, ...attributes });
}

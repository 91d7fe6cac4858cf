/* Making and finding elements: text only ever goes in as text. */

/** Where the site begins on its host: empty, or a path such as "/kg". */
export const root: string = document.documentElement.dataset.root ?? "";

type Attributes = Record<string, string | number | boolean | undefined>;

function filled<E extends Element>(element: E, attributes: Attributes, children: (Node | string)[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

export function draw<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** The width that `element` has for what is in it: what lies between its paddings. */
export function roomIn(element: Element): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

export function find<E extends Element = HTMLElement>(selector: string, inside: ParentNode = document): E | null {
  return inside.querySelector<E>(selector);
}

/** Colour number `index` of the palette, as the page shows it now. */
export function colour(index: number): string {
  return `var(--colour-${(index % 8) + 1})`;
}

/** The colours that CSS expressions give on this page, as the browser resolves them: asked together, so that styles are worked out once. */
export function resolvedAll(expressions: readonly string[]): string[] {
  const probe = make("span", { hidden: true }, ...expressions.map((expression) => {
    const one = make("i");
    one.style.color = expression;
    return one;
  }));
  document.body.append(probe);
  const values = [...probe.children].map((one) => getComputedStyle(one).color);
  probe.remove();
  return values;
}

export const resolved = (expression: string): string => resolvedAll([expression])[0]!;

/** Gives a file to the reader. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

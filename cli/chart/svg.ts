/** Text of an SVG document: elements, escaped, with coordinates of one digit behind the point. */

type Attribute = string | number | undefined;

export function element(name: string, attributes: Readonly<Record<string, Attribute>>, inside = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escaped(String(value))}"`);
  return inside === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${inside}</${name}>`;
}

export function text(
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): string {
  return element("text", { x, y, ...attributes }, escaped(content));
}

/** Digits of a pixel that can be seen. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[sign]};`);
}

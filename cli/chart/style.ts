/** The style sheet of a chart: light, and dark where the reader's system is dark. Few colours; it prints well. */

/** Colours of curves, in the order in which they are given out. */
export const CURVE_COLOURS = ["blue", "amber", "violet", "teal", "rose", "grey"] as const;

const LIGHT = {
  ground: "#f7f8fa",
  panel: "#ffffff",
  rule: "#e3e7ec",
  text: "#1a2129",
  dim: "#66727f",
  up: "#0f8a5f",
  down: "#d33a50",
  blue: "#1b6fd1",
  amber: "#a86a00",
  violet: "#7a4bd0",
  teal: "#0b7f86",
  rose: "#c0397f",
  grey: "#66727f",
};

const DARK: typeof LIGHT = {
  ground: "#0b0e11",
  panel: "#12161b",
  rule: "#20262d",
  text: "#d7dde4",
  dim: "#7d8894",
  up: "#2ebd85",
  down: "#f6465d",
  blue: "#4da3ff",
  amber: "#f0b90b",
  violet: "#a98bff",
  teal: "#3cc8d0",
  rose: "#ff7fb5",
  grey: "#7d8894",
};

const SHAPES = `
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
.title{font-size:16px;font-weight:600}.strong{font-weight:600}.middle{text-anchor:middle}
.rule{stroke-width:1;shape-rendering:crispEdges}.level{stroke-width:1;stroke-dasharray:4 4}
.line{fill:none;stroke-width:1.5;stroke-linejoin:round}.line.price{stroke-width:1.2}.wick{fill:none;stroke-width:1}
.column{opacity:.55}.warm-up{opacity:.07}.edge{stroke-width:1;stroke-dasharray:2 3}.band{opacity:.16}
.legend{paint-order:stroke;stroke-width:5;stroke-linejoin:round}
`.trim();

export function styleSheet(): string {
  return `${SHAPES}\n${coloursOf(LIGHT)}\n@media (prefers-color-scheme:dark){\n${coloursOf(DARK)}\n}`;
}

function coloursOf({ ground, panel, rule, text, dim, up, down, ...curves }: typeof LIGHT): string {
  const curve = ([name, colour]: [string, string]): string =>
    `.line.${name}{stroke:${colour}}.tag.${name},.key.${name},.band.${name}{fill:${colour}}`;
  return [
    `.ground{fill:${ground}}.panel{fill:${panel};stroke:${rule}}.rule{stroke:${rule}}.legend{stroke:${panel}}`,
    `text{fill:${text}}text.dim,.key.price{fill:${dim}}text.on-tag{fill:${panel}}.line.price{stroke:${text}}`,
    `.level,.edge{stroke:${dim}}.warm-up,.tag.price{fill:${dim}}`,
    `.wick.up,.line.up{stroke:${up}}.body.up,.column.up,.band.up,.key.up,.tag.up{fill:${up}}`,
    `.wick.down,.line.down{stroke:${down}}.body.down,.column.down,.band.down,.key.down,.tag.down{fill:${down}}`,
    Object.entries(curves).map(curve).join("\n"),
  ].join("\n");
}

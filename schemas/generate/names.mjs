/** How names of the schemas are written in TypeScript, and how a byte offset becomes an index of a view. */
const SHIFT = { u8: 0, u16: 1, i32: 2, u32: 2, f64: 3 };

/** OrderEvent → ORDER_EVENT; qty_lots → QTY_LOTS. */
export function constant(name) {
  return name.replace(/(?<=[a-z0-9])([A-Z])/g, "_$1").toUpperCase();
}

/** qty_lots → qtyLots. */
export function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

/** OrderEvent → order-event, as flatc names its files. */
export function kebab(name) {
  return constant(name).toLowerCase().replaceAll("_", "-");
}

/** The element of `view` that stands `offset` bytes behind a message's first. */
export function element(view, offset) {
  const index = offset >> SHIFT[view];
  return index === 0 ? `${view}[${placeIn(view)}]` : `${view}[${placeIn(view)} + ${index}]`;
}

/**
 * Takes the views that are used into locals, and the message's place in each: V8 inlines by the length of the bytecode,
 * and a writer that is not inlined makes garbage of the doubles it is given.
 */
export function localViews(used) {
  const views = Object.keys(SHIFT).filter((view) => used.has(view));
  const places = new Map(views.map((view) => [placeIn(view), SHIFT[view]]));
  places.delete("at");
  return [
    `  const { ${views.join(", ")} } = views;`,
    ...[...places].map(([place, shift]) => `  const ${place} = at >> ${shift};`),
  ];
}

/** The message's index in a view: `at4` counts by four bytes. */
function placeIn(view) {
  return SHIFT[view] === 0 ? "at" : `at${1 << SHIFT[view]}`;
}

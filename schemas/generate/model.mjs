/**
 * The schema language, as far as the house rule lets it be used: enums with written numbers, structs of scalars, and
 * messages, which are tables with one inline struct and at most one trailing vector. From text to plain objects.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Bytes of a scalar, and the view of MessageViews through which it is read and written. */
const SCALARS = {
  uint8: [1, "u8"],
  ubyte: [1, "u8"],
  uint16: [2, "u16"],
  ushort: [2, "u16"],
  int32: [4, "i32"],
  uint32: [4, "u32"],
  float64: [8, "f64"],
};

/** Texts of a folder's schemas by file name, in the order of their names. */
export function readSchemas(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".fbs"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Enums and structs by name, and tables, in the order of the texts. */
export function parseSchemas(schemas) {
  const text = Object.values(schemas).join("\n");
  const plain = text.replace(/\/\/.*$/gm, "").replace(/\([^)]*\)/g, "");
  const enums = new Map();
  for (const [, name, base, body] of plain.matchAll(/enum\s+(\w+)\s*:\s*(\w+)\s*\{([^}]*)\}/g)) {
    const values = new Map([...body.matchAll(/(\w+)\s*=\s*(\d+)/g)].map(([, key, value]) => [key, Number(value)]));
    enums.set(name, { base, values });
  }
  const structs = new Map();
  for (const [, name, body] of plain.matchAll(/struct\s+(\w+)\s*\{([^}]*)\}/g))
    structs.set(name, structOf(body, enums));
  const tables = [...plain.matchAll(/table\s+(\w+)\s*\{([^}]*)\}/g)].map(([, name, body]) =>
    tableOf(name, body, structs),
  );
  return { enums, structs, tables };
}

/** A field that no reader and no writer knows, kept zero. */
export function isReserved({ name }) {
  return name.startsWith("reserved");
}

/** Structs of which vectors are made; the others are bodies of tables, or stand alone. */
export function elementStructs({ tables, structs }) {
  return [...new Set(tables.flatMap(({ vector }) => (vector && structs.has(vector.element) ? [vector.element] : [])))];
}

/** Offsets of a struct's fields, each aligned to its own width as FlatBuffers aligns it. */
function structOf(body, enums) {
  const fields = [];
  let offset = 0;
  let align = 1;
  for (const [, name, type] of body.matchAll(/(\w+)\s*:\s*(\w+)\s*;/g)) {
    const scalar = SCALARS[enums.get(type)?.base ?? type];
    if (!scalar) throw new Error(`field ${name}: type ${type} is no enum and none of ${Object.keys(SCALARS)}`);
    const [bytes, view] = scalar;
    offset = Math.ceil(offset / bytes) * bytes;
    fields.push({ name, type, offset, bytes, view });
    offset += bytes;
    align = Math.max(align, bytes);
  }
  return { fields, bytes: Math.ceil(offset / align) * align };
}

function tableOf(name, body, structs) {
  const [first, second, ...rest] = [...body.matchAll(/(\w+)\s*:\s*(\[?)(\w+)\]?/g)];
  if (!first || first[2] || !structs.has(first[3]) || rest.length || (second && !second[2])) {
    throw new Error(`table ${name}: must be one inline struct and at most one trailing vector`);
  }
  const elementBytes = second && structs.get(second[3])?.bytes;
  if (elementBytes % 8 > 0) {
    throw new Error(`table ${name}: elements of ${second[3]} take ${elementBytes} bytes; pad them to a multiple of 8`);
  }
  return { name, struct: first[3], ...(second && { vector: { name: second[1], element: second[3] } }) };
}

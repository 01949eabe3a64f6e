/**
 * One frame of every message, with a value of its own in every field: what a journal of this release holds, to be read
 * by every build after it. Made from the schemas and the stock builder's prefix, not by the writers that are generated.
 */
import { isReserved } from "./model.mjs";
import { camel } from "./names.mjs";
import { prefixOf } from "./prefix.mjs";

const SETTER = { u8: "setUint8", u16: "setUint16", i32: "setInt32", u32: "setUint32", f64: "setFloat64" };
const ELEMENTS = 3;
const TEXT = '{"text":"Grüße"}';

/** By message: its fields as readers name them, the vector's elements or text, and the bytes in hexadecimal. */
export function goldenFrames(model) {
  return Object.fromEntries(
    model.tables.map((table) => {
      const golden = goldenOf(table, model);
      return [table.name, { ...golden, hex: encode(table, model, golden) }];
    }),
  );
}

/** The bytes that today's schemas give to a released frame's values. */
export function encode(table, { structs }, { fields, elements = [], text = "" }) {
  const { words, bodyAt, bytes } = prefixOf(table, structs);
  const element = structs.get(table.vector?.element);
  const encoded = new TextEncoder().encode(text);
  const whole = new Uint8Array(padTo8(bytes + elements.length * (element?.bytes ?? 0) + encoded.length));
  const view = new DataView(whole.buffer);
  whole.set(new Uint8Array(Int32Array.from(words).buffer));
  setFields(view, bodyAt, structs.get(table.struct), fields);
  if (table.vector) view.setUint32(bytes - 4, elements.length + encoded.length, true);
  for (const [index, each] of elements.entries()) setFields(view, bytes + index * element.bytes, element, each);
  whole.set(encoded, bytes);
  return Buffer.from(whole).toString("hex");
}

function padTo8(bytes) {
  return Math.ceil(bytes / 8) * 8;
}

function setFields(view, at, { fields }, values) {
  for (const { name, offset, view: kind } of fields) view[SETTER[kind]](at + offset, values[camel(name)] ?? 0, true);
}

function goldenOf({ struct, vector }, { structs, enums }) {
  const fields = valuesOf(structs.get(struct), enums, 0);
  if (!vector) return { fields };
  const count = camel(`${vector.name}_count`);
  const element = structs.get(vector.element);
  if (!element) return { fields: { ...fields, [count]: Buffer.byteLength(TEXT) }, text: TEXT };
  const elements = Array.from({ length: ELEMENTS }, (_, index) => valuesOf(element, enums, 10 * (index + 1)));
  return { fields: { ...fields, [count]: ELEMENTS }, elements };
}

function valuesOf({ fields }, enums, base) {
  const named = fields.filter((field) => !isReserved(field));
  return Object.fromEntries(named.map((field, index) => [camel(field.name), sampleOf(field, enums, base + index)]));
}

/** Values that use the width of their type, each another; of an enum its highest. */
function sampleOf({ type, view }, enums, index) {
  if (enums.has(type)) return Math.max(...enums.get(type).values.values());
  const values = { u8: 200 + index, u16: 40_000 + index, i32: -1_000_000_007 - index, u32: 3_000_000_019 + index };
  return values[view] ?? 2 ** 50 + index + 0.25;
}

/**
 * Every message of the schemas with drawn values, and the three hands that write it: the generated writer, and flatc's
 * builder. What fields there are is read from the schemas' text, not from the code that is generated.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Builder } from "flatbuffers";
import * as stock from "../../schemas/generated/sluice.js";
import * as schemas from "../../schemas/index.js";
import { padTo8, viewsOf, writeText } from "../../schemas/index.js";

export type Numbers = readonly number[];
/** The fields of each struct of a vector: of a level its lots and ticks, of a value its number. */
export type Elements = readonly Numbers[] | Uint8Array;
export interface Field {
  readonly name: string;
  readonly type: string;
}
interface StockBody {
  readonly prototype: Record<string, () => number>;
  sizeOf(): number;
}
type StockTable = Record<string, (...values: unknown[]) => number> &
  (new () => Record<string, (index?: number) => unknown>);
type Writer = (views: schemas.MessageViews, at: number, ...values: number[]) => void;

/** flatc's generated code, by name. */
export const stockOf = stock as unknown as Record<string, StockTable & StockBody>;
/** Our generated code, by name. */
export const ours = schemas as unknown as Record<string, Writer & number>;
export const MESSAGES = Object.keys(stock).filter((name) => `${name}Body` in stock);
export const VECTOR: Readonly<Record<string, string>> = {
  BookDelta: "levels",
  BookSnapshot: "levels",
  Config: "json",
  ModelFit: "model",
  ModelRequest: "values",
  Operator: "reason",
  StrategyLog: "text",
  StreamFrame: "payload",
  Status: "json",
};

/** The structs of which vectors are made that are no text, by the vector's name. */
export const STRUCT: Readonly<Record<string, "Level" | "Value">> = { levels: "Level", model: "Value", values: "Value" };

const text = ["common", "market", "control", "order", "audit", "stream"]
  .map((name) => readFileSync(`schemas/${name}.fbs`, "utf8"))
  .join("\n");

export const constant = (name: string): string => name.replace(/(?<=[a-z0-9])([A-Z])/g, "_$1").toUpperCase();
export const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (name: string): string => name[0].toUpperCase() + name.slice(1);
export const isReserved = ({ name }: Field): boolean => name.startsWith("reserved");

/** Fields of a message in schema order, as flatc's create function takes them. */
export function fieldsOf(message: string): Field[] {
  const body = new RegExp(`struct ${message}Body \\{([^}]*)\\}`).exec(text)![1].replace(/\/\/.*$/gm, "");
  return [...body.matchAll(/(\w+):(\w+);/g)].map(([, name, type]) => ({ name, type }));
}

export interface Drawn {
  /** Of all fields, the reserved ones zero. */
  readonly values: Numbers;
  readonly elements: Elements;
}

/** Doubles that have a short decimal form: what a reader can print that rounds to twelve places. */
export const SHORT = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer().map((whole) => whole / 64),
);

/** Any numbers that the fields can hold, and any elements. */
export function drawnOf(message: string, double = fc.double({ noNaN: true })): fc.Arbitrary<Drawn> {
  const values = fieldsOf(message).map((field) => (isReserved(field) ? fc.constant(0) : rangeOf(field.type, double)));
  return fc.record({ values: fc.tuple(...values), elements: elementsOf(message, double) });
}

function rangeOf(type: string, double: fc.Arbitrary<number>): fc.Arbitrary<number> {
  const base = new RegExp(`enum ${type} : (\\w+)`).exec(text)?.[1] ?? type;
  // biome-ignore format: one arm a line
  switch (base) {
    case "float64": return double;
    case "int32": return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case "uint32": return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case "uint16": case "ushort": return fc.integer({ min: 0, max: 65_535 });
    case "uint8": case "ubyte": return fc.integer({ min: 0, max: 255 });
    default: throw new Error(`type ${base} in a schema; give it a range here`);
  }
}

function elementsOf(message: string, double: fc.Arbitrary<number>): fc.Arbitrary<Elements> {
  const vector = VECTOR[message];
  if (!vector) return fc.constant(new Uint8Array());
  if (STRUCT[vector] === undefined) return fc.uint8Array({ maxLength: 70 });
  if (STRUCT[vector] === "Value") return fc.array(fc.tuple(double), { maxLength: 20 });
  const ticks = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  return fc.array(fc.tuple(double, ticks), { maxLength: 20 });
}

/** The message as flatc's generated builder code makes it. */
export function byFlatc(message: string, { values, elements }: Drawn): Uint8Array {
  const builder = new Builder(64);
  const table = stockOf[message];
  const vector = VECTOR[message];
  const vectorAt = vector ? flatcVector(builder, elements, STRUCT[vector]) : 0;
  table[`start${message}`](builder);
  table.addBody(builder, stockOf[`${message}Body`][`create${message}Body`](builder, ...values));
  if (vector) table[`add${capital(vector)}`](builder, vectorAt);
  builder.finish(table[`end${message}`](builder));
  return builder.asUint8Array();
}

function flatcVector(builder: Builder, elements: Elements, struct: string): number {
  if (elements instanceof Uint8Array) {
    builder.startVector(1, elements.length, 8);
    for (let at = elements.length - 1; at >= 0; at -= 1) builder.addInt8(elements[at]);
  } else {
    builder.startVector(ours[`${constant(struct)}_BYTES`], elements.length, 8);
    // A reserved field behind the others is zero.
    for (const fields of elements.toReversed()) stockOf[struct][`create${struct}`](builder, ...fields, 0);
  }
  return builder.endVector();
}

/** The message as our writer makes it at an offset of a memory that held something else, with eight bytes behind it. */
export function inMemory(message: string, { values, elements }: Drawn, at: number): schemas.MessageViews {
  const prefix = constant(message);
  const vector = VECTOR[message];
  const prefixBytes = ours[`${prefix}_BYTES`];
  const views = viewsOf(new ArrayBuffer(at + messageBytes(message, elements) + 8));
  views.u8.fill(0xa5);
  const given = fieldsOf(message).flatMap((field, index) => (isReserved(field) ? [] : [values[index]]));
  ours[`write${message}`](views, at, ...given, ...(vector ? [elements.length] : []));
  if (!vector) return views;
  if (elements instanceof Uint8Array) writeText(views, at + ours[`${prefix}_${constant(vector)}_COUNT`], elements);
  else
    for (const [index, fields] of elements.entries()) {
      const struct = STRUCT[vector];
      ours[`write${struct}`](views, at + prefixBytes + index * ours[`${constant(struct)}_BYTES`], ...fields);
    }
  return views;
}

export function byWriter(message: string, drawn: Drawn, at: number): Uint8Array {
  return inMemory(message, drawn, at).u8.slice(at, at + messageBytes(message, drawn.elements));
}

export function messageBytes(message: string, elements: Elements): number {
  const elementBytes = elements instanceof Uint8Array ? 1 : ours[`${constant(STRUCT[VECTOR[message]])}_BYTES`];
  return padTo8(ours[`${constant(message)}_BYTES`] + elements.length * elementBytes);
}

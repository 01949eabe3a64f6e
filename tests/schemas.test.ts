/**
 * The messages: what the generated writers write is, byte for byte, what flatc's own builder makes, and the stock
 * reader reads every field of it. Numbers that were once given to enum values stay as they are.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Builder, ByteBuffer } from "flatbuffers";
import { describe, expect, test } from "vitest";
import * as stock from "../schemas/generated/sluice.js";
import * as schemas from "../schemas/index.js";
import { encodeText, padTo8, readText, textMessageBytes, viewsOf, writeText } from "../schemas/index.js";

type Numbers = readonly number[];
type Writer = (views: schemas.MessageViews, at: number, ...values: number[]) => void;
interface StockBody {
  readonly prototype: Record<string, () => number>;
  sizeOf(): number;
}
type StockTable = Record<string, (...values: unknown[]) => number> &
  (new () => Record<string, (index?: number) => unknown>);

const stockOf = stock as unknown as Record<string, StockTable & StockBody>;
const ours = schemas as unknown as Record<string, Writer & number>;
const MESSAGES = Object.keys(stock).filter((name) => `${name}Body` in stock);
const VECTOR: Readonly<Record<string, string>> = {
  BookDelta: "levels",
  BookSnapshot: "levels",
  Config: "json",
  Operator: "reason",
  StrategyLog: "text",
  StreamFrame: "payload",
  Status: "json",
};

interface Field {
  readonly name: string;
  readonly draw: fc.Arbitrary<number>;
}

/** Fields of a message in schema order, as flatc's create function takes them, with their ranges. */
function fieldsOf(message: string): Field[] {
  const text = readSchemas();
  const body = new RegExp(`struct ${message}Body \\{([^}]*)\\}`).exec(text)![1].replace(/\/\/.*$/gm, "");
  return [...body.matchAll(/(\w+):(\w+);/g)].map(([, name, type]) => ({
    name,
    draw: name.startsWith("reserved") ? fc.constant(0) : rangeOf(type, text),
  }));
}

function rangeOf(type: string, text: string): fc.Arbitrary<number> {
  const base = new RegExp(`enum ${type} : (\\w+)`).exec(text)?.[1] ?? type;
  // biome-ignore format: one arm a line
  switch (base) {
    case "float64": return fc.double({ noNaN: true });
    case "int32": return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case "uint32": return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case "uint16": case "ushort": return fc.integer({ min: 0, max: 65_535 });
    case "uint8": case "ubyte": return fc.integer({ min: 0, max: 255 });
    default: throw new Error(`type ${base} in a schema; give it a range here`);
  }
}

const readSchemas = (): string =>
  ["common", "market", "control", "order", "audit", "stream"]
    .map((name) => readFileSync(`schemas/${name}.fbs`, "utf8"))
    .join("\n");

const constant = (name: string): string => name.replace(/(?<=[a-z0-9])([A-Z])/g, "_$1").toUpperCase();
const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (name: string): string => name[0].toUpperCase() + name.slice(1);

type Level = readonly [number, number];
type Elements = readonly Level[] | Uint8Array;

/** The message as flatc's generated builder code makes it. */
function byFlatc(message: string, values: Numbers, elements: Elements): Uint8Array {
  const builder = new Builder(64);
  const table = stockOf[message];
  const vector = VECTOR[message];
  const vectorAt = vector ? flatcVector(builder, elements) : 0;
  table[`start${message}`](builder);
  table.addBody(builder, stockOf[`${message}Body`][`create${message}Body`](builder, ...values));
  if (vector) table[`add${capital(vector)}`](builder, vectorAt);
  builder.finish(table[`end${message}`](builder));
  return builder.asUint8Array();
}

function flatcVector(builder: Builder, elements: Elements): number {
  if (elements instanceof Uint8Array) {
    builder.startVector(1, elements.length, 8);
    for (let at = elements.length - 1; at >= 0; at -= 1) builder.addInt8(elements[at]);
  } else {
    builder.startVector(16, elements.length, 8);
    for (const [lots, ticks] of elements.toReversed()) stock.Level.createLevel(builder, lots, ticks, 0);
  }
  return builder.endVector();
}

/** The message as our writer makes it, at an offset, over bytes that were something else before. */
function byWriter(message: string, values: Numbers, elements: Elements, at: number): Uint8Array {
  const prefix = constant(message);
  const vector = VECTOR[message];
  const prefixBytes = ours[`${prefix}_BYTES`];
  const bytes = padTo8(prefixBytes + (elements instanceof Uint8Array ? elements.length : elements.length * 16));
  const views = viewsOf(new ArrayBuffer(at + bytes + 8));
  views.u8.fill(0xa5);
  const given = fieldsOf(message).flatMap(({ name }, index) => (name.startsWith("reserved") ? [] : [values[index]]));
  ours[`write${message}`](views, at, ...given, ...(vector ? [elements.length] : []));
  if (elements instanceof Uint8Array && vector)
    writeText(views, at + ours[`${prefix}_${constant(vector)}_COUNT`], elements);
  else if (vector) writeLevels(views, at + prefixBytes, elements as readonly Level[]);
  expect(views.u8.subarray(at + bytes).every((byte) => byte === 0xa5)).toBe(true);
  return views.u8.slice(at, at + bytes);
}

function writeLevels(views: schemas.MessageViews, start: number, levels: readonly Level[]): void {
  for (const [index, [lots, ticks]] of levels.entries()) {
    const at = start + index * schemas.LEVEL_BYTES;
    views.f64[(at + schemas.LEVEL_QTY_LOTS) >> 3] = lots;
    views.i32[(at + schemas.LEVEL_PRICE_TICKS) >> 2] = ticks;
    views.i32[(at + schemas.LEVEL_RESERVED) >> 2] = 0;
  }
}

function elementsFor(message: string): fc.Arbitrary<Elements> {
  const vector = VECTOR[message];
  if (!vector) return fc.constant(new Uint8Array());
  if (vector !== "levels") return fc.uint8Array({ maxLength: 70 });
  return fc.array(fc.tuple(fc.double({ noNaN: true }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), {
    maxLength: 20,
  });
}

test("every message type of the schemas has a table, and every table that is written a writer", () => {
  const typed = Object.keys(schemas.MessageType).filter((name) => Number.isNaN(Number(name)) && name !== "Padding");
  expect(MESSAGES.filter((name) => name !== "StreamFrame").sort()).toEqual(typed.sort());
  for (const message of MESSAGES) expect(ours[`write${message}`]).toBeTypeOf("function");
});

describe.each(MESSAGES)("%s", (message) => {
  const fields = fieldsOf(message);
  const drawn = fc.tuple(fc.tuple(...fields.map(({ draw }) => draw)), elementsFor(message), fc.nat({ max: 5 }));

  test("the writer makes the bytes that flatc's builder makes", () => {
    fc.assert(
      fc.property(drawn, ([values, elements, place]) => {
        expect(byWriter(message, values, elements, place * 8)).toEqual(padded(byFlatc(message, values, elements)));
      }),
      { numRuns: 60 },
    );
  });

  test("the stock reader reads every field of what the writer wrote", () => {
    fc.assert(
      fc.property(drawn, ([values, elements]) => {
        const bytes = new ByteBuffer(byWriter(message, values, elements, 8));
        const root = stockOf[message][`getRootAs${message}`](bytes) as unknown as Record<
          string,
          (index?: number) => unknown
        >;
        const body = root.body() as Record<string, () => number>;
        const read = fields.map(({ name }) => (name.startsWith("reserved") ? 0 : body[camel(name)]()));
        expect(read).toEqual([...values]);
        if (VECTOR[message])
          expect(readVector(root, VECTOR[message])).toEqual(elements instanceof Uint8Array ? [...elements] : elements);
      }),
      { numRuns: 60 },
    );
  });
});

/** flatc may leave out padding behind the last byte; ours pads every message to eight. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(padTo8(bytes.length));
  whole.set(bytes);
  return whole;
}

function readVector(root: Record<string, (index?: number) => unknown>, name: string): unknown[] {
  const length = root[`${name}Length`]() as number;
  return Array.from({ length }, (_, index) => {
    const element = root[name](index);
    return typeof element === "number"
      ? element
      : [(element as stock.Level).qtyLots(), (element as stock.Level).priceTicks()];
  });
}

test("text comes back as it went in, and equal texts make equal bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
      const bytes = encodeText(text);
      const views = viewsOf(new ArrayBuffer(textMessageBytes(schemas.OPERATOR_BYTES, bytes.length)));
      views.u8.fill(0xff);
      schemas.writeOperator(views, 0, 1, 2, bytes.length);
      writeText(views, schemas.OPERATOR_REASON_COUNT, bytes);
      expect(readText(views, schemas.OPERATOR_REASON_COUNT)).toBe(text);
      expect(views.u8.subarray(schemas.OPERATOR_REASON_COUNT + 4 + bytes.length).every((byte) => byte === 0)).toBe(
        true,
      );
    }),
  );
});

test("the committed code is what the schemas generate", () => {
  expect(() => execFileSync(process.execPath, ["schemas/generate.mjs", "--check"], { stdio: "pipe" })).not.toThrow();
});

test("enum values are only ever added: no released name changes its number or goes away", () => {
  const released = JSON.parse(readFileSync("tests/fixtures/enum-values.json", "utf8")) as Record<
    string,
    Record<string, number>
  >;
  for (const [name, values] of Object.entries(released))
    expect((stock as Record<string, unknown>)[name]).toMatchObject(values);
  expect(Object.keys(released).length).toBeGreaterThan(15);
});

test("five million writes allocate nothing", () => {
  const made = execFileSync(process.execPath, ["--expose-gc", "tests/support/writer-allocation.mjs", "5000000"], {
    encoding: "utf8",
  });
  expect(JSON.parse(made)).toEqual({ collections: [] });
});

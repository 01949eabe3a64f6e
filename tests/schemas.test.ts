/**
 * The messages: what the generated writers write is, byte for byte, what flatc's own builder makes, and both the stock
 * reader and the generated one read every field of it.
 */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { ByteBuffer } from "flatbuffers";
import { describe, expect, test } from "vitest";
import type * as stock from "../schemas/generated/sluice.js";
import * as schemas from "../schemas/index.js";
import { encodeText, padTo8, readText, textMessageBytes, viewsOf, writeText } from "../schemas/index.js";
import {
  byFlatc,
  byWriter,
  camel,
  constant,
  drawnOf,
  type Elements,
  fieldsOf,
  inMemory,
  isReserved,
  MESSAGES,
  messageBytes,
  ours,
  STRUCT,
  stockOf,
  VECTOR,
} from "./support/schema-messages.js";

const RUNS = { numRuns: 60 };

test("every message type of the schemas has a table, and every table a writer and a reader", () => {
  const typed = Object.keys(schemas.MessageType).filter((name) => Number.isNaN(Number(name)) && name !== "Padding");
  expect(MESSAGES.filter((name) => name !== "StreamFrame").sort()).toEqual(typed.sort());
  for (const message of MESSAGES) {
    expect(ours[`write${message}`]).toBeTypeOf("function");
    expect(ours[`read${message}`]).toBeTypeOf("function");
  }
});

describe.each(MESSAGES)("%s", (message) => {
  const fields = fieldsOf(message);
  const drawn = drawnOf(message);
  const places = fc.nat({ max: 5 }).map((place) => place * 8);

  test("the writer makes the bytes that flatc's builder makes, over any older bytes", () => {
    fc.assert(
      fc.property(drawn, places, (each, at) => {
        expect(byWriter(message, each, at)).toEqual(padded(byFlatc(message, each)));
      }),
      RUNS,
    );
  });

  test("the writer leaves the bytes behind the message alone", () => {
    fc.assert(
      fc.property(drawn, places, (each, at) => {
        const behind = inMemory(message, each, at).u8.subarray(at + messageBytes(message, each.elements));
        expect([...behind]).toEqual(new Array(8).fill(0xa5));
      }),
      RUNS,
    );
  });

  test("the stock reader reads every field of what the writer wrote", () => {
    fc.assert(
      fc.property(drawn, (each) => {
        const bytes = new ByteBuffer(byWriter(message, each, 8));
        const root = stockOf[message][`getRootAs${message}`](bytes) as unknown as StockRoot;
        const body = root.body() as Record<string, () => number>;
        expect(fields.map((field) => body[camel(field.name)]())).toEqual([...each.values]);
        if (VECTOR[message]) expect(stockVector(root, VECTOR[message])).toEqual(listOf(each.elements));
      }),
      RUNS,
    );
  });

  test("the generated reader fills one object with every field, message after message", () => {
    const into = newFields(message);
    const names = Object.keys(into);
    fc.assert(
      fc.property(drawn, places, ({ values, elements }, at) => {
        const views = inMemory(message, { values, elements }, at);
        readerOf(message)(views, at, into);
        const named = fields.flatMap((field, index) =>
          isReserved(field) ? [] : [[camel(field.name), values[index]] as const],
        );
        const count = VECTOR[message] ? [[`${VECTOR[message]}Count`, elements.length] as const] : [];
        expect(into).toEqual(Object.fromEntries([...named, ...count]));
        expect(Object.keys(into)).toEqual(names);
        if (VECTOR[message]) expect(readVector(message, views, at, elements.length)).toEqual(listOf(elements));
      }),
      RUNS,
    );
  });
});

type StockRoot = Record<string, (index?: number) => unknown>;
type Reader = (views: schemas.MessageViews, at: number, into: object) => void;

const readerOf = (message: string): Reader => (schemas as unknown as Record<string, Reader>)[`read${message}`];

function newFields(message: string): object {
  return new (schemas as unknown as Record<string, new () => object>)[`${message}Fields`]();
}

/** flatc may leave out padding behind the last byte; ours pads every message to eight. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(padTo8(bytes.length));
  whole.set(bytes);
  return whole;
}

const listOf = (elements: Elements): unknown[] => [...elements];

function stockVector(root: StockRoot, name: string): unknown[] {
  const length = root[`${name}Length`]() as number;
  return Array.from({ length }, (_, index) => {
    const element = root[name](index);
    if (typeof element === "number") return element;
    if (STRUCT[name] === "Value") return [(element as stock.Value).value()];
    return [(element as stock.Level).qtyLots(), (element as stock.Level).priceTicks()];
  });
}

/** The elements behind a message, levels through the generated reader of a level. */
function readVector(message: string, views: schemas.MessageViews, at: number, length: number): unknown[] {
  const start = at + ours[`${constant(message)}_${constant(VECTOR[message])}`];
  const struct = STRUCT[VECTOR[message]];
  if (struct === undefined) return [...views.u8.subarray(start, start + length)];
  if (struct === "Value") return Array.from({ length }, (_, index) => [valueAt(views, start, index)]);
  const level = new schemas.LevelFields();
  return Array.from({ length }, (_, index) => {
    schemas.readLevel(views, start + index * schemas.LEVEL_BYTES, level);
    return [level.qtyLots, level.priceTicks];
  });
}

function valueAt(views: schemas.MessageViews, start: number, index: number): number {
  const value = new schemas.ValueFields();
  schemas.readValue(views, start + index * schemas.VALUE_BYTES, value);
  return value.value;
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

test("five million messages, written and read with all fields and levels, allocate nothing", () => {
  const made = execFileSync(process.execPath, ["--expose-gc", "tests/support/message-allocation.mjs", "5000000"], {
    encoding: "utf8",
  });
  expect(JSON.parse(made)).toEqual({ collections: [], isGarbageSeen: true });
});

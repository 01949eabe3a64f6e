/**
 * A stock reader in another language, flatc's own in C++: it reads from every message what was written, and finds the
 * fault in one that was cut short or whose structure was overwritten.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import * as stock from "../schemas/generated/sluice.js";
import { FlatcFrames } from "./support/flatc-frames.js";
import {
  byWriter,
  constant,
  type Drawn,
  drawnOf,
  fieldsOf,
  MESSAGES,
  ours,
  SHORT,
  VECTOR,
} from "./support/schema-messages.js";

const RUNS = { numRuns: 20 };
let flatc: FlatcFrames;

beforeAll(async () => {
  flatc = await FlatcFrames.load("schemas");
});

describe.each(MESSAGES)("%s", (message) => {
  const fields = fieldsOf(message);
  const vector = VECTOR[message];

  test("flatc reads every field and element of what the writer wrote, and finds its structure sound", () => {
    fc.assert(
      fc.property(drawnOf(message, SHORT), (drawn) => {
        const frame = byWriter(message, drawn, 8);
        const plain = flatc.decode(message, frame);
        expect(fields.map(({ name, type }) => numberOf(plain.body[name], type))).toEqual([...drawn.values]);
        if (vector) expect(plainElements(plain[vector] as readonly unknown[])).toEqual([...drawn.elements]);
        expect(flatc.faultsOf(message, frame)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("flatc finds the fault in a frame that was cut short, wherever it was cut", () => {
    const [drawn] = fc.sample(fullOf(message), { numRuns: 1, seed: 7 });
    const frame = byWriter(message, drawn, 0);
    for (let bytes = 4; bytes < frame.length - 7; bytes += 4) {
      expect(flatc.faultsOf(message, frame.slice(0, bytes)), `${bytes} of ${frame.length} bytes`).not.toEqual([]);
    }
  });

  test("flatc finds the fault in a frame whose offsets or count were overwritten", () => {
    const [drawn] = fc.sample(fullOf(message), { numRuns: 1, seed: 7 });
    const counts = vector ? [ours[`${constant(message)}_${constant(vector)}_COUNT`]] : [];
    for (const at of [0, ...counts]) {
      const frame = byWriter(message, drawn, 0);
      frame[at + 2] = 0xff;
      expect(flatc.faultsOf(message, frame), `byte ${at + 2}`).not.toEqual([]);
    }
  });
});

/** Messages whose vector, if they have one, is not empty and leaves no padding behind it. */
function fullOf(message: string): fc.Arbitrary<Drawn> {
  return drawnOf(message, SHORT).map(({ values, elements }) => ({
    values,
    elements:
      elements instanceof Uint8Array
        ? new Uint8Array(VECTOR[message] ? 16 : 0).fill(65)
        : [
            [1.5, 7],
            [2, -8],
          ],
  }));
}

/** flatc prints an enum's value by its name, when it has one. */
function numberOf(value: number | string, type: string): number {
  if (typeof value === "number") return value;
  return (stock as unknown as Record<string, Record<string, number>>)[type][value];
}

function plainElements(elements: readonly unknown[]): unknown[] {
  return elements.map((element) => {
    if (typeof element === "number") return element;
    const { value, qty_lots, price_ticks } = element as Record<string, number>;
    return value === undefined ? [qty_lots, price_ticks] : [value];
  });
}

/** Stamps of orders between threads: found again by the input's sequence, lost when late, and never another order's. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  OrderStampReader,
  OrderStampWriter,
  STAMP_PASSED,
  STAMP_RECEIVED,
  STAMP_ROWS,
  STAMP_SEQUENCE,
} from "../actors/metrics/order-stamps.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const BASE = 128;

function table() {
  const views = sharedViewsOf(new SharedArrayBuffer(BASE + OrderStampWriter.bytesFor()));
  const writer = new OrderStampWriter(views, BASE);
  const put = (sequence: number): void => {
    const { row, doubles } = writer;
    doubles[row + STAMP_SEQUENCE] = sequence;
    doubles[row + STAMP_RECEIVED] = 3 * sequence;
    doubles[row + STAMP_PASSED] = 7 * sequence;
    writer.publish();
  };
  return { views, put, reader: () => new OrderStampReader(views, BASE) };
}

const momentsOf = (reader: OrderStampReader): number[] => [reader.receivedUs, reader.passedUs];

describe("a table of stamps", () => {
  test("gives each order's own moments, as often as they are asked for", () => {
    const { put, reader } = table();
    const stamps = reader();
    for (const sequence of [4, 9, 11]) put(sequence);
    for (const sequence of [4, 4, 11, 11]) {
      expect(stamps.find(sequence)).toBe(true);
      expect(momentsOf(stamps)).toEqual([3 * sequence, 7 * sequence]);
    }
  });

  test("says no for an order that has no row, and finds the next all the same", () => {
    const { put, reader } = table();
    const stamps = reader();
    expect(stamps.find(3)).toBe(false);
    put(5);
    expect([stamps.find(3), stamps.find(5), stamps.find(6)]).toEqual([false, true, false]);
    put(7);
    expect([stamps.find(6), stamps.find(7), momentsOf(stamps)[1]]).toEqual([false, true, 49]);
  });

  test("is read by each reader at its own pace, from its making on", () => {
    const { put, reader } = table();
    put(1);
    const [early, other] = [reader(), reader()];
    put(2);
    expect([early.find(1), early.find(2), other.find(2), reader().find(2)]).toEqual([false, true, true, false]);
  });

  test("counts what a reader came too late for, and gives it the rest", () => {
    const { put, reader } = table();
    const stamps = reader();
    const last = STAMP_ROWS + 10;
    for (let sequence = 1; sequence <= last; sequence += 1) put(sequence);
    const oldest = last - STAMP_ROWS + 2;
    expect([stamps.find(1), stamps.find(oldest - 1), stamps.lost]).toEqual([false, false, oldest - 1]);
    for (let sequence = oldest; sequence <= last; sequence += 1) {
      expect(stamps.find(sequence)).toBe(true);
      expect(momentsOf(stamps)).toEqual([3 * sequence, 7 * sequence]);
    }
    expect(stamps.lost).toBe(oldest - 1);
  });
});

test("a reader on another thread gets whole rows or none, and every row is found or counted", async () => {
  const { views, reader } = table();
  const stamps = reader();
  const rows = 3_000_000;
  const worker = new Worker(fileURLToPath(new URL("support/stamp-writer.mjs", import.meta.url)), {
    workerData: { buffer: views.buffer, base: BASE, rows },
  });
  try {
    let isWritten = false;
    const written = new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    }).then(() => {
      isWritten = true;
    });
    let found = 0;
    let next = 1;
    const readOn = (turns: number): void => {
      for (let turn = 0; turn < turns && next <= rows; turn += 1) {
        if (stamps.find(next)) {
          if (stamps.receivedUs !== 3 * next || stamps.passedUs !== 7 * next) {
            throw new Error(`the row of ${next} held ${stamps.receivedUs} and ${stamps.passedUs}`);
          }
          found += 1;
        } else if (!isPast(stamps, next)) continue;
        next += 1;
      }
    };
    while (!isWritten) {
      readOn(20_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await written;
    readOn(2 * rows);
    expect(next).toBe(rows + 1);
    expect(found).toBeGreaterThan(0);
    expect(found + stamps.lost).toBe(rows);
  } finally {
    await worker.terminate();
  }
}, 60_000);

/** The reader stands at a later row: the one asked for is lost. */
const isPast = (stamps: OrderStampReader, sequence: number): boolean => stamps.passedUs > 7 * sequence;

/** The book against a Map: the same levels whatever the changes, the farthest dropped when a side is full. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Book } from "../engine/index.js";
import { BookSide } from "../engine/market/book-side.js";
import { deltaAt, type Level, START_US, snapshotAt } from "./support/engine.js";

const change = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e12 })));
const sign = fc.constantFrom(1 as const, -1 as const);

/** Levels from the best on. */
const levelsOf = (side: BookSide): Level[] =>
  Array.from({ length: side.count }, (_, depth) => [side.ticksAtDepth(depth), side.lotsAtDepth(depth)] as const);

/** The model: a map, of which the levels farthest from the best are dropped when it is over capacity. */
function applyToModel(model: Map<number, number>, [ticks, lots]: Level, best: 1 | -1, capacity: number): void {
  if (lots === 0) model.delete(ticks);
  else model.set(ticks, lots);
  if (model.size > capacity) model.delete(sorted(model, best).at(-1)![0]);
}

const sorted = (model: Map<number, number>, best: 1 | -1): Level[] => [...model].sort(([a], [b]) => best * (b - a));

describe("a side of a book", () => {
  test("holds what a map would hold, best first, through any changes and past its capacity", () => {
    fc.assert(
      fc.property(
        sign,
        fc.integer({ min: 1, max: 12 }),
        fc.array(change, { maxLength: 120 }),
        (best, capacity, changes) => {
          const side = new BookSide(best, capacity);
          const model = new Map<number, number>();
          for (const each of changes) {
            side.set(...each);
            applyToModel(model, each, best, capacity);
            expect(levelsOf(side)).toEqual(sorted(model, best));
          }
          expect(side.bestTicks()).toBe(sorted(model, best)[0]?.[0] ?? 0);
          for (let ticks = 0; ticks <= 41; ticks += 1) expect(side.lotsAt(ticks)).toBe(model.get(ticks) ?? 0);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("counts the levels it had no room for", () => {
    const side = new BookSide(1, 2);
    for (const ticks of [10, 9, 11, 8]) side.set(ticks, 1);
    expect([levelsOf(side), side.overflow]).toEqual([
      [
        [11, 1],
        [10, 1],
      ],
      2,
    ]);
  });
});

describe("a book", () => {
  const apply = (book: Book, message: ReturnType<typeof deltaAt>, snapshot = false): void =>
    snapshot ? book.applySnapshot(message.views, message.at) : book.applyDelta(message.views, message.at);

  test("the first part of a snapshot clears, the others add", () => {
    const book = new Book();
    apply(book, deltaAt(START_US, [[1, 5]], [[99, 5]]));
    apply(
      book,
      snapshotAt(
        START_US,
        [
          [10, 1],
          [9, 2],
        ],
        [[12, 3]],
        0,
        1,
        0,
      ),
      true,
    );
    apply(book, snapshotAt(START_US, [[8, 4]], [[13, 6]], 0, 0, 1), true);
    expect(levelsOf(book.bids)).toEqual([
      [10, 1],
      [9, 2],
      [8, 4],
    ]);
    expect(levelsOf(book.asks)).toEqual([
      [12, 3],
      [13, 6],
    ]);
  });

  test("a delta sets, replaces and removes levels on its own side alone", () => {
    const book = new Book();
    apply(
      book,
      snapshotAt(
        START_US,
        [
          [10, 1],
          [9, 2],
        ],
        [
          [12, 3],
          [13, 1],
        ],
      ),
      true,
    );
    apply(
      book,
      deltaAt(
        START_US,
        [
          [10, 0],
          [11, 7],
        ],
        [
          [12, 9],
          [14, 2],
          [77, 0],
        ],
      ),
    );
    expect(levelsOf(book.bids)).toEqual([
      [11, 7],
      [9, 2],
    ]);
    expect(levelsOf(book.asks)).toEqual([
      [12, 9],
      [13, 1],
      [14, 2],
    ]);
  });

  test("sides that meet are crossed; an empty side crosses nothing", () => {
    const book = new Book();
    apply(book, deltaAt(START_US, [[10, 1]], []));
    expect(book.isCrossed()).toBe(false);
    apply(book, deltaAt(START_US, [], [[11, 1]]));
    expect(book.isCrossed()).toBe(false);
    apply(book, deltaAt(START_US, [], [[10, 1]]));
    expect(book.isCrossed()).toBe(true);
  });
});

/**
 * Indicators over many series at once. The oracle is the same indicator over each series alone: every lane gives its
 * bits, in batches, in streams and in matrices, whatever the number of series and whatever its neighbours do.
 */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnySpec,
  ArenaFullError,
  createLanes,
  MathArgumentError,
  MathInputError,
  MathStateError,
  MathTypeError,
  ta,
  table,
} from "../wasm/ta/index.js";
import { hashBits, wordsFrom } from "./support/numbers.js";
import { anyMarket, anyOptions, type Market, seriesOf } from "./ta/series.js";

type Row = Float64Array;
type Outputs = Readonly<Record<string, Row>>;
type Options = Readonly<Record<string, number | string>>;
interface LaneStreamLike {
  push(...rows: Row[]): Row;
  readonly ready: boolean;
  snapshot(): Uint8Array;
  restore(snapshot: Uint8Array): void;
}

const names = (Object.keys(table) as (keyof typeof table)[]).filter((name) => (table[name] as AnySpec).lanes);
const lanes = createLanes({ arenaCapacity: 256 * 1024 * 1024 });

/** A table for each input of an indicator, each series with a market of its own. */
function tablesOf(spec: AnySpec, market: Market, series: number): Row[] {
  const columns = Array.from({ length: series }, (_, lane) => seriesOf(spec, { ...market, seed: market.seed + lane }));
  return spec.inputs.map((_, input) => interleaved(columns.map((each) => each[input]!)));
}

function interleaved(columns: readonly Row[]): Row {
  const rows = new Float64Array(columns[0]!.length * columns.length);
  columns.forEach((column, lane) => {
    column.forEach((x, bar) => {
      rows[bar * columns.length + lane] = x;
    });
  });
  return rows;
}

function columnOf(rows: Row, lane: number, series: number): Row {
  return Float64Array.from({ length: rows.length / series }, (_, bar) => rows[bar * series + lane]!);
}

/** One of the choices of each option that has them. */
function choicesOf(spec: AnySpec, next: () => number): Options {
  const entries = Object.entries(spec.parameters).flatMap(([name, parameter]) =>
    "choices" in parameter ? [[name, parameter.choices[next() % parameter.choices.length]!] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** What each series gives alone, side by side. */
function alone(name: string, tables: readonly Row[], series: number, options: Options): Outputs {
  const run = ta[name as "ema"] as unknown as (...given: unknown[]) => unknown;
  const each = Array.from({ length: series }, (_, lane) =>
    outputsOf(name, run(...tables.map((rows) => columnOf(rows, lane, series)), options)),
  );
  return Object.fromEntries(outputNames(name).map((output) => [output, interleaved(each.map((one) => one[output]!))]));
}

function together(name: string, tables: readonly Row[], series: number, options: Options, into?: unknown): Outputs {
  const run = lanes[name as "ema"] as unknown as (...given: unknown[]) => unknown;
  return outputsOf(name, run(...tables, { ...options, series }, into));
}

function streamOf(name: string, series: number, options: Options): LaneStreamLike & Outputs {
  return lanes.stream[name as "ema"]({ ...options, series }) as unknown as LaneStreamLike & Outputs;
}

function outputNames(name: string): string[] {
  return Object.keys((table[name as "ema"] as AnySpec).outputs);
}

function outputsOf(name: string, result: unknown): Outputs {
  return outputNames(name).length === 1 ? { value: result as Row } : (result as Outputs);
}

function expectSameBits(got: Outputs, wanted: Outputs): void {
  for (const output of Object.keys(wanted)) {
    if (hashBits(got[output]!) !== hashBits(wanted[output]!)) expect(got[output]).toEqual(wanted[output]);
    expect(hashBits(got[output]!)).toBe(hashBits(wanted[output]!));
  }
}

test("the table says which indicators have lanes", () => {
  expect(names).toEqual(["sma", "ema", "rsi", "atr", "bollinger"]);
  expect(Object.keys(lanes.stream)).toEqual(names);
});

describe.each(names)("%s", (name) => {
  const spec: AnySpec = table[name];
  const anySeries = fc.integer({ min: 1, max: 19 });

  test("a batch gives each series the bits that it has alone", () => {
    fc.assert(
      fc.property(anyMarket, anySeries, anyOptions(spec), (market, series, options) => {
        const tables = tablesOf(spec, market, series);
        expectSameBits(together(name, tables, series, options), alone(name, tables, series, options));
      }),
      { numRuns: 40 },
    );
  });

  test("a stream gives the rows of the batch, and is ready when the first has values", () => {
    fc.assert(
      fc.property(anyMarket, anySeries, anyOptions(spec), (market, series, options) => {
        const tables = tablesOf(spec, market, series);
        const batch = together(name, tables, series, options);
        const stream = streamOf(name, series, options);
        for (let bar = 0; bar < tables[0]!.length / series; bar++) {
          const from = bar * series;
          const first = stream.push(...tables.map((rows) => rows.subarray(from, from + series)));
          expect(first).toBe(stream[outputNames(name)[0]!]);
          for (const output of outputNames(name)) {
            expect(hashBits(stream[output]!)).toBe(hashBits(batch[output]!.subarray(from, from + series)));
          }
          expect(stream.ready).toBe(!Number.isNaN(first[0]));
        }
      }),
      { numRuns: 15 },
    );
  });

  test("a matrix in the module's memory gives what an array elsewhere gives, into another or into itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), anySeries, (bars, series) => {
        const own = createLanes({ arenaCapacity: 1024 * 1024 });
        const run = own[name as "ema"] as unknown as (...given: unknown[]) => unknown;
        const tables = tablesOf(spec, { seed: bars, shape: "walk", tick: 1 / 64, length: bars }, series);
        const wanted = together(name, tables, series, { period: 5 });
        const matrix = () => own.matrix(bars, series);
        const inside = tables.map((rows) => {
          const copy = matrix();
          copy.set(rows);
          return copy;
        });
        const apart = outputNames(name).map(matrix);
        const shapeOf = (arrays: readonly Row[]) =>
          arrays.length === 1 ? arrays[0] : Object.fromEntries(outputNames(name).map((each, i) => [each, arrays[i]]));
        expectSameBits(outputsOf(name, run(...inside, { series, period: 5 }, shapeOf(apart))), wanted);
        const upon = [...inside, ...apart].slice(0, apart.length);
        expectSameBits(outputsOf(name, run(...inside, { series, period: 5 }, shapeOf(upon))), wanted);
      }),
      { numRuns: 15 },
    );
  });

  test.each([8, 33, 1024])("chunks of %i series join without a seam", (series) => {
    const market: Market = { seed: 7, shape: "jumps", tick: 1 / 64, length: Math.ceil(14_000 / series) + 20 };
    const tables = tablesOf(spec, market, series);
    expectSameBits(together(name, tables, series, { period: 9 }), alone(name, tables, series, { period: 9 }));
  });

  test("zeros of either sign, subnormals and the largest numbers have the same bits too", () => {
    const special = [0, -0, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, 2.3e-308, 1e150, -1e150, 3];
    const next = wordsFrom(99);
    for (let round = 0; round < 40; round++) {
      const series = 1 + (next() % 11);
      const tables = spec.inputs.map(() =>
        Float64Array.from({ length: series * 40 }, () => special[next() % (round % 2 === 0 ? 4 : special.length)]!),
      );
      const options = { ...choicesOf(spec, next), period: 1 + (next() % 3) };
      expectSameBits(together(name, tables, series, options), alone(name, tables, series, options));
    }
  });

  test("a snapshot taken anywhere goes on in another stream as if there had been no break", () => {
    const series = 11;
    const market: Market = { seed: 3, shape: "jumps", tick: 1 / 64, length: 60 };
    const tables = tablesOf(spec, market, series);
    const rowsAt = (bar: number) => tables.map((rows) => rows.subarray(bar * series, (bar + 1) * series));
    for (const broken of [0, 1, 6, 7, 8, 23]) {
      const first = streamOf(name, series, { period: 7 });
      for (let bar = 0; bar < broken; bar++) first.push(...rowsAt(bar));
      const second = streamOf(name, series, { period: 7 });
      second.restore(first.snapshot());
      for (const output of outputNames(name)) expect(hashBits(second[output]!)).toBe(hashBits(first[output]!));
      for (let bar = broken; bar < 60; bar++) {
        first.push(...rowsAt(bar));
        second.push(...rowsAt(bar));
      }
      expect(second.snapshot()).toEqual(first.snapshot());
    }
  });

  test("a refused row leaves the stream as it was", () => {
    const stream = streamOf(name, 3, { period: 2 });
    const good = spec.inputs.map(() => Float64Array.of(1, 2, 3));
    for (let bar = 0; bar < 5; bar++) stream.push(...good);
    const before = stream.snapshot();
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1.1e150]) {
      const rows = good.map((row, index) => (index === good.length - 1 ? Float64Array.of(4, bad, 6) : row));
      expect(() => stream.push(...rows)).toThrow(`close of series 1 was ${bad}`);
    }
    expect(() => stream.push(...good.map(() => Float64Array.of(1, 2)))).toThrow(MathArgumentError);
    expect(() => stream.push(...good.map(() => [1, 2, 3] as unknown as Row))).toThrow(MathTypeError);
    expect(() => stream.push(...good.slice(1))).toThrow(MathTypeError);
    expect(stream.snapshot()).toEqual(before);
  });

  test("a number that no kernel takes is named with its bar and its series, in the warm-up and long after", () => {
    const series = 9;
    for (const bar of [0, 2, 4000]) {
      for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY, 2e150]) {
        for (const sign of [1, -1]) {
          const tables = spec.inputs.map(() => new Float64Array(series * 4001).fill(sign));
          tables.at(-1)![bar * series + 5] = bad;
          const run = () => together(name, tables, series, { period: 3 });
          expect(run).toThrow(MathInputError);
          expect(run).toThrow(`close of bar ${bar}, series 5 was ${bad}; use a finite number`);
        }
      }
    }
  });
});

test("a series that moves its Bollinger pivot does not move its neighbours'", () => {
  const series = 8;
  const calm = Float64Array.from({ length: 200 }, (_, bar) => 100 + Math.sin(bar));
  const wild = calm.map((x, bar) => (bar < 93 ? x : x + 1e9));
  const columns = Array.from({ length: series }, (_, lane) => (lane === 2 || lane === 5 ? wild : calm));
  const rows = interleaved(columns);
  const options = { period: 10, deviations: 2 };
  expectSameBits(together("bollinger", [rows], series, options), alone("bollinger", [rows], series, options));
});

test("arguments out of range are refused by name", () => {
  const rows = new Float64Array(32);
  const refusals: readonly [unknown, unknown, new (...args: never[]) => Error, string][] = [
    [rows, { series: 0 }, MathArgumentError, "series was 0; use an integer from 1 to 1024"],
    [rows, { series: 1025 }, MathArgumentError, "series was 1025"],
    [rows, { series: 1.5 }, MathArgumentError, "series was 1.5"],
    [rows, { series: "8" }, MathTypeError, 'series was "8"'],
    [rows, {}, MathTypeError, "series was undefined"],
    [rows, undefined, MathTypeError, "options was undefined; use an object with series"],
    [rows, { series: 5 }, MathArgumentError, "close.length was 32; use a multiple of series, 5"],
    [rows, { series: 8, period: 0 }, MathArgumentError, "period was 0"],
    [rows, { series: 8, seed: "last" }, MathArgumentError, "seed was"],
    [rows, { series: 8, length: 3 }, MathArgumentError, "an option was"],
    [[1, 2], { series: 2 }, MathTypeError, "close was of type Array; use a Float64Array"],
    [new Float32Array(8), { series: 8 }, MathTypeError, "close was of type Float32Array"],
  ];
  for (const [given, options, type, message] of refusals) {
    const run = () => lanes.ema(given as Row, options as { series: number });
    expect(run, message).toThrow(type);
    expect(run, message).toThrow(message);
  }
  expect(() => lanes.atr(rows, rows, new Float64Array(24), { series: 8 })).toThrow("close.length was 24");
  expect(() => lanes.ema(rows, { series: 8 }, new Float64Array(8))).toThrow("into value.length was 8");
  expect(() => lanes.bollinger(rows, { series: 8 }, { upper: rows } as never)).toThrow("into middle was undefined");
  expect(lanes.ema(new Float64Array(0), { series: 8 })).toEqual(new Float64Array(0));
});

test("the types know inputs, options and outputs", () => {
  const rows = new Float64Array(32);
  // @ts-expect-error: how many series there are must be said.
  expect(() => lanes.ema(rows, { period: 3 })).toThrow("series was undefined");
  // @ts-expect-error: a bar has three prices.
  expect(() => lanes.stream.atr({ series: 8 }).push(rows)).toThrow(MathArgumentError);
  // @ts-expect-error: this one has no lanes.
  expect(lanes.macd).toBeUndefined();
  expect(lanes.stream.bollinger({ series: 4 }).middle).toHaveLength(4);
});

test("streams, matrices and the state of a batch share an arena that cannot grow", () => {
  const own = createLanes({ arenaCapacity: 65_536 });
  expect([own.arenaUsed, own.arenaCapacity]).toEqual([0, 65_536]);
  const stream = own.stream.ema({ series: 8, period: 3 });
  const used = own.arenaUsed;
  expect(used).toBeGreaterThan(stream.snapshot().length);
  const rows = new Float64Array(64).fill(7);
  own.sma(rows, { series: 8, period: 100 });
  expect(own.arenaUsed).toBe(used);
  expect(() => own.sma(rows, { series: 8, period: 10_000 })).toThrow(ArenaFullError);
  expect(() => own.matrix(10_000, 8)).toThrow(ArenaFullError);
  expect(() => own.stream.bollinger({ series: 1024, period: 20 })).toThrow(ArenaFullError);
  const matrix = own.matrix(500, 8);
  expect(matrix.every((x) => x === 0)).toBe(true);
  expect(own.arenaUsed).toBeGreaterThanOrEqual(used + 32_000);
  expect(() => createLanes({ arenaCapacity: 1 })).toThrow("arenaCapacity was 1");
  expect(() => own.matrix(0, 8)).toThrow("bars was 0");
  expect(() => own.matrix(8, 2000)).toThrow("series was 2000");
});

test("bytes of another indicator, of other options or out of range are not restored", () => {
  const options = { series: 5, period: 4 };
  const stream = lanes.stream.sma(options);
  for (let bar = 0; bar < 6; bar++) stream.push(new Float64Array(5).fill(bar));
  const bytes = stream.snapshot();
  const changed = (word: number, value: number) => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setInt32(4 * word, value, true);
    return copy;
  };
  const bad = [
    bytes.slice(1),
    new Uint8Array(bytes.length),
    lanes.stream.sma({ series: 4, period: 4 }).snapshot(),
    lanes.stream.sma({ series: 5, period: 5 }).snapshot(),
    changed(0, 17),
    changed(3, 5),
    changed(3, -1),
    changed(6, 4),
    changed(6, -1),
    changed(8, 2),
    changed(8, -1),
  ];
  for (const each of bad) expect(() => stream.restore(each)).toThrow(MathStateError);
  expect(stream.snapshot()).toEqual(bytes);
  stream.restore(changed(6, 3));
});

/** Runs a module with the built indicators, and returns what it prints. */
function printed(flags: readonly string[], body: string): string {
  const code = `import { ta, WebAssemblyMissingError } from "./dist/wasm/ta/index.js";\n${body}`;
  return execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", code], { encoding: "utf8" });
}

test("a push allocates nothing", () => {
  const flags = ["--trace-gc", "--max-semi-space-size=1", "--min-semi-space-size=1"];
  const text = printed(
    flags,
    `const rsi = ta.lanes.stream.rsi({ series: 16 }), atr = ta.lanes.stream.atr({ series: 16 });
     const row = new Float64Array(16).fill(100), low = new Float64Array(16).fill(99);
     const push = (bar) => { row[bar & 15] += 1; rsi.push(row); atr.push(row, low, row); };
     const run = (bars) => { for (let bar = 0; bar < bars; bar++) push(bar); };
     run(100000); console.log("compiled"); run(300000); console.log("done");`,
  );
  const collections = text.slice(text.indexOf("compiled")).match(/Scavenge|Mark-Compact/g) ?? [];
  expect(text).toContain("done");
  expect(collections.length, text).toBeLessThanOrEqual(1);
});

test("without WebAssembly the indicators load, and lanes say what is missing", () => {
  const text = printed(
    ["--jitless"],
    `console.log(ta.sma(Float64Array.of(1, 3), { period: 2 })[1]);
     try { ta.lanes.sma(new Float64Array(8), { series: 8 }); } catch (error) { console.log(error.name); }`,
  );
  expect(text.split("\n").slice(0, 2)).toEqual(["2", "WebAssemblyMissingError"]);
});

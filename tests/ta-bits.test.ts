/**
 * Every indicator gives the bits it gave when their hashes were committed, on whatever machine and engine this runs.
 * With SLUICE_WRITE_HASHES=1 the table is written anew, which only a deliberate change of a kernel justifies.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type AnySpec, createMathCore, table } from "../wasm/index.js";
import { valuesOf } from "../wasm/ta/arguments.js";
import { hashBits } from "./support/numbers.js";
import { type Market, seriesOf } from "./ta/series.js";

const file = new URL("fixtures/ta/hashes.json", import.meta.url);
const MARKETS: readonly Market[] = (["walk", "steps", "flat", "jumps"] as const).map((shape, index) => {
  return { seed: 500 + index, shape, tick: 1 / 64, length: 400 };
});

const core = createMathCore();
const hashes = Object.fromEntries(Object.entries<AnySpec>(table).map(([name, spec]) => [name, hashOf(spec)]));
if (process.env.SLUICE_WRITE_HASHES === "1") writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`);
const committed: Record<string, string> = JSON.parse(readFileSync(file, "utf8"));

/** Of all outputs on all markets. */
function hashOf(spec: AnySpec): string {
  const results = MARKETS.flatMap((market) => core.batch.indicator(spec, seriesOf(spec, market), valuesOf(spec)));
  return hashBits(Float64Array.from(results.flatMap((each) => [...each])));
}

test("the table of hashes has every indicator and no other", () => {
  expect(Object.keys(committed).sort()).toEqual(Object.keys(table).sort());
});

test.each(Object.keys(table))("%s gives the committed bits", (name) => {
  expect(hashes[name]).toBe(committed[name]);
});

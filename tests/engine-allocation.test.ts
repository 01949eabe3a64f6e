/**
 * Garbage on the hot path, counted in a process of its own on built output (`tsc -b engine`). Neither the engine nor
 * the examples make any once V8 has compiled them.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import { BTC, ETH, engineConfig } from "./support/engine.js";

const MESSAGES = 1_000_000;
/** With the young generation of this size a collection tells of at least half as many bytes allocated. */
const SEMI_SPACE_MIB = 1;

interface Bundle {
  readonly id: string;
  readonly bundle: string;
}
interface Measured {
  readonly collections: string[];
  readonly nsPerMessage: number;
  readonly sequence: number;
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sluice-allocation-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function measure(bundles: readonly Bundle[]): Measured {
  const path = join(directory, "bundles.json");
  const config = engineConfig({ strategies: bundles.map(({ id }) => ({ id, bundle: "", params: {} })) });
  writeFileSync(path, JSON.stringify({ config, bundles }));
  const flags = ["--expose-gc", `--max-semi-space-size=${SEMI_SPACE_MIB}`, `--min-semi-space-size=${SEMI_SPACE_MIB}`];
  const text = execFileSync(
    process.execPath,
    [...flags, "tests/support/engine-allocation.mjs", path, String(MESSAGES)],
    { encoding: "utf8" },
  );
  const measured = JSON.parse(text) as Measured;
  console.log(
    bundles.map(({ id }) => id).join(", "),
    `${measured.collections.length} collections, ${measured.nsPerMessage.toFixed(0)} ns a message`,
  );
  expect(measured.sequence).toBeGreaterThan(MESSAGES);
  return measured;
}

/** Reads what it is called with, as whole numbers, and counts. */
const counter: Bundle = {
  id: "counter",
  bundle: `exports.default = {
    id: "counter",
    subscribe: ["trades:${BTC.id}", "quotes:${BTC.id}", "book:${BTC.id}", "book:${ETH.id}", "timer:1s"],
    init: () => ({ calls: 0, buys: 0, levels: 0 }),
    onTrade(ctx, state, trade) { state.calls += 1; if (trade.aggressor === "buy") state.buys += 1; },
    onQuote(ctx, state) { if (ctx.position.isFlat) state.calls += 1; },
    onBook(ctx, state, book) {
      state.levels = book.bidLevels + book.askLevels;
      if (ctx.isWorking(1)) state.calls += 1;
    },
    onTimer(ctx, state, timer) { state.calls += 1; } };`,
};

/** Follows the trades by a model that it was given, in whole ticks of a whole price. */
const follower: Bundle = {
  id: "follower",
  bundle: `exports.default = {
    id: "follower",
    subscribe: ["trades:${BTC.id}"],
    init: (ctx) => ({
      bulls: 0, sure: 0, last: 0,
      regime: ctx.hmm({
        states: 2, features: 1, window: 1000, start: Float64Array.of(0.5, 0.5), means: Float64Array.of(-1, 1),
        transition: Float64Array.of(0.9, 0.1, 0.1, 0.9), variances: Float64Array.of(4, 4),
      }),
    }),
    onTrade(ctx, state, trade) {
      state.regime.push(trade.aggressor === "buy" ? 1 : -1);
      state.last = (state.last + 1) % 1000;
      if (state.regime.name === "bull") state.bulls += 1;
      if (state.regime.probability("bull") > 0.9) state.sure += 1;
    } };`,
};

describe("a million market messages", () => {
  test("through the engine and a strategy's handlers allocate nothing", () => {
    expect(measure([counter]).collections).toEqual([]);
  });

  test("through a regime that is pushed and asked at every trade allocate nothing", () => {
    expect(measure([follower]).collections).toEqual([]);
  });

  test("through both example strategies allocate nothing", async () => {
    const bundles = await Promise.all(
      ["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)),
    );
    expect(measure(bundles).collections).toEqual([]);
  });
});

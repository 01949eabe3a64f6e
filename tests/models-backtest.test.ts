/**
 * Runs over a recorded market whose strategies ask for models: an unchanged one takes those that were recorded, to the
 * bit and without a fit; a changed one has its own fitted inline, and none of the recorded ones is taken for its own.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { plainText, plainValue } from "../cli/replay/plain-value.js";
import { recordLine } from "../cli/replay/record-line.js";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import {
  type Engine,
  type EngineConfig,
  formatHash,
  InlineFits,
  InlineSimulation,
  type Regime,
  stateHash,
} from "../engine/index.js";
import { backtest } from "../research/backtest.js";
import { recordAt } from "../research/replay/divergence.js";
import { whatIf } from "../research/whatif.js";
import { MessageType, Mode, OperatorAction, viewsOf } from "../schemas/index.js";
import { refit } from "../wasm/hmm/refit.js";
import { createMathCore, type MathCore } from "../wasm/index.js";
import { configAt, engineConfig, loadAll, operatorAt, Recording, SECOND, START_US, takeAll } from "./support/engine.js";
import { FOLLOWER, sortingFit } from "./support/regimes.js";
import { syntheticMarket } from "./support/synthetic-market.js";
import { crc32c, sealSegments } from "./support/tape.js";

const BUNDLES = [{ id: "follower", bundle: FOLLOWER }];
const CONFIG = engineConfig({ strategies: [{ id: "follower", bundle: "f", params: {} }] });
const changed = (config: EngineConfig): EngineConfig => ({
  ...config,
  strategies: config.strategies.map((each) => ({ ...each, params: { every: 30 } })),
});
const small = () => createMathCore({ arenaCapacity: 65_536 });
const load = (_config: EngineConfig, core: MathCore) => loadAll(BUNDLES, core);
const hashOf = (engine: Engine): string => formatHash(stateHash(engine));

/** A paper run whose models come of no real fit, so that one made again would show. */
function record(count = 3_000) {
  const recording = new Recording();
  const math = small();
  const simulation = new InlineSimulation(
    { config: CONFIG, math, strategies: loadAll(BUNDLES, math) },
    recording.onLogged,
    new InlineFits(sortingFit, 70_000),
  );
  takeAll(simulation, [configAt(START_US, CONFIG, Mode.Paper), ...syntheticMarket(count, 11)]);
  takeAll(simulation, [operatorAt(simulation.engine.timeUs + SECOND, OperatorAction.Stop)]);
  return { engine: simulation.engine, recording };
}

let run: ReturnType<typeof record>;
beforeAll(() => {
  run = record();
});
const tape = () => sealSegments(run.recording.records, { segments: 2 });

describe("a backtest", () => {
  test("of the recorded strategies takes the recorded models, and makes the same records", () => {
    const again = new Recording();
    const { engine } = backtest({ tape: tape(), crc32c, math: small(), load, onLogged: again.onLogged });
    expect(Buffer.concat(again.records).equals(Buffer.concat(run.recording.records))).toBe(true);
    expect(hashOf(engine)).toBe(hashOf(run.engine));
    expect(run.recording.ofType("ModelFit").length).toBeGreaterThan(20);
  });

  test("of others has their models fitted, each a second of the market's time after it was asked for", () => {
    const again = new Recording();
    const { engine } = backtest({
      ...{ tape: tape(), crc32c, math: small(), load },
      configure: changed,
      onLogged: again.onLogged,
    });
    const [asked, answers] = [again.ofType("ModelRequest"), again.ofType("ModelFit")];
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.map(({ body }) => [body.request, body.timeUs])).toEqual(
      asked.slice(0, answers.length).map(({ sequence, body }) => [sequence, body.timeUs + SECOND]),
    );
    expect(engine.regimes).toMatchObject({ refused: 0, failed: 0 });
  });
});

describe("a what-if", () => {
  const compare = (change: (config: EngineConfig) => EngineConfig, partsAfter: number | null) =>
    whatIf({
      ...{ segments: tape(), crc32c, makeCore: small, load, loadModelled: load, change },
      partsBefore: partsAfter === null ? null : ({ sequence }) => sequence > partsAfter,
    });

  test("with nothing changed is the recorded run, models and all", () => {
    const { difference, recordsEqual, modelledEngine } = compare((config) => config, null);
    expect(difference).toBeNull();
    expect(recordsEqual).toBe(run.recording.records.length);
    expect(hashOf(modelledEngine)).toBe(hashOf(run.engine));
  });

  test("that parts in the middle has its own models from there on, and refuses none", () => {
    const partsAfter = 1_500;
    const limits = (config: EngineConfig): EngineConfig => ({
      ...config,
      risk: { ...config.risk, maxPosition: "100" },
    });
    const { modelledEngine, recordedEngine } = compare(limits, partsAfter);
    const asked = modelledEngine.written[MessageType.ModelRequest];
    const answered = modelledEngine.written[MessageType.ModelFit];
    expect(asked - answered).toBeLessThanOrEqual(1);
    expect(answered).toBeGreaterThan(10);
    expect(modelledEngine.regimes.refused).toBe(0);
    expect(hashOf(recordedEngine)).toBe(hashOf(run.engine));
  });
});

describe("the example strategy", () => {
  test("has models fitted and trades by them", async () => {
    const bundle = await bundleStrategy("strategies/regime.ts");
    const params = { refitEvery: 60, window: 300, certainty: 0.5 };
    const config = engineConfig({ strategies: [{ id: bundle.id, bundle: bundle.sha256, params }] });
    const recording = new Recording();
    const math = small();
    const strategies = loadAll([bundle], math);
    const simulation = new InlineSimulation({ config, math, strategies }, recording.onLogged, new InlineFits(refit));
    takeAll(simulation, [configAt(START_US, config), ...syntheticMarket(6_000, 2)]);
    const said = recording.ofType("StrategyLog").map(({ text }) => text);
    expect(said.length).toBeGreaterThan(3);
    expect(said[0]).toMatch(/^model (fitted|unconverged): (bull|bear|sideways)(, (bull|bear|sideways)){2} of \d+ obs/);
    expect(simulation.engine.strategies[0].enabled).toBe(true);
    expect(simulation.engine.fills).toBeGreaterThan(3);
  });
});

test("requests, models and regimes are told in words", () => {
  const names = { instruments: run.engine.instruments, strategies: ["follower"] };
  const lines = run.recording.records.map((record) => recordLine(recordAt(viewsOf(record.slice().buffer), 0), names));
  expect(lines.find((line) => line.startsWith("model-request"))).toBe(
    "model-request follower for regime 0: 2 states of 19 observations",
  );
  const asked = run.recording.ofType("ModelRequest")[0].sequence;
  expect(lines.find((line) => line.startsWith("model-fit"))).toBe(
    `model-fit to ${asked} for regime 0: unconverged, 19 iterations`,
  );
  const { regime } = run.engine.strategies[0].state as { regime: Regime };
  expect(plainValue(regime)).toMatchObject({ regime: regime.name, ready: true, state: regime.state, observed: 50 });
  expect(plainText(plainValue({ regime }))).toMatch(
    /^\{ regime: hmm\(2\) = (bull|bear) [01]\.\d\d \(state [01]\), 50 kept, refit (fitted|unconverged|asked for) \}$/,
  );
});

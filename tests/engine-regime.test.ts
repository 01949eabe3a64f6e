/**
 * Regimes in the engine: what a strategy sees of its model, how a new one is asked for and believed, and that all of it
 * is state, which a replay, a snapshot and another life bring back to the bit.
 */
import { describe, expect, test } from "vitest";
import { briefHash } from "../engine/brief-hash.js";
import {
  Engine,
  type EngineConfig,
  type FitAnswer,
  formatHash,
  InlineFits,
  InlineSimulation,
  MemoryLog,
  type Params,
  type Regime,
  readFitJob,
  replay,
  SnapshotError,
  type StrategyDefinition,
  stateHash,
} from "../engine/index.js";
import { OBSERVED_NUMBERS_MAX } from "../engine/models/regime.js";
import { encodeState, restoreState } from "../engine/snapshot/state-codec.js";
import {
  FitOutcome,
  LifeStart,
  MODEL_FIT_MODEL_COUNT,
  Mode,
  OperatorAction,
  RECORD_HEADER_BYTES,
  viewsOf,
} from "../schemas/index.js";
import { createMathCore, type MathCore } from "../wasm/index.js";
import {
  clockAt,
  configAt,
  engineAlone,
  engineConfig,
  loadAll,
  type Message,
  MS,
  operatorAt,
  probe,
  Recording,
  SECOND,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";
import { answerAt, CALM, FOLLOWER, messageOf, sortingFit } from "./support/regimes.js";
import { syntheticMarket } from "./support/synthetic-market.js";
import { crc32c, sealSegments } from "./support/tape.js";

interface Following {
  readonly regime: Regime;
  readonly outcomes: string[];
  readonly asked: boolean[];
}

/** A strategy that observes the prices of trades, and asks for a model at every price above 200 ticks. */
const follower = (given: { readonly window?: number } = {}): StrategyDefinition => probe(following(given));

function following(given: { readonly window?: number } = {}): Partial<StrategyDefinition<Params, Following>> {
  return {
    init: (ctx) => ({
      regime: ctx.hmm({ states: 2, features: 1, window: 8, ...given }),
      outcomes: [],
      asked: [],
    }),
    onTrade(_ctx, { regime, asked }, trade) {
      if (trade.price > 2) asked.push(regime.refit());
      else regime.push(100 * trade.price - 100);
    },
    onModel(_ctx, { outcomes, regime }, view) {
      outcomes.push(view === regime ? view.outcome : "another's");
    },
  };
}

const observe = (at: number, value: number): Message => tradeAt(START_US + at * MS, 100 + value, 1);
const ask = (at: number): Message => tradeAt(START_US + at * MS, 300, 1);
const OBSERVED = [-3, 2, -1, 4, 3, 2];
const observed = (): Message[] => OBSERVED.map((value, at) => observe(at + 1, value));

/** An engine whose follower has seen some, and has asked at `request`. */
function asking(given = {}) {
  const { engine, recording, config } = engineAlone([follower(given)]);
  takeAll(engine, [...observed(), ask(10)]);
  const state = engine.strategies[0].state as Following;
  return { engine, recording, config, state, request: engine.sequence };
}

const hashOf = (engine: Engine): string => formatHash(stateHash(engine));

describe("a request", () => {
  test("holds the newest observations, oldest first, and the model there is", () => {
    const { recording, engine, state, request } = asking({ window: 4 });
    takeAll(engine, [answerAt(START_US + 20 * MS, { request }), ask(30)]);
    const jobs = requestsIn(recording);
    expect(jobs.map(({ observations }) => [...observations])).toEqual([OBSERVED.slice(-4), OBSERVED.slice(-4)]);
    expect(jobs[0]).toMatchObject({ states: 2, features: 1, previous: undefined });
    expect(jobs[1].previous).toEqual(CALM);
    expect(jobs[1].seed).not.toBe(jobs[0].seed);
    expect(state.asked).toEqual([true, true]);
  });

  test("is one at a time: what is asked meanwhile is refused", () => {
    const { engine, recording, state, request } = asking();
    takeAll(engine, [ask(11), ask(12)]);
    expect(state.asked).toEqual([true, false, false]);
    expect(state.regime.isRefitting).toBe(true);
    takeAll(engine, [answerAt(START_US + 20 * MS, { request }), ask(30)]);
    expect(state.asked).toEqual([true, false, false, true]);
    expect(recording.ofType("ModelRequest")).toHaveLength(2);
  });

  test("is not made of as few observations as there are states", () => {
    const { engine, recording } = engineAlone([follower()]);
    takeAll(engine, [observe(1, 3), observe(2, 4), ask(3)]);
    const state = engine.strategies[0].state as Following;
    expect(state.asked).toEqual([false]);
    expect(recording.ofType("ModelRequest")).toEqual([]);
  });

  test("of a regime that keeps nothing switches the strategy off with the remedy", () => {
    const { recording } = asking({ window: 0 });
    expect(recording.ofType("StrategyLog").map(({ text }) => text)).toEqual([
      "onTrade failed and is switched off: this regime keeps no observations to fit: make it with a window",
    ]);
  });

  test("leaves room for orders: the largest requests of one input are spread over those after it", () => {
    const many = probe<{ regimes: Regime[] }>({
      init: (ctx) => ({
        regimes: Array.from({ length: 7 }, () => ctx.hmm({ states: 6, features: 4, window: OBSERVED_NUMBERS_MAX / 4 })),
      }),
      onTrade(_ctx, { regimes }, trade) {
        for (const regime of regimes) {
          if (trade.price > 2) expect(regime.refit()).toBe(true);
          else for (let at = 0; at < 2_000; at += 1) regime.push(at, 1, 2, 3);
        }
      },
    });
    const { engine, recording } = engineAlone([many]);
    takeAll(engine, [observe(1, 1), ask(2)]);
    for (let at = 3; at < 10; at += 1) takeAll(engine, [clockAt(START_US + at * MS)]);
    const asked = recording.ofType("ModelRequest");
    expect(asked.map(({ body }) => body.regime)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(new Set(asked.map(({ sequence }) => sequence)).size).toBeGreaterThan(3);
    expect(engine.regimes.waiting).toBe(0);
  });

  test("of a strategy that was switched off meanwhile is not made", () => {
    const { engine, recording } = engineAlone([
      probe<Following>({
        ...following(),
        onTrade(_ctx, { regime }, trade) {
          if (trade.price <= 2) regime.push(trade.price);
          else if (regime.refit()) throw new Error("enough");
        },
      }),
    ]);
    takeAll(engine, [...observed(), ask(10), clockAt(START_US + SECOND)]);
    expect(recording.ofType("ModelRequest")).toEqual([]);
    expect(engine.regimes.waiting).toBe(0);
  });
});

describe("an answer", () => {
  test("gives the regime its model, runs it over what was kept, and tells the strategy", () => {
    const { engine, state, request } = asking();
    expect(state.regime).toMatchObject({ ready: false, state: -1, name: "unknown", outcome: "none", names: [] });
    takeAll(engine, [answerAt(START_US + 20 * MS, { request })]);
    const twin = createMathCore().hmmFilter(CALM);
    for (const x of OBSERVED) twin.push(x);
    expect(state.outcomes).toEqual(["fitted"]);
    expect(state.regime).toMatchObject({ ready: true, state: 1, name: "bull", isRefitting: false });
    expect(state.regime.names).toEqual(["bear", "bull"]);
    expect(state.regime.probability("bull")).toBe(twin.probability(1));
    expect(state.regime.probability(0)).toBe(twin.probability(0));
    expect(state.regime.probability("sideways")).toBe(0);
    expect(state.regime.logLikelihood).toBe(twin.logLikelihood);
  });

  test("that is not converged is a model all the same, and says so", () => {
    const { engine, state, request } = asking();
    takeAll(engine, [answerAt(START_US + 20 * MS, { request, outcome: FitOutcome.Unconverged })]);
    expect(state.outcomes).toEqual(["unconverged"]);
    expect(state.regime.model).toEqual(CALM);
  });

  test.each([
    ["failed", FitOutcome.Failed],
    ["busy", FitOutcome.Busy],
  ] as const)("without a model, %s, is told, and the next request may come", (said, outcome) => {
    const { engine, state, request } = asking();
    takeAll(engine, [answerAt(START_US + 20 * MS, { request, outcome, model: null }), ask(30)]);
    expect(state.outcomes).toEqual([said]);
    expect(state.regime.model).toBeNull();
    expect(state.asked).toEqual([true, true]);
    expect([engine.regimes.failed, engine.regimes.refused]).toEqual([1, 0]);
  });

  /** Answers to nothing that is open: nobody hears of them. */
  test.each<readonly [string, (request: number) => Partial<FitAnswer> & { readonly request: number }]>([
    ["to a regime that is not there", (request) => ({ request, regime: 1 })],
    ["to the largest regime there could be", (request) => ({ request, regime: 2 ** 32 - 1 })],
    ["to an older request", (request) => ({ request: request - 1 })],
    ["to a request that is still to come", (request) => ({ request: request + 1 })],
    ["to no request", () => ({ request: 0 })],
    ["to a request that is no number", () => ({ request: Number.NaN })],
  ])("%s is counted and refused", (_, given) => {
    const { engine, state, request } = asking();
    takeAll(engine, [answerAt(START_US + 20 * MS, given(request))]);
    expect(engine.regimes.refused).toBe(1);
    expect(state).toMatchObject({ outcomes: [], regime: { isRefitting: true, model: null } });
  });

  /** Answers to the open request that hold no model of it: the request is over, and has failed. */
  test.each<readonly [string, (message: Message) => void]>([
    ["too few numbers", ({ views }) => views.u32.fill(9, MODEL_FIT_MODEL_COUNT >> 2, (MODEL_FIT_MODEL_COUNT >> 2) + 1)],
    ["far too many", ({ views }) => views.u32.fill(-1, MODEL_FIT_MODEL_COUNT >> 2, (MODEL_FIT_MODEL_COUNT >> 2) + 1)],
    ["a NaN among them", ({ views }) => views.f64.fill(Number.NaN, views.f64.length - 1)],
    [
      "an infinite mean",
      ({ views }) => views.f64.fill(Number.POSITIVE_INFINITY, views.f64.length - 3, views.f64.length - 2),
    ],
    ["a variance of 0", ({ views }) => views.f64.fill(0, views.f64.length - 1)],
    ["rows that do not sum to 1", ({ views }) => views.f64.fill(0.9, views.f64.length - 10, views.f64.length - 8)],
    ["an outcome that is none", (message) => message.views.u8.fill(77, 64, 65)],
  ])("of %s is refused, and the request has failed", (_, spoil) => {
    const { engine, state, request } = asking();
    const message = answerAt(START_US + 20 * MS, { request });
    spoil(message);
    takeAll(engine, [message]);
    expect([engine.regimes.refused, engine.regimes.failed]).toEqual([1, 1]);
    expect(state).toMatchObject({ outcomes: ["failed"], regime: { isRefitting: false, model: null } });
  });

  test("that comes twice counts once", () => {
    const { engine, state, request } = asking();
    const other = { ...CALM, means: Float64Array.of(-9, 9) };
    takeAll(engine, [
      answerAt(START_US + 20 * MS, { request }),
      answerAt(START_US + 21 * MS, { request, model: other }),
    ]);
    expect(state.outcomes).toEqual(["fitted"]);
    expect(state.regime.model).toEqual(CALM);
    expect(engine.regimes.refused).toBe(1);
  });

  test("a later one keeps the probabilities and names the states anew", () => {
    const { engine, state, request } = asking();
    takeAll(engine, [answerAt(START_US + 20 * MS, { request }), ask(30)]);
    const before = [0, 1].map((each) => state.regime.probability(each));
    const turned = { ...CALM, means: Float64Array.of(5, -5) };
    takeAll(engine, [answerAt(START_US + 40 * MS, { request: engine.sequence, model: turned })]);
    expect([0, 1].map((each) => state.regime.probability(each))).toEqual(before);
    expect(state.regime).toMatchObject({ state: 1, name: "bear" });
  });
});

describe("as state", () => {
  test("a regime in the middle of a request comes back from a snapshot and goes on to the bit", () => {
    const { engine, recording, config, request } = asking();
    const other = new Recording();
    const copy = new Engine({
      config,
      strategies: [follower()],
      math: createMathCore(),
      log: new MemoryLog(other.onLogged),
    });
    restoreState(copy, encodeState(engine));
    expect(hashOf(copy)).toBe(hashOf(engine));
    expect(briefHash(copy)).toMatchObject({ high: briefHash(engine).high, low: briefHash(engine).low });
    const from = recording.records.length;
    const rest = () => [
      observe(15, 2),
      answerAt(START_US + 20 * MS, { request }),
      observe(25, -3),
      ask(30),
      operatorAt(START_US + SECOND, OperatorAction.Stop),
    ];
    takeAll(engine, rest());
    takeAll(copy, rest());
    expect(other.records).toEqual(recording.records.slice(from));
    expect(encodeState(copy)).toEqual(encodeState(engine));
    expect((copy.strategies[0].state as Following).regime.names).toEqual(["bear", "bull"]);
  });

  test("every part of it is in the state hash: what was asked, what came, what is kept", () => {
    const hashes = (more: (request: number) => Message[]): string => {
      const { engine, request } = asking();
      takeAll(engine, more(request));
      return hashOf(engine);
    };
    const at = START_US + 20 * MS;
    const all = [
      hashes(() => [clockAt(at)]),
      hashes((request) => [answerAt(at, { request })]),
      hashes((request) => [answerAt(at, { request, model: { ...CALM, start: Float64Array.of(0.4, 0.6) } })]),
      hashes((request) => [answerAt(at, { request, outcome: FitOutcome.Unconverged })]),
      hashes((request) => [answerAt(at, { request: request + 1 })]),
      hashes(() => [observe(20, 1)]),
      hashes(() => [observe(20, 2)]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("bytes of a snapshot that name no filter, strategy or outcome are refused", () => {
    const { engine, config } = asking();
    const bytes = encodeState(engine);
    const fresh = () =>
      new Engine({ config, strategies: [follower()], math: createMathCore(), log: new MemoryLog(() => {}) });
    const row = Buffer.from(bytes).indexOf(rowOf(engine));
    expect(row).toBeGreaterThan(0);
    for (const [offset, value] of [
      [0, 1],
      [4, 1],
      [13, 0xff],
      [14, 2],
      [15, 99],
    ]) {
      const hostile = bytes.slice();
      hostile[row + offset] = value;
      expect(() => restoreState(fresh(), hostile), `byte ${offset}`).toThrow(SnapshotError);
    }
    expect(() => restoreState(fresh(), bytes)).not.toThrow();
  });
});

describe("another life", () => {
  const nextLife = (config: EngineConfig, start: number): Message =>
    configAt(START_US + 10 * SECOND, config, Mode.Backtest, 2, start);

  test("asks again for what the one before was not told, under a new number", () => {
    const { engine, recording, config, state, request } = asking();
    takeAll(engine, [nextLife(config, LifeStart.Resumed)]);
    const [first, second] = recording.ofType("ModelRequest");
    expect([first.sequence, second.sequence]).toEqual([request, engine.sequence]);
    takeAll(engine, [answerAt(START_US + 11 * SECOND, { request })]);
    expect([engine.regimes.refused, state.outcomes]).toEqual([1, []]);
    takeAll(engine, [answerAt(START_US + 12 * SECOND, { request: second.sequence })]);
    expect(state.outcomes).toEqual(["fitted"]);
    expect(requestsIn(recording)[1].observations).toEqual(requestsIn(recording)[0].observations);
  });

  test("that follows a stop asks again too, and asks once", () => {
    const { engine, recording, config } = asking();
    takeAll(engine, [operatorAt(START_US + SECOND, OperatorAction.Stop), nextLife(config, LifeStart.Resumed)]);
    takeAll(engine, [clockAt(START_US + 11 * SECOND)]);
    expect(recording.ofType("ModelRequest")).toHaveLength(2);
  });

  test("does not ask for what was answered", () => {
    const { engine, recording, config, request } = asking();
    takeAll(engine, [answerAt(START_US + 20 * MS, { request }), nextLife(config, LifeStart.Resumed)]);
    expect(recording.ofType("ModelRequest")).toHaveLength(1);
  });
});

describe("requests that nobody read", () => {
  const unread = (request: number): Message =>
    messageOf(START_US + SECOND, {
      ...{ regime: 0, request, outcome: FitOutcome.Unread, model: null },
      ...{ logLikelihood: 0, iterations: 0, workUs: 0 },
    });

  test("are asked again, and the strategy is told nothing", () => {
    const { engine, recording, state, request } = asking();
    takeAll(engine, [unread(request)]);
    expect(recording.ofType("ModelRequest").map(({ sequence }) => sequence)).toEqual([request, engine.sequence]);
    expect(state.outcomes).toEqual([]);
  });

  test("behind those that were lost stay as they are", () => {
    const { engine, recording, request } = asking();
    takeAll(engine, [unread(request - 1), unread(Number.NaN), unread(-1)]);
    expect(recording.ofType("ModelRequest")).toHaveLength(1);
  });
});

describe("a run with fits made inline", () => {
  const small = () => createMathCore({ arenaCapacity: 65_536 });
  const bundles = [{ id: "follower", bundle: FOLLOWER }];
  const config = engineConfig({
    strategies: [{ id: "follower", bundle: "f", params: {} }],
    paper: { orderLatencyUs: 5_000, reportLatencyUs: 5_000, fitLatencyUs: 40_000 },
  });

  function run(count: number, seed: number, fit = sortingFit) {
    const recording = new Recording();
    const math = small();
    const fits = new InlineFits(fit, config.paper.fitLatencyUs);
    const simulation = new InlineSimulation(
      { config, math, strategies: loadAll(bundles, math) },
      recording.onLogged,
      fits,
    );
    takeAll(simulation, [configAt(START_US, config), ...syntheticMarket(count, seed)]);
    takeAll(simulation, [operatorAt(simulation.engine.timeUs + SECOND, OperatorAction.Stop)]);
    return { engine: simulation.engine, recording };
  }

  test("gets each model the configured time after its request, and trades by it", () => {
    const { engine, recording } = run(3_000, 3);
    const asked = recording.ofType("ModelRequest");
    const answers = recording.ofType("ModelFit");
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.map(({ body }) => body.request)).toEqual(
      asked.map(({ sequence }) => sequence).slice(0, answers.length),
    );
    expect(answers.map(({ body }) => body.timeUs)).toEqual(
      asked.slice(0, answers.length).map(({ body }) => body.timeUs + 40_000),
    );
    expect(engine.fills).toBeGreaterThan(5);
  });

  test("replays from its journal to the same outputs and state, and makes no fit", () => {
    const { engine, recording } = run(3_000, 4);
    const load = (_config: EngineConfig, core: MathCore) => loadAll(bundles, core);
    const segments = sealSegments(recording.records, { segments: 3 });
    const result = replay({ segments, crc32c, makeCore: small, load });
    expect(hashOf(result.engine)).toBe(hashOf(engine));
    expect(result.outputsEqual).toBe(recording.records.length - result.tape.inputs);
    expect((engine.strategies[0].state as { models: number }).models).toBeGreaterThan(10);
  });

  test("is the same bytes every time", () => {
    const bytes = (seed: number): string => Buffer.concat(run(800, seed).recording.records).toString("base64");
    expect(bytes(5)).toBe(bytes(5));
    expect(bytes(5)).not.toBe(bytes(6));
  });

  test("goes on when a fit fails", () => {
    const { engine, recording } = run(800, 5, () => {
      throw new Error("no model");
    });
    expect(recording.ofType("ModelFit").every(({ body }) => body.outcome === FitOutcome.Failed)).toBe(true);
    expect(engine.regimes.failed).toBeGreaterThan(3);
    expect(engine.strategies[0].enabled).toBe(true);
  });
});

/** What whoever fits would read of each request. */
function requestsIn({ records }: Recording) {
  return records.flatMap((record) => {
    const views = viewsOf(new Uint8Array(record).buffer);
    return views.u16[4] === 71 ? [readFitJob(views, RECORD_HEADER_BYTES)] : [];
  });
}

/** The bytes of the only regime's row in a snapshot. */
function rowOf(engine: Engine): Buffer {
  const [{ _filter, _row }] = engine.regimes.all;
  const row = Buffer.alloc(16);
  row.writeUInt32LE(_filter.index, 0);
  row.writeUInt16LE(_row.strategy, 4);
  row.writeDoubleLE(_row.request, 6);
  row.writeUInt8(_row.wanted ? 1 : 0, 14);
  row.writeUInt8(_row.outcome, 15);
  return row;
}

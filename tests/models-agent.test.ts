/**
 * Models on their way: from a strategy's request in the log, by a pool of real threads, back as an input of the engine.
 * Every request has one answer, whatever becomes of the threads, and what was not read is asked again.
 */
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { withoutModel } from "../engine/index.js";
import { FitOutcome, MessageType } from "../schemas/index.js";
import { ModelRun, type ModelRunOptions } from "./support/model-run.js";
import { wordsFrom } from "./support/numbers.js";

const STRANGE = pathToFileURL("tests/support/strange-fit.mjs").href;
const THROWS = [-1, 0, 1];
const DIES = [-2, 0, 1];
const HANGS = [-3, 0, 1];
const DAWDLES = [-4, 0, 1];
const FINE = [7, 0, 1];

const runs: ModelRun[] = [];
function begin(options: ModelRunOptions = {}): ModelRun {
  const run = new ModelRun(options);
  runs.push(run);
  return run;
}
afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

/** Two calm markets in turns, a hundred observations each. */
function twoMarkets(): number[] {
  const next = wordsFrom(3);
  return Array.from({ length: 400 }, (_, at) => (Math.floor(at / 100) % 2 === 0 ? -5 : 5) + next() / 2 ** 32);
}

describe("the pool that users have", () => {
  test("fits what a regime has seen, and the engine goes on by the model", async () => {
    const run = begin();
    run.ask(0, twoMarkets());
    await run.until(() => run.told.length > 0, "an answer");
    const [regime] = run.regimes;
    expect(run.told).toEqual(["0 fitted"]);
    expect(regime.names.toSorted()).toEqual(["bear", "bull"]);
    const means = [...regime.model!.means].sort((one, other) => one - other);
    expect(Math.abs(means[0] + 4.5)).toBeLessThan(0.1);
    expect(Math.abs(means[1] - 5.5)).toBeLessThan(0.1);
    expect([regime.name, regime.push(-4.5), regime.name]).toEqual(["bull", regime.names.indexOf("bear"), "bear"]);
    expect(run.counters.get("models.fits")).toBe(1);
    expect(run.counters.get("models.workUs")).toBeGreaterThan(0);
    expect(run.counters.get("models.underWay")).toBe(0);
    expect(run.errors).toEqual([]);
  });

  test("keeps the order of states from one fit to the next", async () => {
    const run = begin();
    run.ask(0, twoMarkets());
    await run.until(() => run.told.length === 1, "the first answer");
    const before = run.regimes[0].names;
    run.ask(
      0,
      twoMarkets().map((x) => 1.5 * x),
    );
    await run.until(() => run.told.length === 2, "the second answer");
    expect(run.regimes[0].names).toEqual(before);
  });

  test("says that there is no model of what never changes", async () => {
    const run = begin();
    run.ask(0, [1, 1, 1, 1, 1, 1]);
    await run.until(() => run.told.length > 0, "an answer");
    expect(run.told).toEqual(["0 failed"]);
    expect(run.counters.get("models.failures")).toBe(1);
    expect(run.errors).toHaveLength(1);
  });

  test("has no thread before the first request", () => {
    const run = begin();
    for (let at = 0; at < 100; at += 1) run.tick();
    run.agent.work();
    expect((run.pool as unknown as { pool: unknown }).pool).toBeNull();
  });
});

describe("a pool whose threads fail", () => {
  test.each([
    ["that throw", THROWS, "no model of these", {}],
    ["that end", DIES, "", {}],
    ["that never return", HANGS, "aborted", { limitMs: 2_000 }],
  ])("%s: the request has failed, and the next one is fitted", async (_, observations, words, limit) => {
    const run = begin({ worker: STRANGE, ...limit });
    run.ask(0, observations);
    await run.until(() => run.told.length === 1, "the first answer");
    expect(run.told).toEqual(["0 failed"]);
    expect(run.errors.join()).toContain(words);
    run.regimes[0].push(5);
    expect(run.regimes[0].isRefitting).toBe(false);
    run.ask(0, new Array(400).fill(7));
    await run.until(() => run.told.length === 2, "the second answer");
    expect(run.told).toEqual(["0 failed", "0 fitted"]);
  });

  test("whose module is not there: every request is answered", async () => {
    const run = begin({ worker: "file:///nowhere/fit.js", regimes: 2 });
    run.ask(0, FINE);
    run.ask(1, FINE);
    await run.until(() => run.told.length === 2, "both answers");
    expect(run.told.toSorted()).toEqual(["0 failed", "1 failed"]);
  });
});

describe("the bounds", () => {
  test("more requests than the pool takes are busy at once, the others are fitted in their order", async () => {
    const run = begin({ worker: STRANGE, regimes: 5, threads: 1, waitingMax: 2 });
    for (let regime = 0; regime < 5; regime += 1) run.ask(regime, DAWDLES);
    run.agent.work();
    expect(run.pool.isFull).toBe(true);
    run.takeAnswers();
    expect(run.told).toEqual(["3 busy", "4 busy"]);
    await run.until(() => run.told.length === 5, "all answers");
    expect(run.told.slice(2)).toEqual(["0 fitted", "1 fitted", "2 fitted"]);
    expect(run.counters.get("models.busy")).toBe(2);
    expect(run.pool.underWay).toBe(0);
  });

  test("answers wait for room in the control ring, and none is lost", async () => {
    const run = begin({ worker: STRANGE, regimes: 60, waitingMax: 60, controlBytes: 4096 });
    for (let regime = 0; regime < 60; regime += 1) run.ask(regime, FINE);
    while (run.agent.work() > 0);
    for (const endMs = performance.now() + 20_000; run.pool.underWay > 0 && performance.now() < endMs; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(run.desk.nextWorkMs()).toBeLessThan(10);
    await run.until(() => run.told.length === 60, "every answer");
    expect(new Set(run.told).size).toBe(60);
  });
});

describe("a reader that was overtaken", () => {
  test("has everything asked again that it may have missed, and nothing is answered twice", async () => {
    const run = begin({ worker: STRANGE, regimes: 2, logBytes: 16 * 1024 });
    run.ask(0, DAWDLES);
    while (run.agent.work() > 0);
    run.ask(1, FINE);
    beOvertaken(run);
    await run.until(() => run.told.length === 2, "both answers");
    await run.until(() => run.pool.underWay === 0, "no fit under way");
    run.takeAnswers();
    expect(run.told.toSorted()).toEqual(["0 fitted", "1 fitted"]);
    expect(run.counters.get("models.unread")).toBe(1);
    expect(run.engine.regimes.refused).toBe(0);
    expect(run.engine.written[MessageType.ModelRequest]).toBe(4);
  });

  test("that missed no request changes nothing", async () => {
    const run = begin({ worker: STRANGE, logBytes: 16 * 1024 });
    beOvertaken(run);
    await run.until(() => run.counters.get("models.unread") === 1, "the gap");
    run.takeAnswers();
    expect(run.told).toEqual([]);
    expect(run.engine.written[MessageType.ModelFit]).toBe(1);
    expect(run.engine.written[MessageType.ModelRequest]).toBe(0);
  });
});

/** More than the log holds, and then a record at which the reader can tell. */
function beOvertaken(run: ModelRun): void {
  for (let at = 0; at < 2_000; at += 1) run.tick();
  expect(run.agent.work()).toBe(0);
  run.tick();
}

test("what is under way at the end of a run answers nobody, and ends", async () => {
  const run = begin({ worker: STRANGE, regimes: 2 });
  run.ask(0, HANGS);
  run.ask(1, FINE);
  while (run.agent.work() > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await run.close();
  await run.until(() => run.pool.underWay === 0, "the end of the fit");
  run.takeAnswers();
  expect([run.told, run.errors]).toEqual([[], []]);
});

test("commands and answers leave in the order in which they came, also through a ring that was full", () => {
  const run = begin({ controlBytes: 4096 });
  const unread = (request: number) => withoutModel({ regime: 0, request }, FitOutcome.Unread);
  const taken: number[] = [];
  const take = run.engine.take.bind(run.engine);
  run.engine.take = (type, ...rest) => {
    taken.push(type);
    take(type, ...rest);
  };
  for (let at = 0; at < 400; at += 1) {
    if (at % 2 === 0) run.desk.answer(unread(at));
    else run.desk.command(0, `${at}`);
  }
  expect(run.desk.nextWorkMs()).toBeLessThan(10);
  for (let at = 0; at < 400; at += 1) {
    run.takeAnswers();
    run.desk.work();
  }
  expect(taken).toEqual(Array.from({ length: 400 }, (_, at) => [MessageType.ModelFit, MessageType.Operator][at % 2]));
});

/**
 * A life that ends between a request for a model and its answer: what was asked is known from the journal, is asked
 * again by the next life, and is answered once. The lives are real ones, stepped by hand on a disk in memory.
 */
import { describe, expect, test } from "vitest";
import { readSegments } from "../actors/journal/journal-directory.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import { type Regime, replay } from "../engine/index.js";
import { LifeStart, MessageType } from "../schemas/index.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { CrashDisk } from "./support/crash-disk.js";
import { cutFile, recordsOf } from "./support/forge.js";
import { DIRECTORY, hashOf, Life, type LifeOptions, OTHER_BUILD } from "./support/life.js";
import { answerAt, FOLLOWER } from "./support/regimes.js";

const strategies = [{ id: "follower", text: FOLLOWER }];
const live = (disk: CrashDisk, more: Partial<LifeOptions> = {}): Life => new Life({ disk, strategies, ...more });
const regimeOf = ({ engine }: Life): Regime => (engine.strategies[0].state as { regime: Regime }).regime;
const openRequest = (life: Life): number => regimeOf(life)._row.request;

/** A disk with a life on it that was killed while a request was open. */
function killedWhileAsking(more: Partial<LifeOptions> = {}) {
  const disk = new CrashDisk();
  const life = live(disk, more).trade(400, ({ regimes }) => regimes.all[0]._row.request !== 0);
  expect(openRequest(life)).toBeGreaterThan(0);
  return { disk, life: life.flush() };
}

const requestsOn = (disk: CrashDisk): number[] =>
  recordsOf(disk, DIRECTORY)
    .filter(({ type }) => type === MessageType.ModelRequest)
    .map(({ sequence }) => sequence);

describe("the next life", () => {
  test("asks again with its first input, and the old answer is nobody's", () => {
    const { disk, life } = killedWhileAsking();
    const old = openRequest(life);
    const next = live(disk);
    expect(next.next.start).toBe(LifeStart.Resumed);
    const renewed = openRequest(next);
    expect(renewed).toBe(next.sequence);
    next.take(answerAt(next.engine.timeUs, { request: old }));
    expect([next.engine.regimes.refused, regimeOf(next).model]).toEqual([1, null]);
    next.take(answerAt(next.engine.timeUs, { request: renewed }));
    expect(regimeOf(next)).toMatchObject({ ready: true, isRefitting: false, outcome: "fitted" });
    next.flush();
    expect(requestsOn(disk)).toEqual([old, renewed]);
  });

  test("does so however many lives end before there is an answer", () => {
    const { disk } = killedWhileAsking();
    for (let more = 0; more < 3; more += 1) live(disk).trade(5).flush();
    const last = live(disk);
    last.take(answerAt(last.engine.timeUs, { request: openRequest(last) }));
    last.trade(10).stop();
    expect(requestsOn(disk)).toHaveLength(5);
    const replayed = replay({
      segments: readSegments(DIRECTORY, { disk }),
      ...{ crc32c: createCrc32c(), makeCore: createMathCore, load: recordedStrategies(DIRECTORY, disk) },
    });
    expect(hashOf(replayed.engine)).toBe(last.hash);
  });

  test("that restores a snapshot from the middle of the request does the same", () => {
    const { disk, life } = killedWhileAsking();
    life.snapshot();
    const next = live(disk);
    expect(next.recovered.snapshot).toBeGreaterThan(0);
    expect(openRequest(next)).toBe(next.sequence);
  });

  test("of an answer that was journaled asks for nothing", () => {
    const { disk, life } = killedWhileAsking();
    life.take(answerAt(life.engine.timeUs, { request: openRequest(life) }));
    life.flush();
    const next = live(disk);
    expect(openRequest(next)).toBe(0);
    expect(regimeOf(next).outcome).toBe("fitted");
    expect(requestsOn(disk)).toHaveLength(1);
  });

  test("writes the request that its journal was cut before, and asks again all the same", () => {
    const { disk, life } = killedWhileAsking();
    const records = recordsOf(disk, DIRECTORY);
    const { name, byte } = records.find(({ type }) => type === MessageType.ModelRequest)!;
    cutFile(disk, name, byte);
    const next = live(disk);
    expect(next.completed).toBeGreaterThan(0);
    next.flush();
    expect(requestsOn(disk)).toEqual([openRequest(life), openRequest(next)]);
  });

  test("of another build or other parameters begins anew, and an old answer is refused", () => {
    for (const more of [{ buildHash: OTHER_BUILD }, { strategies: [{ ...strategies[0], params: { every: 30 } }] }]) {
      const { disk, life } = killedWhileAsking();
      const next = live(disk, more);
      expect(next.next.start).toBe(LifeStart.Refreshed);
      expect(openRequest(next)).toBe(0);
      next.take(answerAt(next.engine.timeUs, { request: openRequest(life) }));
      expect(next.engine.regimes.refused).toBe(1);
      expect(regimeOf(next).model).toBeNull();
    }
  });
});

/**
 * What happens when a thread dies: the rules by themselves, the feed's accounts whatever instruction it died at, and
 * threads of the engine's that are really ended. Built output.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { describe, expect, test, vi } from "vitest";
import { Doorbell } from "../actors/agent/doorbell.js";
import { FeedLedger, openLedger, settleLedger } from "../actors/feeds/feed-ledger.js";
import { MarketRingSink } from "../actors/feeds/market-ring-sink.js";
import { createJournalDirectory } from "../actors/journal/journal-directory.js";
import { prepareMemory } from "../actors/prepare-memory.js";
import { type AfterFailure, RestartPolicy } from "../actors/restart-policy.js";
import { NONE } from "../actors/ring/layout.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";
import { Supervisor, ThreadFailure } from "../actors/supervisor.js";
import { ThreadContext } from "../actors/threads/thread-data.js";
import { AGENT_NAMES, type AgentName } from "../actors/topology.js";
import { createFeedCounters, DropReason, droppedTotal, type FeedCounters } from "../feeds/index.js";
import { withDirectory } from "./support/command.js";
import { lookAtHearts, until, workerOf } from "./support/threads.js";

const MINUTE_MS = 60_000;

describe("the rules", () => {
  const delaysOf = (policy: RestartPolicy, agents: readonly AgentName[], atMs: readonly number[]) =>
    atMs.map((nowMs) => policy.after("thread", agents, nowMs)).map(shortly);
  const shortly = (next: AfterFailure) => (next.action === "restart" ? next.delayMs : next.action);

  test("a store is started again five times in ten minutes, later each time, and then left out", () => {
    const delays = delaysOf(new RestartPolicy(), ["store"], [0, 1, 2, 3, 4, 5]);
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, "quarantine"]);
  });

  test("what is long past does not count", () => {
    const policy = new RestartPolicy();
    expect(delaysOf(policy, ["store"], [0, 1, 2, 3, 4])).toHaveLength(5);
    expect(delaysOf(policy, ["store"], [10 * MINUTE_MS + 3])).toEqual([2_000]);
  });

  test("a feed that will not live stops the session", () => {
    expect(delaysOf(new RestartPolicy(), ["feeds"], [0, 0, 0, 0, 0, 0]).at(-1)).toBe("stop");
  });

  test.each(["engine", "venue", "gateway", "journal"] satisfies AgentName[])(
    "without its %s a session stops",
    (agent) => {
      expect(new RestartPolicy().after("thread", [agent], 0)).toEqual({ action: "stop" });
    },
  );

  test("of the agents of a thread the one that bears least decides", () => {
    expect(new RestartPolicy().after("thread", ["journal", "preparer"], 0)).toEqual({ action: "stop" });
    expect(delaysOf(new RestartPolicy(), ["feeds", "store"], [0, 0, 0, 0, 0, 0]).at(-1)).toBe("stop");
    expect(delaysOf(new RestartPolicy(), ["preparer", "shadow"], [0, 0, 0, 0, 0, 0]).at(-1)).toBe("quarantine");
  });

  test("threads are counted each for itself", () => {
    const policy = new RestartPolicy();
    policy.after("store", ["store"], 0);
    expect(policy.after("archive", ["preparer", "shadow"], 0)).toEqual({ action: "restart", delayMs: 1_000 });
  });
});

const CAPACITY = 4_096;
const LEDGER_AT = Math.ceil((SpscRing.bytesFor(CAPACITY) + Doorbell.bytes) / 128) * 128;
const identity = { schemaHash: 1, buildHash: 2 };

/** Counts steps down; the one after the last is the thread's end. */
class Lifetime {
  private left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  spend(): void {
    if (this.left === 0) throw new Error("killed");
    this.left -= 1;
  }
}

/** Views whose every double that is written is a step of a life. */
function mortal(views: SharedViews, life: Lifetime): SharedViews {
  const f64 = new Proxy(views.f64, {
    get: (target, key) => Reflect.get(target, key, target),
    set: (target, key, value) => {
      life.spend();
      return Reflect.set(target, key, value, target);
    },
  });
  return { ...views, f64 };
}

/** A feed in small: of three frames one is dropped, one has a message and one has three. Each that is done is told. */
function feedUntilKilled(
  views: SharedViews,
  counted: FeedCounters,
  life: Lifetime,
  firstFrame: number,
  onFrame: () => void,
): void {
  const ledger = new FeedLedger(mortal(views, life), LEDGER_AT, counted);
  const ring = SpscProducer.join(views, 0, identity);
  const publish = ring.publish.bind(ring);
  ring.publish = () => {
    life.spend();
    publish();
  };
  const sink = new MarketRingSink(ring, new Doorbell(views, SpscRing.bytesFor(CAPACITY)), ledger);
  for (let frame = firstFrame; frame < 10; frame += 1) {
    counted.received += 1;
    const messages = [0, 1, 3][frame % 3];
    for (let message = 0; message < messages; message += 1) {
      expect(sink.claim(7, 24)).not.toBe(NONE);
      counted.messages += 1;
      sink.commit();
    }
    if (frame % 4 === 3) {
      counted.pending += 1;
      sink.publish();
      counted.pending -= 1;
    }
    if (messages === 0) counted.dropped[DropReason.Superseded] += 1;
    else counted.decoded += 1;
    sink.publish();
    onFrame();
  }
}

describe("the feed's accounts", () => {
  test("hold over two deaths at any step, and count the messages that the ring has", () => {
    const views = sharedViewsOf(new SharedArrayBuffer(LEDGER_AT + 2 * FeedLedger.bytes));
    let deaths = 0;
    for (let first = 0; first < 220; first += 1) {
      for (let second = 0; second < 80; second += 4) {
        SpscRing.create(views, 0, { capacity: CAPACITY, identity });
        const consumer = SpscConsumer.join(views, 0, identity);
        let counted = createFeedCounters();
        let frames = 0;
        openLedger(views, LEDGER_AT, counted, 0);
        for (const [life, steps] of [first, second].entries()) {
          try {
            feedUntilKilled(views, counted, new Lifetime(steps), life, () => {
              frames += 1;
            });
          } catch (error) {
            expect((error as Error).message).toBe("killed");
            deaths += 1;
          }
          counted = settleLedger(views, LEDGER_AT, SpscProducer.join(views, 0, identity).publishedPosition);
          expect(counted.pending).toBe(0);
        }
        let published = 0;
        while (consumer.next() !== NONE) published += 1;
        expect(counted.messages, `killed after ${first} and ${second} steps`).toBe(published);
        expect(counted.decoded + droppedTotal(counted)).toBe(counted.received);
        expect(counted.received, "every frame that was done is counted").toBeGreaterThanOrEqual(frames);
      }
    }
    expect(deaths).toBeGreaterThan(3_000);
  });
});

interface Watch {
  readonly context: ThreadContext;
  readonly supervisor: Supervisor;
  readonly notes: string[];
  readonly down: AgentName[];
  readonly quarantined: AgentName[];
}

/** Runs the archive's two agents over an empty journal, and stops them. */
async function withArchive(work: (watch: Watch) => Promise<void>): Promise<void> {
  await withDirectory(async (parent) => {
    const directory = join(parent, "journal");
    mkdirSync(directory);
    createJournalDirectory(directory, new Map());
    const data = {
      ...prepareMemory("shared"),
      directory,
      segmentBytes: 1 << 20,
      recoveredSequence: 0,
      isStored: false,
    };
    const context = new ThreadContext("main", data);
    const watch = { context, notes: [] as string[], down: [] as AgentName[], quarantined: [] as AgentName[] };
    const supervisor = new Supervisor(
      context,
      {
        onDown: (agents) => watch.down.push(...agents),
        onQuarantined: (agents) => watch.quarantined.push(...agents),
        onNote: (line) => watch.notes.push(line),
      },
      new RestartPolicy(1),
    );
    try {
      await Promise.all([supervisor.start("preparer", data), supervisor.start("shadow", data)]);
      await work({ ...watch, supervisor });
    } finally {
      for (const agent of ["preparer", "shadow"] as const) await supervisor.stop(agent);
      supervisor.close();
    }
  });
}

const stillPending = Symbol("pending");
const failureSoFar = (supervisor: Supervisor) => Promise.race([supervisor.failure, Promise.resolve(stillPending)]);

describe("a thread that is ended", () => {
  test("before restarts are allowed fails the session", () =>
    withArchive(async ({ supervisor }) => {
      await workerOf(supervisor, "shadow")!.terminate();
      expect(await supervisor.failure).toEqual(
        new ThreadFailure("the archive thread failed: it ended by itself", ["preparer", "shadow"]),
      );
    }));

  test("comes again with all of its agents, and that is counted, noted and on record", () =>
    withArchive(async ({ context, supervisor, notes, down }) => {
      supervisor.allowRestarts();
      const before = workerOf(supervisor, "shadow")!;
      await before.terminate();
      await until(() => workerOf(supervisor, "shadow") !== null, "there is another worker");
      const beats = context.controls.shadow.beats;
      await until(() => context.controls.shadow.beats !== beats, "its heart beats");
      expect(context.counters.get("thread.restarts")).toBe(1);
      expect(down).toEqual(["preparer", "shadow"]);
      expect(notes).toEqual(["the archive thread failed: it ended by itself; it is started again in 0.001 s"]);
      expect(context.errors.read().map(({ message }) => message)).toEqual([`supervisor: ${notes[0]}`]);
      expect(await failureSoFar(supervisor)).toBe(stillPending);
    }));

  test("again and again is left out, once, and the session goes on", () =>
    withArchive(async ({ context, supervisor, notes, quarantined }) => {
      supervisor.allowRestarts();
      let last: Worker | null = null;
      while (!supervisor.hasEnded("shadow")) {
        const worker = workerOf(supervisor, "shadow");
        if (worker !== null && worker !== last) {
          last = worker;
          await worker.terminate();
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(context.counters.get("thread.restarts")).toBe(5);
      expect(context.counters.get("thread.quarantined")).toBe(1);
      expect(quarantined).toEqual(["preparer", "shadow"]);
      expect(notes.filter((line) => line.endsWith("the run goes on without it"))).toHaveLength(1);
      expect(await failureSoFar(supervisor)).toBe(stillPending);
    }));

  test("because its heart stands still comes again too, with that as the reason", () =>
    withArchive(async ({ context, supervisor, notes }) => {
      supervisor.allowRestarts();
      const before = workerOf(supervisor, "shadow");
      const { shadow } = context.controls;
      await until(() => shadow.beats > 0, "its heart beats");
      const beats = vi.spyOn(context.controls.preparer, "beats", "get").mockReturnValue(shadow.beats);
      const startMs = performance.now();
      const clock = vi.spyOn(performance, "now");
      // In steps that are no sleep of the whole process.
      for (let seconds = 0; seconds <= 122; seconds += 1.5) {
        clock.mockReturnValue(startMs + seconds * 1000);
        lookAtHearts(supervisor);
      }
      clock.mockRestore();
      beats.mockRestore();
      await until(() => notes.length > 0, "the failure is noted");
      expect(notes).toEqual(["the archive thread failed: it has not beaten for 120 s; it is started again in 0.001 s"]);
      await until(() => ![null, before].includes(workerOf(supervisor, "shadow")), "there is another worker");
    }));

  test("while it is asked to stop is not started again", () =>
    withArchive(async ({ context, supervisor }) => {
      supervisor.allowRestarts();
      await workerOf(supervisor, "shadow")!.terminate();
      for (const agent of AGENT_NAMES) await supervisor.stop(agent);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(workerOf(supervisor, "shadow")).toBe(null);
      expect(context.counters.get("thread.restarts")).toBe(1);
    }));
});

test("an agent may leave its thread, and the other goes on", () =>
  withArchive(async ({ context, supervisor }) => {
    await supervisor.stop("preparer");
    const beats = context.controls.shadow.beats;
    await until(() => context.controls.shadow.beats !== beats, "the thread's heart beats");
    expect([supervisor.hasEnded("preparer"), supervisor.hasEnded("shadow")]).toEqual([true, false]);
    await supervisor.stop("shadow");
    expect(workerOf(supervisor, "shadow")).toBe(null);
    expect(await failureSoFar(supervisor)).toBe(stillPending);
  }));

/**
 * Garbage in the real engine thread: more than a million market messages through market ring, gate, engine, strategy
 * and log, with the simulated venue on its own thread. After warm-up V8's young generation never fills.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { storeBundles } from "../actors/journal/journal-directory.js";
import { prepareMemory } from "../actors/prepare-memory.js";
import { NONE } from "../actors/ring/layout.js";
import type { SpscProducer } from "../actors/ring/spsc.js";
import { Supervisor } from "../actors/supervisor.js";
import { ThreadContext } from "../actors/threads/thread-data.js";
import { CollectionProbe, PROBE_BYTES } from "../bench/tick-to-order/collections.js";
import { timeOffset } from "../engine/input.js";
import { BTC, configAt, engineConfig, type Message, START_US } from "./support/engine.js";
import { syntheticMarket } from "./support/synthetic-market.js";

const WARM_UP = 400_000;
const MEASURED = 1_200_000;
const STEP_US = 50;

/** Looks at everything and never orders: what orders cost is not a cost of messages. */
const LOOKER = `exports.default = {
  id: "looker",
  subscribe: ["trades:${BTC.id}", "quotes:${BTC.id}", "book:${BTC.id}", "timer:1s"],
  init: (ctx) => ({ average: ctx.ta.ema(20), spread: ctx.ta.rolling(50), seen: 0 }),
  onTrade(ctx, state, trade) { state.average.push(trade.price); if (trade.aggressor === "buy") state.seen += 1; },
  onQuote(ctx, state, quote) { state.spread.push(quote.ask - quote.bid); if (ctx.position.isFlat) state.seen += 1; },
  onBook(ctx, state, book) { if (book.imbalance(5) > 0) state.seen += 1; },
  onTimer(ctx, state) { state.seen += 1; },
};`;

/** Puts messages into the market ring as fast as the engine takes them, each later than the one before. */
class Feeder {
  private readonly market: SpscProducer;
  private readonly context: ThreadContext;
  private readonly messages: readonly Message[];
  private readonly journal;
  private timeUs = START_US + 3_600_000_000;
  private next = 0;

  constructor(context: ThreadContext, messages: readonly Message[]) {
    this.market = context.producer("market");
    this.context = context;
    this.messages = messages;
    this.journal = context.logReader("journal");
  }

  feed(count: number): void {
    const untilMs = performance.now() + 60_000;
    for (let fed = 0; fed < count && performance.now() < untilMs; ) fed += this.put() ? 1 : this.rest();
    this.rest();
    while (this.context.counters.get("engine.market") < this.next) {
      if (performance.now() > untilMs) throw new Error("the engine's thread takes no more messages");
      this.rest();
    }
  }

  private put(): boolean {
    const { type, views, at, bytes } = this.messages[this.next % this.messages.length];
    const to = this.market.claim(type, bytes);
    if (to === NONE) return false;
    const target = this.market.views;
    for (let word = 0; word < bytes >> 2; word += 1) target.i32[(to >> 2) + word] = views.i32[(at >> 2) + word];
    this.timeUs += STEP_US;
    target.f64[(to + timeOffset(type)) >> 3] = this.timeUs;
    this.market.commit();
    this.next += 1;
    if (this.next % 64 === 0) this.show();
    return true;
  }

  /** Shows what is in the ring and reads the log in the journal's place. */
  private rest(): 0 {
    this.show();
    while (this.journal.next() !== NONE);
    this.journal.release();
    return 0;
  }

  private show(): void {
    this.market.publish();
    this.context.controls.engine.doorbell.ring();
  }
}

function probedEngine(data: object): Worker {
  const entry = fileURLToPath(new URL("../dist/bench/tick-to-order/engine-thread.js", import.meta.url));
  return new Worker(entry, { workerData: data, env: {} });
}

test("more than a million messages through the engine's thread leave no scavenge behind", async () => {
  const bundle = createHash("sha256").update(LOOKER).digest("hex");
  const directory = mkdtempSync(join(tmpdir(), "sluice-garbage-"));
  storeBundles(new NodeDisk(), directory, new Map([[bundle, LOOKER]]));
  const config = engineConfig({ strategies: [{ id: "looker", bundle, params: {} }] });
  const data = prepareMemory("shared");
  const context = new ThreadContext("main", data);
  const supervisor = new Supervisor(context);
  const probe = new SharedArrayBuffer(PROBE_BYTES);
  await supervisor.start("venue", { ...data, config });
  const engine = probedEngine({
    ...data,
    agent: "engine",
    crew: ["engine"],
    config,
    directory,
    simulated: true,
    probe,
  });
  try {
    await isReady(engine);
    const control = context.producer("control");
    const start = configAt(START_US, config);
    const to = control.claim(start.type, start.bytes);
    control.views.u8.set(start.views.u8.subarray(start.at, start.at + start.bytes), to);
    control.commit();
    control.publish();
    const feeder = new Feeder(context, [...syntheticMarket(4_000, 5)]);
    feeder.feed(WARM_UP);
    const collections = new CollectionProbe(probe);
    collections.open();
    feeder.feed(MEASURED);
    expect(collections.close()).toMatchObject({ scavenges: 0, others: 0 });
    expect(context.counters.get("engine.market")).toBe(WARM_UP + MEASURED);
  } finally {
    const ended = new Promise((resolve) => engine.once("exit", resolve));
    context.controls.engine.requestStop();
    await ended;
    await supervisor.stop("venue");
    supervisor.close();
    rmSync(directory, { recursive: true });
  }
});

function isReady(engine: Worker): Promise<void> {
  return new Promise((resolve) => {
    engine.on("message", ({ type }: { type: string }) => {
      if (type === "ready") resolve();
    });
  });
}

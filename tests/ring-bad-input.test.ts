/**
 * Every ring given what it cannot take, and sides that are not what they should be or end when they should not: each
 * has a defined result. Producers that die in the middle of a record are raced against the consumer in litmus.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { BroadcastReader } from "../actors/ring/broadcast.js";
import { type RingIdentity, RingJoinError } from "../actors/ring/header.js";
import { CAPACITY_MAX, HEADER_VERSION, NONE } from "../actors/ring/layout.js";
import { LogReader } from "../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { MpscProducer, MpscRing } from "../actors/ring/mpsc.js";
import { MpscConsumer } from "../actors/ring/mpsc-consumer.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";
import { CRC32C_BYTES, createSharedMemory, Fabric } from "../wasm/index.js";
import { buildThread } from "./litmus/run-litmus.js";
import { RING, STAGE_BYTES, identity as stageIdentity, WORDS } from "./litmus/stage.js";

const CAPACITY = 4096;
/** Behind the tables of the WebAssembly module. */
const BASE = Math.ceil(CRC32C_BYTES / 128) * 128;
const identity: RingIdentity = { schemaHash: 0x8000_0001, buildHash: 7 };

interface Kind {
  bytesFor(capacity: number): number;
  create(views: SharedViews, base: number, capacity: number): void;
  readonly joins: readonly ((views: SharedViews, base: number, who: RingIdentity) => unknown)[];
  readonly payloadBytesMax: number;
  claim(views: SharedViews, base: number): (payloadBytes: number) => number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "of one producer": {
    bytesFor: SpscRing.bytesFor,
    create: (views, base, capacity) => SpscRing.create(views, base, { capacity, identity }),
    joins: [SpscProducer.join, SpscConsumer.join],
    payloadBytesMax: CAPACITY / 4 - 8,
    claim: (views, base) => {
      const producer = SpscProducer.join(views, base, identity);
      return (payloadBytes) => producer.claim(1, payloadBytes);
    },
  },
  "of many producers": {
    bytesFor: MpscRing.bytesFor,
    create: (views, base, capacity) => MpscRing.create(views, base, { capacity, identity, producers: 2 }),
    joins: [(views, base, who) => MpscProducer.join(views, base, who, 0), MpscConsumer.join],
    payloadBytesMax: CAPACITY / 4 - 8,
    claim: (views, base) => {
      const producer = MpscProducer.join(views, base, identity, 0);
      return (payloadBytes) => producer.claim(1, payloadBytes);
    },
  },
  "of a log": {
    bytesFor: LogRing.bytesFor,
    create: (views, base, capacity) => LogRing.create(views, base, { capacity, identity, readers: 1 }),
    joins: [LogWriter.join, (views, base, who) => LogReader.join(views, base, who, 0), BroadcastReader.join],
    payloadBytesMax: CAPACITY / 4 - 32,
    claim: (views, base) => {
      const writer = LogWriter.join(views, base, identity);
      return (payloadBytes) => writer.claim(1, 0, 0, 0, payloadBytes);
    },
  },
};

describe.each(Object.entries(KINDS))("a ring %s", (_, kind) => {
  const make = (): SharedViews => {
    const views = sharedViewsOf(new SharedArrayBuffer(kind.bytesFor(CAPACITY)));
    kind.create(views, 0, CAPACITY);
    return views;
  };

  test.each([
    ["of no bytes", 0],
    ["smaller than the smallest", 2048],
    ["whose size is no power of two", 5000],
    ["of a fraction of bytes", 4096.5],
    ["of a negative size", -4096],
    ["of a size that is no number", Number.NaN],
    ["larger than positions can tell apart", 2 * CAPACITY_MAX],
  ])("%s is refused, with the sizes there are", (_size, capacity) => {
    const views = sharedViewsOf(new SharedArrayBuffer(65_536));
    expect(() => kind.bytesFor(capacity)).toThrow(/power of two from 4096 to 1073741824 bytes \(was /);
    expect(() => kind.create(views, 0, capacity)).toThrow(RangeError);
  });

  test("for which the memory has no room is refused, and the memory is left as it was", () => {
    const views = sharedViewsOf(new SharedArrayBuffer(kind.bytesFor(CAPACITY) - 8));
    views.u8.fill(0x5a);
    expect(() => kind.create(views, 0, CAPACITY)).toThrow(/does not fit: the memory has \d+ bytes/);
    expect(views.u8.every((byte) => byte === 0x5a)).toBe(true);
  });

  test.each([64, 4, -128, 0.5])("at %d, off the cache lines, is refused", (base) => {
    const views = sharedViewsOf(new SharedArrayBuffer(65_536));
    expect(() => kind.create(views, base, CAPACITY)).toThrow(/multiple of 128 bytes \(was /);
  });

  test("refuses a record that no ring of its size takes, and goes on", () => {
    const claim = kind.claim(make(), 0);
    for (const bytes of [kind.payloadBytesMax + 1, CAPACITY, 2 ** 31, 2 ** 32 + 8, -1, Number.NaN]) {
      expect(() => claim(bytes)).toThrow(RangeError);
    }
    expect(claim(kind.payloadBytesMax)).not.toBe(NONE);
  });

  test("is joined by nobody whose schemas, build or layout is another, and names both values", () => {
    const views = make();
    for (const joinAs of kind.joins) {
      const schemas = { ...identity, schemaHash: 9 };
      expect(() => joinAs(views, 0, schemas)).toThrow(/schema hash 0x80000001, this actor expects 0x9/);
      expect(() => joinAs(views, 0, { ...identity, buildHash: 8 })).toThrow(/build hash 0x7, this actor expects 0x8/);
    }
    views.i32[HEADER_VERSION >> 2] += 1;
    for (const joinAs of kind.joins) expect(() => joinAs(views, 0, identity)).toThrow(/layout version/);
  });

  test("is joined by no side of another kind of ring, nor where there is no ring", () => {
    const views = make();
    const others = Object.values(KINDS).filter((each) => each !== kind);
    for (const joinAs of others.flatMap(({ joins }) => joins)) {
      expect(() => joinAs(views, 0, identity)).toThrow(/kind 0x\d, this actor expects 0x\d/);
    }
    const empty = sharedViewsOf(new SharedArrayBuffer(65_536));
    for (const joinAs of kind.joins) expect(() => joinAs(empty, 0, identity)).toThrow(RingJoinError);
  });
});

describe("a side in WebAssembly", () => {
  test("traps on a record that no ring of its size takes and on a claim out of turn, and is as it was", () => {
    const memory = createSharedMemory(BASE + LogRing.bytesFor(CAPACITY));
    const views = sharedViewsOf(memory.buffer);
    const fabric = new Fabric(memory, 0).exports;
    SpscRing.create(views, BASE, { capacity: CAPACITY, identity });
    fabric.spscJoinProducer(BASE);
    for (const bytes of [CAPACITY / 4 - 7, -1]) expect(() => fabric.spscClaim(BASE, 1, bytes)).toThrow(/unreachable/);
    expect(() => fabric.spscClaim(BASE, 0, 8)).toThrow(/unreachable/);
    expect(() => fabric.spscCommit(BASE)).toThrow(/unreachable/);
    expect(fabric.spscClaim(BASE, 1, 8)).not.toBe(0);
    expect(() => fabric.spscClaim(BASE, 1, 8)).toThrow(/unreachable/);
    fabric.spscCommit(BASE);
    fabric.spscPublish(BASE);
    const consumer = SpscConsumer.join(views, BASE, identity);
    expect([consumer.next(), consumer.next()]).toEqual([expect.any(Number), NONE]);
  });
});

describe("a second producer in the place of the first, which lives", () => {
  test("in WebAssembly: the first traps when it publishes, of a ring and of a log", () => {
    const memory = createSharedMemory(BASE + LogRing.bytesFor(CAPACITY));
    const views = sharedViewsOf(memory.buffer);
    const fabric = new Fabric(memory, 0).exports;
    SpscRing.create(views, BASE, { capacity: CAPACITY, identity });
    fabric.spscJoinProducer(BASE);
    fabric.spscClaim(BASE, 1, 8);
    fabric.spscCommit(BASE);
    const second = SpscProducer.join(views, BASE, identity);
    expect(() => fabric.spscPublish(BASE)).toThrow(/unreachable/);
    second.claim(2, 8);
    second.commit();
    second.publish();
    const consumer = SpscConsumer.join(views, BASE, identity);
    expect([consumer.next() === NONE, consumer.type, consumer.next()]).toEqual([false, 2, NONE]);

    LogRing.create(views, BASE, { capacity: CAPACITY, identity, readers: 1 });
    fabric.logJoinWriter(BASE);
    fabric.logClaim(BASE, 1, 0, 1, 0, 8);
    fabric.logCommit(BASE);
    LogWriter.join(views, BASE, identity);
    expect(() => fabric.logPublish(BASE)).toThrow(/unreachable/);
    expect(LogReader.join(views, BASE, identity, 0).next()).toBe(NONE);
  });

  test("of one producer: the first is stopped when it publishes, and nothing of it is seen", () => {
    const views = sharedViewsOf(new SharedArrayBuffer(SpscRing.bytesFor(CAPACITY)));
    SpscRing.create(views, 0, { capacity: CAPACITY, identity });
    const first = SpscProducer.join(views, 0, identity);
    first.claim(1, 8);
    first.commit();
    const second = SpscProducer.join(views, 0, identity);
    second.claim(2, 8);
    second.commit();
    second.publish();
    expect(() => first.publish()).toThrow(/another thread has become this ring's producer/);
    const consumer = SpscConsumer.join(views, 0, identity);
    expect([consumer.next() === NONE, consumer.type, consumer.next()]).toEqual([false, 2, NONE]);
  });

  test("of a log: the first is stopped when it publishes, and nothing of it is seen", () => {
    const views = sharedViewsOf(new SharedArrayBuffer(LogRing.bytesFor(CAPACITY)));
    LogRing.create(views, 0, { capacity: CAPACITY, identity, readers: 1 });
    const first = LogWriter.join(views, 0, identity);
    first.claim(1, 0, 1, 0, 8);
    first.commit();
    const second = LogWriter.join(views, 0, identity);
    second.claim(2, 0, 2, 0, 8);
    second.commit();
    second.publish();
    expect(() => first.publish()).toThrow(/another thread has become this log's writer/);
    const reader = LogReader.join(views, 0, identity, 0);
    expect([reader.next() === NONE, reader.sequence, reader.next()]).toEqual([false, 2, NONE]);
  });

  test("of many: what the first claims is given up, and the first is stopped when it commits", () => {
    const views = sharedViewsOf(new SharedArrayBuffer(MpscRing.bytesFor(CAPACITY)));
    MpscRing.create(views, 0, { capacity: CAPACITY, identity, producers: 1 });
    const first = MpscProducer.join(views, 0, identity, 0);
    const second = MpscProducer.join(views, 0, identity, 0);
    const consumer = MpscConsumer.join(views, 0, identity);
    first.claim(1, 8);
    second.claim(2, 8);
    second.commit();
    expect([consumer.next() === NONE, consumer.type, consumer.lost]).toEqual([false, 2, 1]);
    expect(() => first.commit()).toThrow(/declared dead, and lives/);
  });
});

describe("a reader of a log whose thread ends", () => {
  test("holds the writer up until the supervisor lets it leave; the lossy readers do not notice", async () => {
    const views = sharedViewsOf(new SharedArrayBuffer(STAGE_BYTES));
    LogRing.create(views, RING, { capacity: CAPACITY, identity: stageIdentity, readers: 2 });
    const writer = LogWriter.join(views, RING, stageIdentity);
    const other = LogReader.join(views, RING, stageIdentity, 1);
    const lossy = BroadcastReader.join(views, RING, stageIdentity);
    let sequence = 0;
    const append = (): boolean => {
      const isTaken = writer.claim(1, 0, sequence, 0, 56) !== NONE;
      if (isTaken) {
        writer.commit();
        sequence += 1;
      }
      writer.publish();
      while (other.next() !== NONE);
      other.release();
      return isTaken;
    };

    await endInTheMiddle(views, append);
    const heldUpAt = sequence;
    while (append());
    expect(sequence - heldUpAt).toBeLessThanOrEqual(CAPACITY / 88);
    for (let n = 0; n < 100; n += 1) expect(append()).toBe(false);

    LogReader.join(views, RING, stageIdentity, 0).leave();
    for (let n = 0; n < 1_000; n += 1) expect(append()).toBe(true);
    expect(other.sequence).toBe(sequence - 1);
    expect(() => LogReader.join(views, RING, stageIdentity, 0)).toThrow(/slot 0 has left/);
    lossy.next();
    append();
    expect(lossy.next()).not.toBe(NONE);
    expect([lossy.sequence, lossy.validate()]).toEqual([sequence - 1, true]);
  });
});

/** Starts a reader on a thread of its own, gives it records, and ends its thread while it reads. */
async function endInTheMiddle(views: SharedViews, append: () => boolean): Promise<void> {
  const built = await buildThread(join(import.meta.dirname, ".."), { entry: "doomed-thread.ts", name: "doomed" });
  const worker = new Worker(built.file, { workerData: views.buffer });
  try {
    while (Atomics.load(views.i32, WORDS >> 2) < 1_000) {
      if (!append()) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await worker.terminate();
    built.remove();
  }
}

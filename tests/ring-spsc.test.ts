/**
 * The ring between two actors, against a plain queue and at its edges. Both ends run on one thread here; see
 * ring-litmus.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RingJoinError } from "../actors/ring/header.js";
import { NONE, SPSC_RECORDS } from "../actors/ring/layout.js";
import { LogWriter } from "../actors/ring/log-ring.js";
import { SpscConsumer, SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";

const BASE = 256;
const identity = { schemaHash: 0x8000_0001, buildHash: 7 };

interface Pair {
  readonly views: SharedViews;
  readonly producer: SpscProducer;
  readonly consumer: SpscConsumer;
}

function ringPair(capacity = 4096, startPosition = 0, stale?: Uint8Array): Pair {
  const views = sharedViewsOf(new SharedArrayBuffer(BASE + SpscRing.bytesFor(capacity)));
  for (let at = 0; stale !== undefined && at < views.u8.length; at += 1) views.u8[at] = stale[at % stale.length];
  SpscRing.create(views, BASE, { capacity, identity, startPosition });
  const producer = SpscProducer.join(views, BASE, identity);
  return { views, producer, consumer: SpscConsumer.join(views, BASE, identity) };
}

/** Claims a record and fills its payload with one byte; false when there is no room. */
function open({ views, producer }: Pair, type: number, bytes: number): boolean {
  const at = producer.claim(type, bytes);
  if (at !== NONE) views.u8.fill(type & 0xff, at, at + bytes);
  return at !== NONE;
}

function send(pair: Pair, type: number, bytes: number): boolean {
  const isOpen = open(pair, type, bytes);
  if (isOpen) pair.producer.commit();
  pair.producer.publish();
  return isOpen;
}

function look({ views, consumer }: Pair, at: number): string {
  const payload = views.u8.subarray(at, at + consumer.payloadBytes);
  expect(payload.every((byte) => byte === (consumer.type & 0xff))).toBe(true);
  return `${consumer.type}:${consumer.payloadBytes}`;
}

function drain(pair: Pair): string[] {
  const seen: string[] = [];
  for (let at = pair.consumer.next(); at !== NONE; at = pair.consumer.next()) seen.push(look(pair, at));
  pair.consumer.release();
  return seen;
}

type Step = "send" | "open" | "commit" | "abort" | "publish" | "peek" | "next" | "release" | "rejoin" | "free";

/** Steps come in bursts, so that the ring is often full and often empty. */
const step = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Step>("send", "next") },
    { weight: 4, arbitrary: fc.constantFrom<Step>("open", "commit", "publish", "release") },
    { weight: 1, arbitrary: fc.constantFrom<Step>("abort", "peek", "rejoin", "free") },
  ),
  bytes: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1016 })),
  repeat: fc.integer({ min: 1, max: 8 }),
});
const start = fc.constantFrom(0, 2 ** 31 - 2048, 2 ** 32 - 2048, 4088);
const stale = fc.uint8Array({ minLength: 61, maxLength: 61 });

/** What the ring must look like: a queue, the batch not yet published, and the claim not yet committed. */
class Model {
  readonly visible: string[] = [];
  readonly batch: string[] = [];
  claimed: string | null = null;
  type = 0;
}

function run(pair: Pair, model: Model, what: Step, bytes: number): Pair {
  const { producer, consumer } = pair;
  if (what === "send") {
    run(pair, model, "open", bytes);
    run(pair, model, "commit", bytes);
  }
  if (what === "open" && model.claimed === null && open(pair, ++model.type, bytes))
    model.claimed = `${model.type}:${bytes}`;
  if (what === "commit" && model.claimed !== null) {
    producer.commit();
    model.batch.push(model.claimed);
    model.claimed = null;
  }
  if (what === "abort" && model.claimed !== null) {
    producer.abort();
    model.claimed = null;
  }
  if (what === "publish") {
    producer.publish();
    model.visible.push(...model.batch.splice(0));
  }
  if (what === "peek" || what === "next") {
    const at = what === "peek" ? consumer.peek() : consumer.next();
    expect(at === NONE ? undefined : look(pair, at)).toBe(model.visible[0]);
    if (what === "next") model.visible.shift();
  }
  if (what === "release") consumer.release();
  if (what === "free") expect(producer.free()).toBeGreaterThanOrEqual(0);
  if (what === "rejoin") return restartProducer(pair, model);
  return pair;
}

/** A producer that starts anew has forgotten what it never published. */
function restartProducer(pair: Pair, model: Model): Pair {
  model.batch.length = 0;
  model.claimed = null;
  return { ...pair, producer: SpscProducer.join(pair.views, BASE, identity) };
}

describe("a ring between two actors", () => {
  test("behaves as a queue, whatever the sizes, batches, aborts, restarts and old bytes in the memory", () => {
    fc.assert(
      fc.property(start, stale, fc.array(step, { maxLength: 300, size: "max" }), (startPosition, bytes, steps) => {
        let pair = ringPair(4096, startPosition, bytes);
        const model = new Model();
        for (const { what, bytes, repeat } of steps) {
          for (let n = 0; n < repeat; n += 1) pair = run(pair, model, what, bytes);
        }
        expect(pair.producer.free()).toBeGreaterThanOrEqual(0);
        expect(drain(pair)).toEqual(model.visible);
      }),
      { numRuns: 100 },
    );
  });

  test("a consumer never sees a record whose producer died between claim and commit", () => {
    const pair = ringPair();
    send(pair, 1, 64);
    open(pair, 2, 64);
    expect(drain(pair)).toEqual(["1:64"]);
    const restarted = { ...pair, producer: SpscProducer.join(pair.views, BASE, identity) };
    send(restarted, 3, 8);
    expect(drain(restarted)).toEqual(["3:8"]);
  });

  test("a committed record is not visible before its publish", () => {
    const pair = ringPair();
    open(pair, 1, 8);
    pair.producer.commit();
    expect(pair.consumer.available()).toBe(false);
    expect(pair.consumer.next()).toBe(NONE);
    pair.producer.publish();
    expect(pair.consumer.available()).toBe(true);
    expect(drain(pair)).toEqual(["1:8"]);
  });

  test("a record that does not fit before the ring's end begins at its start, behind padding", () => {
    const pair = ringPair();
    for (const bytes of [1016, 1016, 1016, 1000]) send(pair, 1, bytes);
    drain(pair);
    const at = pair.producer.claim(2, 64);
    expect(at).toBe(BASE + SPSC_RECORDS + 8);
    pair.views.u8.fill(2, at, at + 64);
    pair.producer.commit();
    pair.producer.publish();
    expect(drain(pair)).toEqual(["2:64"]);
  });

  test("a full ring refuses a claim and is unchanged, until the consumer releases what it has read", () => {
    const pair = ringPair();
    for (let n = 0; n < 4; n += 1) expect(send(pair, 1, 1016)).toBe(true);
    const before = pair.producer.free();
    expect(send(pair, 2, 0)).toBe(false);
    expect(pair.producer.free()).toBe(before);
    expect(pair.consumer.next()).not.toBe(NONE);
    expect(send(pair, 2, 0)).toBe(false);
    pair.consumer.release();
    expect(send(pair, 2, 0)).toBe(true);
    expect(drain(pair)).toEqual(["1:1016", "1:1016", "1:1016", "2:0"]);
  });

  test("a record that was only peeked at is still there for the consumer that starts anew", () => {
    const pair = ringPair();
    send(pair, 1, 8);
    expect(pair.consumer.peek()).toBe(pair.consumer.peek());
    pair.consumer.release();
    const consumer = SpscConsumer.join(pair.views, BASE, identity);
    expect(drain({ ...pair, consumer })).toEqual(["1:8"]);
  });

  test("positions go on through 2^31 and 2^32", () => {
    for (const startPosition of [2 ** 31 - 4096, 2 ** 32 - 4096]) {
      const pair = ringPair(4096, startPosition);
      for (let n = 1; n <= 100; n += 1) {
        expect(send(pair, n, 200)).toBe(true);
        expect(drain(pair)).toEqual([`${n}:200`]);
      }
    }
  });

  test("the producer sees the consumer's heartbeat", () => {
    const { producer, consumer } = ringPair();
    expect(producer.consumerHeartbeatUs).toBe(0);
    consumer.beat(1_700_000_000_000_000.5);
    expect(producer.consumerHeartbeatUs).toBe(1_700_000_000_000_000.5);
  });
});

describe("misuse of a ring", () => {
  test("a record larger than a quarter of the ring is refused with its size and the limit", () => {
    const { producer } = ringPair();
    expect(() => producer.claim(1, 1017)).toThrow(/0 to 1016 bytes \(was 1017\)/);
    for (const bytes of [-1, Number.NaN, 2 ** 32 + 8]) expect(() => producer.claim(1, bytes)).toThrow(RangeError);
    expect(producer.claim(1, 1016)).not.toBe(NONE);
  });

  test("calls out of turn are refused", () => {
    const { producer, consumer } = ringPair();
    expect(() => producer.commit()).toThrow(/no claim is open/);
    expect(() => producer.abort()).toThrow(/no claim is open/);
    expect(() => consumer.advance()).toThrow(/no record was peeked at/);
    expect(() => producer.claim(0, 8)).toThrow(/type 0/);
    producer.claim(1, 8);
    expect(() => producer.claim(1, 8)).toThrow(/a claim is open/);
  });

  test("bytes overwritten by something else stop the consumer instead of leading it astray", () => {
    const pair = ringPair();
    send(pair, 1, 8);
    pair.views.i32[(BASE + SPSC_RECORDS) >> 2] = 4096;
    expect(() => pair.consumer.next()).toThrow(/something else wrote/);
  });

  test("an impossible size or place is refused", () => {
    const views = sharedViewsOf(new SharedArrayBuffer(8192));
    for (const capacity of [0, 2048, 5000, 4096.5, 2 ** 31, Number.NaN]) {
      expect(() => SpscRing.bytesFor(capacity)).toThrow(/power of two from 4096/);
    }
    expect(() => SpscRing.create(views, 64, { capacity: 4096, identity })).toThrow(/multiple of 128 bytes \(was 64\)/);
    expect(() => SpscRing.create(views, 4096, { capacity: 4096, identity })).toThrow(/does not fit/);
    expect(() => SpscRing.create(views, 0, { capacity: 4096, identity, startPosition: 4 })).toThrow(/multiple of 8/);
    expect(() => sharedViewsOf(new ArrayBuffer(8))).toThrow(/shared memory/);
  });

  test("an actor of another schema, build or kind may not join, and is told both values", () => {
    const { views } = ringPair();
    expect(() => SpscProducer.join(views, BASE, { ...identity, schemaHash: 9 })).toThrow(
      /schema hash 0x80000001.*expects 0x9/,
    );
    expect(() => SpscConsumer.join(views, BASE, { ...identity, buildHash: 8 })).toThrow(/build hash 0x7.*expects 0x8/);
    expect(() => LogWriter.join(views, BASE, identity)).toThrow(/kind 0x1.*expects 0x2/);
    expect(() => SpscProducer.join(views, 0, identity)).toThrow(RingJoinError);
    views.i32[(BASE + 4) >> 2] += 1;
    expect(() => SpscConsumer.join(views, BASE, identity)).toThrow(/layout version 0x3.*expects 0x2/);
  });
});

/**
 * The ring between two actors at its edges. Both ends run on one thread here; against a plain queue see ring-model, on
 * real threads see litmus.
 */
import { describe, expect, test } from "vitest";
import { RingJoinError } from "../actors/ring/header.js";
import { NONE, SPSC_RECORDS } from "../actors/ring/layout.js";
import { LogWriter } from "../actors/ring/log-ring.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";

const BASE = 256;
const identity = { schemaHash: 0x8000_0001, buildHash: 7 };

interface Pair {
  readonly views: SharedViews;
  readonly producer: SpscProducer;
  readonly consumer: SpscConsumer;
}

function ringPair(capacity = 4096, startPosition = 0): Pair {
  const views = sharedViewsOf(new SharedArrayBuffer(BASE + SpscRing.bytesFor(capacity)));
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

describe("a ring between two actors", () => {
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

/**
 * The ring from many producers to one consumer at its edges: order, room, producers and consumers that die at any
 * point, misuse. All sides run on one thread here; against a plain queue see ring-model, on real threads see litmus.
 */
import { describe, expect, test } from "vitest";
import { RingJoinError } from "../actors/ring/header.js";
import { MPSC_HEAD, MPSC_RECORDS, MPSC_TAIL, NONE } from "../actors/ring/layout.js";
import { MpscProducer, MpscRing } from "../actors/ring/mpsc.js";
import { MpscConsumer } from "../actors/ring/mpsc-consumer.js";
import { SpscProducer } from "../actors/ring/spsc.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const BASE = 256;
const CAPACITY = 4096;
const identity = { schemaHash: 3, buildHash: 4 };

function makeRing(count = 3, startPosition = 0) {
  const views = sharedViewsOf(new SharedArrayBuffer(BASE + MpscRing.bytesFor(CAPACITY)));
  views.u8.fill(0xff);
  MpscRing.create(views, BASE, { capacity: CAPACITY, identity, producers: count, startPosition });
  const producers = Array.from({ length: count }, (_, id) => MpscProducer.join(views, BASE, identity, id));
  return { views, producers, consumer: MpscConsumer.join(views, BASE, identity) };
}

type Ring = ReturnType<typeof makeRing>;

/** Claims a record filled with the byte of its type. */
function open({ views, producers }: Ring, producer: number, type: number, bytes = 64): boolean {
  const at = producers[producer].claim(type, bytes);
  if (at !== NONE) views.u8.fill(type & 0xff, at, at + bytes);
  return at !== NONE;
}

function send(ring: Ring, producer: number, type: number, bytes = 64): boolean {
  const isOpen = open(ring, producer, type, bytes);
  if (isOpen) ring.producers[producer].commit();
  return isOpen;
}

/** Types of all records that can be read, whole; their room is given back. */
function drain({ views, consumer }: Ring): number[] {
  const types: number[] = [];
  for (let at = consumer.next(); at !== NONE; at = consumer.next()) {
    const payload = views.u8.subarray(at, at + consumer.payloadBytes);
    expect(payload.every((byte) => byte === (consumer.type & 0xff))).toBe(true);
    types.push(consumer.type);
  }
  consumer.release();
  return types;
}

describe("a ring of many producers", () => {
  test("keeps the order of the claims, and shows a record only behind those claimed before it", () => {
    const ring = makeRing();
    open(ring, 0, 10);
    send(ring, 1, 11);
    open(ring, 2, 12);
    expect(drain(ring)).toEqual([]);
    ring.producers[0].commit();
    expect(drain(ring)).toEqual([10, 11]);
    ring.producers[2].commit();
    expect(drain(ring)).toEqual([12]);
  });

  test("an aborted claim is passed over, and its room comes back", () => {
    const ring = makeRing();
    for (let round = 0; round < 100; round += 1) {
      open(ring, 0, 5, 500);
      ring.producers[0].abort();
      expect(send(ring, 1, 6, 500)).toBe(true);
      expect(drain(ring)).toEqual([6]);
    }
    expect(ring.producers[2].free()).toBe(CAPACITY);
  });

  test("a record that does not fit before the ring's end begins at its start, behind padding", () => {
    const ring = makeRing();
    for (const bytes of [1016, 1016, 1016, 1000]) send(ring, 0, 1, bytes);
    drain(ring);
    expect(ring.producers[1].claim(2, 64)).toBe(BASE + MPSC_RECORDS + 8);
    expect(ring.consumer.available()).toBe(false);
    ring.producers[1].abort();
    send(ring, 2, 3);
    expect(drain(ring)).toEqual([3]);
  });

  test("a full ring refuses every producer and is unchanged, until the consumer releases what it has read", () => {
    const ring = makeRing();
    for (let n = 0; n < 4; n += 1) expect(send(ring, n % 3, n + 1, 1016)).toBe(true);
    for (const producer of [0, 1, 2]) expect(send(ring, producer, 9, 0)).toBe(false);
    expect(ring.consumer.next()).not.toBe(NONE);
    expect(send(ring, 0, 9, 0)).toBe(false);
    ring.consumer.release();
    expect(send(ring, 0, 9, 0)).toBe(true);
    expect(drain(ring)).toEqual([2, 3, 4, 9]);
  });

  test("a ring read to its end and not released does not begin again", () => {
    const ring = makeRing();
    for (let n = 0; n < 4; n += 1) send(ring, 0, n + 1, 1016);
    for (let n = 0; n < 4; n += 1) expect(ring.consumer.next()).not.toBe(NONE);
    expect([ring.consumer.next(), ring.consumer.available()]).toEqual([NONE, false]);
  });

  test("positions go on through 2^31 and 2^32", () => {
    for (const startPosition of [2 ** 31 - 4096, 2 ** 32 - 4096]) {
      const ring = makeRing(2, startPosition);
      for (let n = 1; n <= 100; n += 1) {
        expect(send(ring, n % 2, n, 200)).toBe(true);
        expect(drain(ring)).toEqual([n]);
      }
    }
  });
});

describe("a producer that dies between claim and commit", () => {
  test("is named by the consumer it blocks, which can tell for how long", () => {
    const ring = makeRing();
    send(ring, 0, 1);
    open(ring, 1, 2);
    send(ring, 2, 3);
    expect([ring.consumer.blockedBy, ring.consumer.blockedForUs(1_000)]).toEqual([NONE, 0]);
    expect(drain(ring)).toEqual([1]);
    expect(ring.consumer.blockedBy).toBe(1);
    expect([5_000, 5_400, 9_000].map((nowUs) => ring.consumer.blockedForUs(nowUs))).toEqual([0, 400, 4_000]);
    ring.producers[1].commit();
    expect([ring.consumer.blockedBy, ring.consumer.blockedForUs(9_500)]).toEqual([NONE, 0]);
    expect(drain(ring)).toEqual([2, 3]);
  });

  test("loses that record and no other once it is declared dead", () => {
    const ring = makeRing();
    open(ring, 1, 2);
    send(ring, 0, 1);
    send(ring, 2, 3);
    expect(drain(ring)).toEqual([]);
    MpscRing.declareDead(ring.views, BASE, identity, 1);
    expect(drain(ring)).toEqual([1, 3]);
    expect([ring.consumer.lost, ring.producers[0].free()]).toEqual([1, CAPACITY]);
  });

  test("loses it likewise when another takes its place, which is not mistaken for it", () => {
    const ring = makeRing();
    open(ring, 1, 2);
    ring.producers[1] = MpscProducer.join(ring.views, BASE, identity, 1);
    open(ring, 1, 4);
    send(ring, 0, 5);
    expect(drain(ring)).toEqual([]);
    expect([ring.consumer.lost, ring.consumer.blockedBy]).toEqual([1, 1]);
    ring.producers[1].commit();
    expect(drain(ring)).toEqual([4, 5]);
  });

  test("at the ring's end it leaves nothing behind either", () => {
    const ring = makeRing(3, CAPACITY - 24);
    open(ring, 0, 1);
    send(ring, 1, 2);
    MpscRing.declareDead(ring.views, BASE, identity, 0);
    expect(drain(ring)).toEqual([2]);
    expect(ring.producers[1].free()).toBe(CAPACITY);
  });

  test("between its claim and the header, which no thread can, it blocks the ring and nothing is misread", () => {
    const ring = makeRing();
    // What the compare-exchange alone would leave.
    Atomics.add(ring.views.i32, (BASE + MPSC_TAIL) >> 2, 72);
    send(ring, 1, 2);
    MpscRing.declareDead(ring.views, BASE, identity, 0);
    expect(drain(ring)).toEqual([]);
    expect(ring.consumer.blockedBy).toBe(NONE);
    expect([ring.consumer.blockedForUs(0), ring.consumer.blockedForUs(700)]).toEqual([0, 700]);
  });

  test("and yet lives, is stopped at its commit", () => {
    const ring = makeRing();
    open(ring, 1, 2);
    MpscRing.declareDead(ring.views, BASE, identity, 1);
    drain(ring);
    expect(() => ring.producers[1].commit()).toThrow(/declared dead, and lives/);
  });
});

describe("a consumer that dies", () => {
  test("is followed by one that begins with the first record not released", () => {
    const ring = makeRing();
    for (let n = 1; n <= 3; n += 1) send(ring, 0, n);
    ring.consumer.next();
    ring.consumer.release();
    ring.consumer.next();
    expect(drain({ ...ring, consumer: MpscConsumer.join(ring.views, BASE, identity) })).toEqual([2, 3]);
  });

  test("while it clears what it released is followed by one that finishes that", () => {
    const ring = makeRing();
    for (let n = 1; n <= 3; n += 1) send(ring, 0, n);
    const head = Atomics.load(ring.views.i32, (BASE + MPSC_HEAD) >> 2);
    ring.consumer.next();
    ring.consumer.next();
    ring.consumer.release();
    // It died before its last store, and had not cleared the second record.
    Atomics.store(ring.views.i32, (BASE + MPSC_HEAD) >> 2, head);
    ring.views.u8.fill(0x55, BASE + MPSC_RECORDS + 72, BASE + MPSC_RECORDS + 144);
    expect(drain({ ...ring, consumer: MpscConsumer.join(ring.views, BASE, identity) })).toEqual([3]);
    expect(ring.views.u8.subarray(BASE + MPSC_RECORDS).every((byte) => byte === 0)).toBe(true);
  });
});

describe("misuse of a ring of many producers", () => {
  test("a record larger than a quarter of the ring is refused with its size and the limit", () => {
    const { producers } = makeRing();
    expect(() => producers[0].claim(1, 1017)).toThrow(/0 to 1016 bytes \(was 1017\)/);
    for (const bytes of [-1, Number.NaN, 2 ** 32 + 8]) expect(() => producers[0].claim(1, bytes)).toThrow(RangeError);
    expect(producers[0].claim(1, 1016)).not.toBe(NONE);
  });

  test("calls out of turn are refused", () => {
    const { producers, consumer } = makeRing();
    expect(() => producers[0].commit()).toThrow(/no claim is open/);
    expect(() => producers[0].abort()).toThrow(/no claim is open/);
    expect(() => consumer.advance()).toThrow(/no record was peeked at/);
    for (const type of [0, -1, 65_536]) expect(() => producers[0].claim(type, 8)).toThrow(/types are 1 to 65535/);
    producers[0].claim(1, 8);
    expect(() => producers[0].claim(1, 8)).toThrow(/a claim is open/);
  });

  test.each([3, 4088 + 16, 2 ** 30])(
    "bytes overwritten by something else, a length of %i, stop the consumer",
    (length) => {
      const ring = makeRing();
      send(ring, 0, 1);
      ring.views.i32[(BASE + MPSC_RECORDS) >> 2] = length;
      expect(() => ring.consumer.next()).toThrow(/something else wrote/);
    },
  );

  test("a place that is not there, or a ring of another kind, is refused", () => {
    const { views } = makeRing(2);
    for (const id of [2, -1, 0.5]) {
      expect(() => MpscProducer.join(views, BASE, identity, id)).toThrow(/has 2 producers: there is no place/);
      expect(() => MpscRing.declareDead(views, BASE, identity, id)).toThrow(RingJoinError);
    }
    expect(() => SpscProducer.join(views, BASE, identity)).toThrow(/kind 0x3.*expects 0x1/);
    for (const producers of [0, 17, 1.5]) {
      expect(() => MpscRing.create(views, BASE, { capacity: CAPACITY, identity, producers })).toThrow(/1 to 16.*was/);
    }
  });
});

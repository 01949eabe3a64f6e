/**
 * Three producers that claim room in one ring at the same time, for one record or some, commit in any order and
 * sometimes abort: nobody's claim overlaps another's, and what one producer sent arrives in its order.
 */
import { NONE } from "../../../actors/ring/layout.js";
import { MpscProducer, MpscRing } from "../../../actors/ring/mpsc.js";
import { MpscConsumer } from "../../../actors/ring/mpsc-consumer.js";
import { Grade, type Litmus } from "../litmus.js";
import { fill, isWhole, numberAt, sizeOf, typeOf } from "../payload.js";
import type { Side } from "../side.js";
import { identity, RING } from "../stage.js";
import { arrivals } from "./message-passing.js";

const CAPACITY = 8192;
const PRODUCERS = 3;
/** A message's number holds its producer in the two lowest bits. */
const numberOf = (producer: number, n: number): number => n * 4 + producer;
/** So many messages of a producer in a row are of one type and size, for claims of several. */
const ALIKE = 4;
const sizeAt = (number: number, seed: number): number => sizeOf(Math.floor(number / 4 / ALIKE), seed);
const shareOf = (messages: number): number => Math.floor(messages / PRODUCERS);

function sends(producer: number): (side: Side) => void {
  return (side) => {
    const ring = MpscProducer.join(side.views, RING, identity, producer);
    const total = shareOf(side.messages);
    for (let n = 0; n < total; ) {
      const count = 1 + side.random.below(Math.min(ALIKE - (n % ALIKE), total - n));
      const bytes = sizeAt(numberOf(producer, n), side.seed);
      const at = ring.claimMany(typeOf(n - (n % ALIKE)), bytes, count);
      if (at === NONE) {
        side.count("full");
        if (!side.looksAgain()) return;
        continue;
      }
      const stride = MpscProducer.strideOf(bytes);
      for (let k = 0; k < count; k += 1) fill(side.i32, at + k * stride, numberOf(producer, n + k), bytes);
      // A moment with the claim open, so that others claim behind it.
      side.spin(side.random.below(40));
      if (side.random.below(32) === 0) {
        ring.abort();
        side.count("aborted");
        continue;
      }
      ring.commit();
      n += count;
      side.maybePause();
    }
  };
}

function receives(side: Side): void {
  const ring = MpscConsumer.join(side.views, RING, identity);
  const next = new Int32Array(4);
  let last = 0;
  for (let seen = 0; seen < shareOf(side.messages) * PRODUCERS; ) {
    const at = ring.next();
    if (at === NONE) {
      ring.release();
      side.count("empty");
      if (!side.looksAgain()) return;
      continue;
    }
    const producer = numberAt(side.i32, at) & 3;
    side.count(judge(side, ring, at, numberOf(producer, next[producer])));
    next[producer] += 1;
    seen += 1;
    if (producer !== last) side.count("interleaved");
    last = producer;
    if (side.random.below(64) === 0) ring.release();
    side.maybePause();
  }
}

function judge({ i32, seed }: Side, ring: MpscConsumer, at: number, number: number): string {
  if (numberAt(i32, at) !== number) return "misplaced";
  const n = number >> 2;
  const fits = ring.type === typeOf(n - (n % ALIKE)) && ring.payloadBytes === sizeAt(number, seed);
  return fits && isWhole(i32, at, number, ring.payloadBytes) ? "whole" : "torn";
}

export const claimRaces: Litmus = {
  name: "claim-races",
  what: "compare-exchanges of one tail, the headers' stores behind them, and the consumer that clears what it read",
  share: 197,
  outcomes: {
    ...arrivals,
    interleaved: { grade: Grade.interesting, says: "a record of one producer behind one of another" },
    aborted: { grade: Grade.interesting, says: "a claim was given up by its producer" },
  },
  prepare: (views) =>
    MpscRing.create(views, RING, {
      capacity: CAPACITY,
      identity,
      producers: PRODUCERS,
      startPosition: 2 ** 32 - 65_536,
    }),
  sides: { first: sends(0), second: sends(1), third: sends(2), receives },
};

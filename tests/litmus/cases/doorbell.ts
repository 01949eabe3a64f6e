/**
 * Store buffering at the doorbell: the sleeper says that it sleeps and then looks; the ringer publishes and then looks
 * whether somebody sleeps. If both could miss the other's store, the sleeper would sleep on beside a record. Two
 * threads pass one message to and fro, and each sleeps whenever it has passed it on.
 */
import type { Doorbell } from "../../../actors/agent/doorbell.js";
import { NONE } from "../../../actors/ring/layout.js";
import { SpscProducer, SpscRing } from "../../../actors/ring/spsc.js";
import { SpscConsumer } from "../../../actors/ring/spsc-consumer.js";
import { Grade, type Litmus } from "../litmus.js";
import type { Side } from "../side.js";
import { identity, RING, SECOND_RING } from "../stage.js";

/** Passes on what comes; the first to move begins by itself. */
function pass(side: Side, thread: number, inward: number, outward: number): void {
  const from = SpscConsumer.join(side.views, inward, identity);
  const to = SpscProducer.join(side.views, outward, identity);
  const own = side.control(thread).doorbell;
  const peer = side.control(1 - thread).doorbell;
  for (let n = 0; n < side.messages; n += 1) {
    if (n > 0 || thread === 1) {
      if (!sleepUntil(side, from, own)) return;
      const at = from.next();
      if (side.i32[at >> 2] !== n) return side.count("misplaced");
      from.release();
      side.count("passed");
    }
    // A moment's delay, so that the record comes before, between and after the other's two steps.
    side.spin(side.random.below(200));
    const at = to.claim(1, 4);
    side.i32[at >> 2] = thread === 0 ? n : n + 1;
    to.commit();
    to.publish();
    peer.ring();
  }
}

/** Arms, looks, and sleeps only if there is nothing; false when the run has ended. */
function sleepUntil(side: Side, ring: SpscConsumer, bell: Doorbell): boolean {
  // About as long as the other takes, so that its record comes before, between and after the steps below.
  side.spin(side.random.below(10_000));
  while (ring.peek() === NONE) {
    bell.arm();
    side.spin(side.random.below(500));
    if (ring.peek() !== NONE) {
      bell.disarm();
      side.count("found");
      return true;
    }
    side.spin(side.random.below(500));
    if (bell.wait(side.sleepMsMax)) side.count("woken");
    else if (ring.available()) side.count("slept through");
    if (!side.looksAgain()) return false;
  }
  return true;
}

export const doorbell: Litmus = {
  name: "doorbell",
  what: "the parked flag's store and the tail's load, against the tail's store and the parked flag's load",
  share: 3,
  outcomes: {
    passed: { grade: Grade.acceptable, says: "the message came round" },
    woken: { grade: Grade.acceptable, says: "the sleeper was woken, or saw in time that it was to be" },
    found: { grade: Grade.interesting, says: "the record came between the look and the sleep, and was found" },
    "slept through": { grade: Grade.forbidden, says: "the sleeper slept on beside a record" },
    misplaced: { grade: Grade.forbidden, says: "a message was lost, doubled or out of order" },
  },
  prepare: (views) => {
    for (const place of [RING, SECOND_RING]) SpscRing.create(views, place, { capacity: 4096, identity });
  },
  sides: {
    first: (side) => pass(side, 0, SECOND_RING, RING),
    second: (side) => pass(side, 1, RING, SECOND_RING),
  },
};

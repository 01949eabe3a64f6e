/**
 * The consumer's last read against the producer's next write into the same room: what is consumed stays as it is until
 * it is released, however much the producer presses. The consumer holds a batch, waits, and reads it once more.
 */
import { NONE } from "../../../actors/ring/layout.js";
import { SpscProducer, SpscRing } from "../../../actors/ring/spsc.js";
import { SpscConsumer } from "../../../actors/ring/spsc-consumer.js";
import { Grade, type Litmus } from "../litmus.js";
import { isWhole, PAYLOAD_BYTES_MAX, sizeOf } from "../payload.js";
import type { Side } from "../side.js";
import { identity, RING } from "../stage.js";
import { arrivals, sendAll } from "./message-passing.js";

const CAPACITY = 4096;
const HELD_MAX = CAPACITY / PAYLOAD_BYTES_MAX;

function hold(side: Side): void {
  const ring = SpscConsumer.join(side.views, RING, identity);
  const held = new Int32Array(HELD_MAX);
  for (let n = 0; n < side.messages; ) {
    const wanted = Math.min(1 + side.random.below(HELD_MAX), side.messages - n);
    let count = 0;
    for (let at = ring.next(); at !== NONE; at = ring.next()) {
      held[count] = at;
      if (++count === wanted) break;
    }
    if (count === 0 && !side.looksAgain()) return;
    side.spin(side.random.below(100));
    for (let index = 0; index < count; index += 1) {
      const whole = isWhole(side.i32, held[index], n + index, sizeOf(n + index, side.seed));
      side.count(whole ? "unchanged" : "overwritten");
    }
    ring.release();
    n += count;
    side.maybePause();
  }
}

export const releaseAndReuse: Litmus = {
  name: "release-and-reuse",
  what: "the payload's loads and the head's store, against the head's load and the payload's stores of the next lap",
  share: 100,
  outcomes: {
    unchanged: { grade: Grade.acceptable, says: "read once more before its release, the record is as it was" },
    full: arrivals.full,
    overwritten: { grade: Grade.forbidden, says: "the producer wrote where the consumer still read" },
  },
  prepare: (views) => SpscRing.create(views, RING, { capacity: CAPACITY, identity }),
  sides: { sends: (side) => sendAll(side, SpscProducer.join(side.views, RING, identity)), holds: hold },
};

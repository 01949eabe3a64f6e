/**
 * Message passing over a point-to-point ring: whoever sees a record sees all of it. The sides are in JavaScript or in
 * WebAssembly, on the same bytes.
 */
import { NONE } from "../../../actors/ring/layout.js";
import { SpscProducer, SpscRing } from "../../../actors/ring/spsc.js";
import { SpscConsumer } from "../../../actors/ring/spsc-consumer.js";
import { Grade, type Litmus } from "../litmus.js";
import { fill, isWhole, numberAt, sizeOf, typeOf } from "../payload.js";
import type { Side } from "../side.js";
import { identity, RING } from "../stage.js";

const BATCH_MAX = 64;

/** The producing side's verbs, in either language. */
interface Sender {
  claim(type: number, payloadBytes: number): number;
  commit(): void;
  publish(): void;
}

interface Receiver {
  readonly type: number;
  readonly payloadBytes: number;
  next(): number;
  release(): void;
}

export const arrivals = {
  whole: { grade: Grade.acceptable, says: "the next message, every word as it was written" },
  empty: { grade: Grade.interesting, says: "the consumer was ahead: it found nothing and looked again" },
  full: { grade: Grade.interesting, says: "the producer was ahead: its claim was refused" },
  torn: { grade: Grade.forbidden, says: "a record was seen before all of it was written, or after it was overwritten" },
  misplaced: { grade: Grade.forbidden, says: "a message was lost, doubled or out of order" },
} as const;

/** Sends all messages, in batches of random length. */
export function sendAll(side: Side, ring: Sender): void {
  let left = 0;
  for (let n = 0; n < side.messages; ) {
    const bytes = sizeOf(n, side.seed);
    const at = ring.claim(typeOf(n), bytes);
    if (at === NONE) {
      ring.publish();
      side.count("full");
      if (!side.looksAgain()) return;
      continue;
    }
    const dawdles = side.random.below(64) === 0;
    if (dawdles) side.spin(side.random.below(200));
    fill(side.i32, at, n, bytes);
    ring.commit();
    // Now and then the consumer may catch up, and be at the producer's heels for the next record.
    if (dawdles) letCatchUp(side, ring);
    n += 1;
    if (--left <= 0) {
      ring.publish();
      left = 1 + side.random.below(BATCH_MAX);
      side.maybePause();
    }
  }
  ring.publish();
}

function letCatchUp(side: Side, ring: Sender): void {
  ring.publish();
  side.spin(side.random.below(2_000));
}

/** Checks all messages, and gives their room back in batches of random length. */
export function receiveAll(side: Side, ring: Receiver): void {
  let left = 0;
  for (let n = 0; n < side.messages; ) {
    const at = ring.next();
    if (at === NONE) {
      ring.release();
      side.count("empty");
      if (!side.looksAgain()) return;
      continue;
    }
    n = checkArrival(side, ring, at, n);
    if (--left <= 0) {
      ring.release();
      left = 1 + side.random.below(BATCH_MAX);
      side.maybePause();
    }
  }
  ring.release();
}

/** Counts what arrived where message n was expected; returns the next number to expect. */
function checkArrival(side: Side, ring: Receiver, at: number, n: number): number {
  const found = numberAt(side.i32, at);
  const isNext = found === n && ring.type === typeOf(n) && ring.payloadBytes === sizeOf(n, side.seed);
  if (isNext && isWhole(side.i32, at, n, ring.payloadBytes)) side.count("whole");
  else if (isNext || ring.type === typeOf(n)) side.count("torn");
  else side.count("misplaced");
  return n + 1;
}

const inJavaScript = {
  sends: (side: Side) => sendAll(side, SpscProducer.join(side.views, RING, identity)),
  receives: (side: Side) => receiveAll(side, SpscConsumer.join(side.views, RING, identity)),
};

const inWebAssembly = {
  sends: (side: Side) => sendAll(side, wasmSender(side)),
  receives: (side: Side) => receiveAll(side, wasmReceiver(side)),
};

/** No room and no record are 0 in WebAssembly. */
function wasmSender({ fabric }: Side): Sender {
  fabric.spscJoinProducer(RING);
  return {
    claim: (type, payloadBytes) => fabric.spscClaim(RING, type, payloadBytes) || NONE,
    commit: () => fabric.spscCommit(RING),
    publish: () => fabric.spscPublish(RING),
  };
}

function wasmReceiver({ fabric }: Side): Receiver {
  let payload = 0;
  fabric.spscJoinConsumer(RING);
  return {
    get type() {
      return fabric.spscType(payload);
    },
    get payloadBytes() {
      return fabric.spscPayloadBytes(payload);
    },
    next: () => {
      payload = fabric.spscNext(RING);
      return payload || NONE;
    },
    release: () => fabric.spscRelease(RING),
  };
}

const pairing = (
  name: string,
  share: number,
  { sends }: typeof inJavaScript,
  { receives }: typeof inJavaScript,
): Litmus => ({
  name: `message-passing-${name}`,
  what: "the payload's stores and the tail's, against the tail's load and the payload's",
  share,
  outcomes: arrivals,
  prepare: (views) => SpscRing.create(views, RING, { capacity: 16_384, identity }),
  sides: { sends, receives },
});

export const messagePassing: readonly Litmus[] = [
  pairing("js-js", 150, inJavaScript, inJavaScript),
  pairing("js-wasm", 50, inJavaScript, inWebAssembly),
  pairing("wasm-js", 50, inWebAssembly, inJavaScript),
  pairing("wasm-wasm", 50, inWebAssembly, inWebAssembly),
];

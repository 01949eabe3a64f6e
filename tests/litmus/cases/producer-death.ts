/**
 * A producer whose thread is ended at any moment, most often in the middle of a record, and another that takes its
 * place: what it had shown arrives, what it left open is never seen, and the others' records pass.
 */
import { NONE } from "../../../actors/ring/layout.js";
import { LogReader } from "../../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../../actors/ring/log-ring.js";
import { MpscProducer, MpscRing } from "../../../actors/ring/mpsc.js";
import { MpscConsumer } from "../../../actors/ring/mpsc-consumer.js";
import { SpscProducer, SpscRing } from "../../../actors/ring/spsc.js";
import { SpscConsumer } from "../../../actors/ring/spsc-consumer.js";
import type { SharedViews } from "../../../actors/ring/views.js";
import { Grade, type Litmus } from "../litmus.js";
import { fill, isWhole, numberAt, sizeOf, typeOf } from "../payload.js";
import type { Side } from "../side.js";
import { identity, RING, WORDS } from "../stage.js";
import { arrivals } from "./message-passing.js";

const ROUNDS = 40;
/** A message's number holds in its high bits which life of which producer sent it. */
const MESSAGES_PER_LIFE = 1 << 20;
/** The producer that is never ended counts as one more life. */
const SURVIVOR = ROUNDS + 1;

/** How many messages a life has shown, at least: a thread may end between the two. */
const shownWord = (life: number): number => (WORDS >> 2) + life;

/** The last life that has joined its ring, and the last that was declared dead: equal while nobody holds the place. */
const JOINED = shownWord(SURVIVOR + 1);
const DEAD = JOINED + 1;

const hasBegun = ({ i32 }: SharedViews, life: number): boolean => Atomics.load(i32, shownWord(life)) > 0;

interface Sender {
  claim(type: number, payloadBytes: number): number;
  commit(): void;
  publish(): void;
}

interface Receiver {
  readonly type: number;
  readonly payloadBytes: number;
  /** Records that the ring itself counts as lost. */
  readonly lost?: number;
  /** Producer whose open claim is in the way. */
  readonly blockedBy?: number;
  next(): number;
  release(): void;
}

function sendForEver(side: Side, ring: Sender, life: number): void {
  for (let n = 0; n < MESSAGES_PER_LIFE && !side.isFinished; ) {
    const number = life * MESSAGES_PER_LIFE + n;
    const bytes = sizeOf(number, side.seed);
    const at = ring.claim(typeOf(number), bytes);
    if (at === NONE) {
      if (!side.looksAgain()) return;
      continue;
    }
    // Most of a life is spent with a claim open, so that most lives end so.
    side.spin(side.random.below(4_000));
    fill(side.i32, at, number, bytes);
    ring.commit();
    ring.publish();
    n += 1;
    Atomics.store(side.i32, shownWord(life), n);
  }
}

function receive(side: Side, ring: Receiver): void {
  const seen = new Int32Array(SURVIVOR + 1);
  while (true) {
    const at = ring.next();
    if (at === NONE) {
      ring.release();
      if (isBlockedByTheDead(side, ring)) side.count("blocked");
      if (side.isFinished && hasAll(side, seen)) break;
      if (!side.looksAgain()) return;
      continue;
    }
    const life = numberAt(side.i32, at) >> 20;
    side.count(judge(side, ring, at, life * MESSAGES_PER_LIFE + seen[life]));
    seen[life] += 1;
    side.maybePause();
  }
  for (let n = 0; n < (ring.lost ?? 0); n += 1) side.count("given up");
}

/** The place of producer 0 is empty, and yet its claim is waited for. */
function isBlockedByTheDead({ i32 }: Side, ring: Receiver): boolean {
  const dead = Atomics.load(i32, DEAD);
  return dead > 0 && ring.blockedBy === 0 && Atomics.load(i32, JOINED) === dead;
}

function judge({ i32, seed }: Side, ring: Receiver, at: number, number: number): string {
  if (numberAt(i32, at) !== number) return "misplaced";
  const bytes = sizeOf(number, seed);
  // A log pads its payloads to multiples of eight.
  const fits = ring.type === typeOf(number) && ring.payloadBytes - bytes < 8;
  return fits && isWhole(i32, at, number, bytes) ? "whole" : "torn";
}

function hasAll({ i32 }: Side, seen: Int32Array): boolean {
  return seen.every((count, life) => count >= Atomics.load(i32, shownWord(life)));
}

/** A log as a ring: the fields that a journal needs are left empty. */
function logSender(log: LogWriter): Sender {
  return {
    claim: (type, payloadBytes) => log.claim(type, 0, 0, 0, payloadBytes),
    commit: () => log.commit(),
    publish: () => log.publish(),
  };
}

function logReceiver(log: LogReader): Receiver {
  return {
    get type() {
      return log.type;
    },
    get payloadBytes() {
      return log.payloadBytes;
    },
    next: () => (log.next() === NONE ? NONE : log.payloadOffset),
    release: () => log.release(),
  };
}

const outcomes = {
  whole: arrivals.whole,
  ended: { grade: Grade.acceptable, says: "a thread was ended and another took its place" },
  torn: arrivals.torn,
  misplaced: arrivals.misplaced,
} as const;

const alone: Litmus = {
  name: "producer-death-alone",
  what: "the end of the only producer's thread, against the consumer",
  share: 0,
  outcomes,
  prepare: (views) => SpscRing.create(views, RING, { capacity: 4096, identity }),
  sides: {
    receives: (side) => receive(side, SpscConsumer.join(side.views, RING, identity)),
    dies: (side) => sendForEver(side, SpscProducer.join(side.views, RING, identity), side.life),
  },
  killed: { side: "dies", rounds: ROUNDS, hasBegun, afterDeath: () => {} },
};

const ofALog: Litmus = {
  name: "producer-death-of-a-log",
  what: "the end of the log's writer's thread, against a gating reader",
  share: 0,
  outcomes,
  prepare: (views) => LogRing.create(views, RING, { capacity: 4096, identity, readers: 1 }),
  sides: {
    receives: (side) => receive(side, logReceiver(LogReader.join(side.views, RING, identity, 0))),
    dies: (side) => sendForEver(side, logSender(LogWriter.join(side.views, RING, identity)), side.life),
  },
  killed: { side: "dies", rounds: ROUNDS, hasBegun, afterDeath: () => {} },
};

const amongMany: Litmus = {
  name: "producer-death-among-many",
  what: "the end of one of two producers' threads, against the other's claims and the consumer",
  share: 0,
  outcomes: {
    ...outcomes,
    blocked: { grade: Grade.forbidden, says: "a claim was waited for whose producer was declared dead" },
    "given up": { grade: Grade.interesting, says: "a claim that its producer left open was turned into padding" },
  },
  prepare: (views) => MpscRing.create(views, RING, { capacity: 4096, identity, producers: 2 }),
  sides: {
    receives: (side) => receive(side, MpscConsumer.join(side.views, RING, identity)),
    survives: (side) => sendForEver(side, MpscProducer.join(side.views, RING, identity, 1), SURVIVOR),
    dies: (side) => {
      Atomics.store(side.i32, JOINED, side.life);
      sendForEver(side, MpscProducer.join(side.views, RING, identity, 0), side.life);
    },
  },
  killed: {
    side: "dies",
    rounds: ROUNDS,
    hasBegun,
    afterDeath: (views, life) => {
      MpscRing.declareDead(views, RING, identity, 0);
      Atomics.store(views.i32, DEAD, life);
    },
  },
};

export const producerDeath: readonly Litmus[] = [alone, ofALog, amongMany];

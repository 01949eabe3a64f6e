/**
 * What may be done to a ring, as commands of fast-check: each does one thing to the ring and to the model and compares.
 * A command that would break the ring's own rules, such as a commit without a claim, is left out by its precondition.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { NONE } from "../../actors/ring/layout.js";
import type { Entry, RingModel } from "./ring-model.js";

/** A producing side; what not every side has is optional. */
export interface ProducerSide {
  claim(type: number, payloadBytes: number): number;
  commit(): void;
  abort(): void;
  publish(): void;
  claimMany?(type: number, payloadBytes: number, count: number): number;
  free?(): number;
}

/** A consuming side, likewise. */
export interface ConsumerSide {
  readonly type: number;
  readonly payloadBytes: number;
  next(): number;
  peek?(): number;
  advance?(): void;
  poll?(handler: { onRecord(type: number, at: number, payloadBytes: number): void }, recordsMax: number): number;
  nextMany?(recordsMax: number): number;
  readonly count?: number;
  readonly stride?: number;
  release(): void;
  available?(): boolean;
  readonly lost?: number;
  readonly blockedBy?: number;
}

/** The ring under test: its sides can be made anew, as after a restart. */
export interface RingUnderTest {
  readonly u8: Uint8Array;
  readonly producers: ProducerSide[];
  consumer: ConsumerSide;
  joinProducer(producer: number): ProducerSide;
  joinConsumer(): ConsumerSide;
}

type Command = fc.Command<RingModel, RingUnderTest>;

function command(name: string, check: (model: RingModel) => boolean, run: Command["run"]): Command {
  return { check, run, toString: () => name };
}

const always = (): boolean => true;
/** Types cycle, so that a record read with its neighbour's header shows. */
const typeOf = ({ type, number }: Entry): number => type ?? 1 + (number % 7);
const TYPE_OF_MANY = 9;
const byteOf = ({ number }: Entry): number => (number * 31 + 7) & 0xff;

function claim(producer: number, bytes: number): Command {
  return command(
    `claim ${bytes} by ${producer}`,
    (model) => !model.hasOpenClaim(producer),
    (model, real) => {
      const entries = model.claim(producer, bytes);
      const at = real.producers[producer].claim(entries.length === 0 ? 1 : typeOf(entries[0]), bytes);
      fillClaim(model, real, entries, at);
    },
  );
}

/** Records side by side, which share their type, up to a quarter of the ring. */
function claimMany(producer: number, bytes: number, count: number): Command {
  return command(
    `claim ${count} of ${bytes} by ${producer}`,
    (model) => !model.hasOpenClaim(producer),
    (model, real) => {
      if (real.producers[producer].claimMany === undefined) return;
      const entries = model.claim(producer, bytes, count);
      const at = real.producers[producer].claimMany(TYPE_OF_MANY, bytes, count);
      for (const entry of entries) entry.type = TYPE_OF_MANY;
      fillClaim(model, real, entries, at);
    },
  );
}

function fillClaim(model: RingModel, real: RingUnderTest, entries: readonly Entry[], at: number): void {
  assert.equal(at === NONE, entries.length === 0, "a claim is refused exactly when the ring is full");
  let payload = at;
  for (const entry of entries) {
    real.u8.fill(byteOf(entry), payload, payload + entry.payloadBytes);
    payload += 8 + Math.ceil(entry.payloadBytes / 8) * 8;
  }
  checkFree(model, real);
}

const hasClaim = (producer: number) => (model: RingModel) => model.hasOpenClaim(producer);

function close(what: "commit" | "abort", producer: number): Command {
  return command(`${what} by ${producer}`, hasClaim(producer), (model, real) => {
    model[what](producer);
    real.producers[producer][what]();
    checkFree(model, real);
  });
}

function publish(producer: number): Command {
  return command(`publish by ${producer}`, always, (model, real) => {
    model.publish();
    real.producers[producer].publish();
  });
}

function restartProducer(producer: number): Command {
  return command(`producer ${producer} starts anew`, always, (model, real) => {
    model.restartProducer(producer);
    real.producers[producer] = real.joinProducer(producer);
    checkFree(model, real);
  });
}

const restartConsumer = command("the consumer starts anew", always, (model, real) => {
  model.restartConsumer();
  real.consumer = real.joinConsumer();
});

const next = command("next", always, (model, real) => {
  checkRecord(real, real.consumer.next(), model.next());
  if (real.consumer.lost !== undefined) assert.equal(real.consumer.lost, model.lost);
});

const peek = command("peek", always, (model, real) => {
  if (real.consumer.peek === undefined) return;
  const entry = model.peek();
  checkRecord(real, real.consumer.peek(), entry);
  checkRecord(real, real.consumer.peek(), entry);
});

const advance = command("peek and advance", always, (model, real) => {
  if (real.consumer.peek === undefined) return;
  const entry = model.next();
  checkRecord(real, real.consumer.peek(), entry);
  if (entry !== null) real.consumer.advance!();
});

const poll = (recordsMax: number): Command =>
  command(`poll ${recordsMax}`, always, (model, real) => {
    if (real.consumer.poll === undefined) return;
    let count = 0;
    const onRecord = (type: number, at: number, payloadBytes: number): void => {
      assert.deepEqual([type, payloadBytes], [real.consumer.type, real.consumer.payloadBytes]);
      checkRecord(real, at, model.next());
      count += 1;
    };
    assert.equal(real.consumer.poll({ onRecord }, recordsMax), count);
    if (count < recordsMax) assert.equal(model.peek(), null, "a poll ends before its bound only at the ring's end");
    if (count > 0) model.release();
    checkFree(model, real);
  });

/** Records alike that stand side by side; how many it takes of them is its own affair. */
const nextMany = (recordsMax: number): Command =>
  command(`next ${recordsMax} alike`, always, (model, real) => {
    if (real.consumer.nextMany === undefined) return;
    const at = real.consumer.nextMany(recordsMax);
    if (at === NONE) return checkRecord(real, at, model.next());
    const { count, stride } = real.consumer;
    assert(count! >= 1 && count! <= recordsMax, "it takes one at least, and no more than asked for");
    for (let place = 0; place < count!; place += 1) checkRecord(real, at + place * stride!, model.next());
  });

const release = command("release", always, (model, real) => {
  model.release();
  real.consumer.release();
  checkFree(model, real);
});

const look = command("look", always, (model, real) => {
  const { consumer } = real;
  if (consumer.available !== undefined) assert.equal(consumer.available(), model.peek() !== null);
  if (consumer.blockedBy !== undefined) assert.equal(consumer.blockedBy, model.blockedBy ?? NONE);
});

function checkFree(model: RingModel, { producers }: RingUnderTest): void {
  for (const producer of producers) if (producer.free !== undefined) assert.equal(producer.free(), model.freeBytes);
}

function checkRecord({ consumer, u8 }: RingUnderTest, at: number, entry: Entry | null): void {
  assert.equal(at === NONE, entry === null, "a record is found exactly when one is shown");
  if (entry === null) return;
  assert.deepEqual([consumer.type, consumer.payloadBytes], [typeOf(entry), entry.payloadBytes]);
  const payload = u8.subarray(at, at + entry.payloadBytes);
  assert(
    payload.every((byte) => byte === byteOf(entry)),
    `message ${entry.number} is whole`,
  );
}

/** Any commands on a ring of so many producers whose payloads take up to `payloadBytesMax`. */
export function ringCommands(producers: number, payloadBytesMax: number): fc.Arbitrary<Iterable<Command>> {
  const who = fc.integer({ min: 0, max: producers - 1 });
  // The largest fill a ring to its last byte, four of them a ring.
  const bytes = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: payloadBytesMax }),
    fc.constant(payloadBytesMax),
  );
  const claims = fc.tuple(who, bytes).map(([producer, size]) => claim(producer, size));
  const commits = who.map((producer) => close("commit", producer));
  const reads = fc.constant(next);
  return fc.commands(
    [
      // Named more than once is met more often: claims, commits and reads make the ring full and empty.
      claims,
      claims,
      claims,
      commits,
      commits,
      commits,
      reads,
      reads,
      reads,
      who.map((producer) => close("abort", producer)),
      who.map(publish),
      who.map(publish),
      fc
        .tuple(who, fc.integer({ min: 0, max: payloadBytesMax / 8 - 8 }), fc.integer({ min: 1, max: 8 }))
        .map((batch) => claimMany(...batch)),
      fc.integer({ min: 1, max: 6 }).map(poll),
      fc.integer({ min: 1, max: 8 }).map(nextMany),
      fc.constant(peek),
      fc.constant(advance),
      fc.constant(release),
      fc.constant(look),
      who.map(restartProducer),
      fc.constant(restartConsumer),
    ],
    { maxCommands: 300, size: "max" },
  );
}

/**
 * What the engine's thread does for the benchmark between two windows, on the thread, core and clock of the real run:
 * it rests while the thread beside it measures alone, or it answers a ping-pong over the product's ring, which says
 * what one hop between these two threads costs. It is asked through a word of shared memory, looked at once a duty
 * cycle.
 */
import { makeStamp, type StampUs } from "../../actors/clock.js";
import { NONE } from "../../actors/ring/layout.js";
import { SpscProducer, SpscRing } from "../../actors/ring/spsc.js";
import { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../../actors/ring/views.js";
import { median } from "../statistics.js";

const Task = { None: 0, Rest: 1, Echo: 2 } as const;
const TASK = 0;
const AT_WORK = 1;
const RINGS_AT = 128;
const CAPACITY = 64 * 1024;
const IDENTITY = { schemaHash: 1, buildHash: 1 };
const MESSAGE_BYTES = 64;
const WORDS = MESSAGE_BYTES / 8;
const TYPE = 1;
/** Round trips to one reading of the clock. */
const BLOCK = 32;
const BLOCKS_UNTIMED = 50;
const BLOCKS = 1_500;
export const GUEST_BYTES = RINGS_AT + 2 * (SpscRing.bytesFor(CAPACITY) + 128);

const ringAt = (ring: number): number => RINGS_AT + ring * Math.ceil(SpscRing.bytesFor(CAPACITY) / 128) * 128;

/** The asking side. */
export class Host {
  private readonly views: SharedViews;
  private readonly stamp: StampUs = makeStamp({ wallUsAtZero: 0 });
  private readonly momentUs = new Float64Array(1);

  constructor(buffer: SharedArrayBuffer) {
    this.views = sharedViewsOf(buffer);
  }

  /** Does something alone, the engine's thread asleep. */
  alone<T>(work: () => T): T {
    this.ask(Task.Rest);
    const result = work();
    this.dismiss();
    return result;
  }

  /** One way over the ring between the two threads, nanoseconds: half of the median round trip of a block of trips. */
  hopNs(): number {
    const { views } = this;
    for (const ring of [0, 1]) SpscRing.create(views, ringAt(ring), { capacity: CAPACITY, identity: IDENTITY });
    const out = SpscProducer.join(views, ringAt(0), IDENTITY);
    const back = SpscConsumer.join(views, ringAt(1), IDENTITY);
    this.ask(Task.Echo);
    const blocksNs: number[] = [];
    for (let block = 0; block < BLOCKS_UNTIMED + BLOCKS; block += 1) {
      const startUs = this.now();
      for (let trip = 0; trip < BLOCK; trip += 1) {
        send(out, trip);
        receive(back);
      }
      if (block >= BLOCKS_UNTIMED) blocksNs.push(((this.now() - startUs) * 1000) / BLOCK);
    }
    this.dismiss();
    return median(blocksNs) / 2;
  }

  private now(): number {
    this.stamp(this.momentUs, 0);
    return this.momentUs[0];
  }

  private ask(task: number): void {
    const { i32 } = this.views;
    Atomics.store(i32, TASK, task);
    while (Atomics.load(i32, AT_WORK) !== task) Atomics.wait(i32, AT_WORK, Task.None, 1);
  }

  private dismiss(): void {
    const { i32 } = this.views;
    Atomics.store(i32, TASK, Task.None);
    Atomics.notify(i32, TASK);
    while (Atomics.load(i32, AT_WORK) !== Task.None) Atomics.wait(i32, AT_WORK, Atomics.load(i32, AT_WORK), 1);
  }
}

/** The asked side: `look` is called once a duty cycle and costs one atomic load. */
export class Guest {
  private readonly views: SharedViews;

  constructor(buffer: SharedArrayBuffer) {
    this.views = sharedViewsOf(buffer);
  }

  look(): void {
    const { i32 } = this.views;
    const task = Atomics.load(i32, TASK);
    if (task === Task.None) return;
    Atomics.store(i32, AT_WORK, task);
    Atomics.notify(i32, AT_WORK);
    if (task === Task.Echo) this.echo();
    while (Atomics.load(i32, TASK) !== Task.None) Atomics.wait(i32, TASK, Task.Rest);
    Atomics.store(i32, AT_WORK, Task.None);
    Atomics.notify(i32, AT_WORK);
  }

  private echo(): void {
    const { views } = this;
    const there = SpscConsumer.join(views, ringAt(0), IDENTITY);
    const back = SpscProducer.join(views, ringAt(1), IDENTITY);
    for (;;) {
      const at = there.next();
      if (at !== NONE) {
        const sum = sumAt(there, at);
        send(back, sum);
        there.release();
      } else if (Atomics.load(views.i32, TASK) !== Task.Echo) return;
    }
  }
}

function send(ring: SpscProducer, value: number): void {
  const { f64 } = ring.views;
  const at = ring.claim(TYPE, MESSAGE_BYTES) >> 3;
  for (let word = 0; word < WORDS; word += 1) f64[at + word] = value + word;
  ring.commit();
  ring.publish();
}

function receive(ring: SpscConsumer): number {
  let at = ring.next();
  while (at === NONE) at = ring.next();
  const sum = sumAt(ring, at);
  ring.release();
  return sum;
}

function sumAt({ views: { f64 } }: SpscConsumer, at: number): number {
  const first = at >> 3;
  return (
    f64[first] +
    f64[first + 1] +
    (f64[first + 2] + f64[first + 3]) +
    (f64[first + 4] + f64[first + 5] + (f64[first + 6] + f64[first + 7]))
  );
}

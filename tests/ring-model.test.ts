/**
 * Every ring between producers and a consumer, against a plain queue that counts bytes: sides in JavaScript and in
 * WebAssembly opposite each other, one producer and many. All sides run on one thread here; see litmus.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NONE } from "../actors/ring/layout.js";
import { MpscProducer, MpscRing } from "../actors/ring/mpsc.js";
import { MpscConsumer } from "../actors/ring/mpsc-consumer.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { CRC32C_BYTES, createSharedMemory, Fabric } from "../wasm/index.js";
import { type ConsumerSide, type ProducerSide, type RingUnderTest, ringCommands } from "./support/ring-commands.js";
import { type Manner, RingModel } from "./support/ring-model.js";

const CAPACITY = 4096;
const PAYLOAD_BYTES_MAX = CAPACITY / 4 - 8;
const BASE = Math.ceil(CRC32C_BYTES / 128) * 128;
const identity = { schemaHash: 1, buildHash: 2 };

const memory = createSharedMemory(BASE + 2 * MpscRing.bytesFor(CAPACITY));
const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
const fabric = new Fabric(memory, 0).exports;

/** A side in WebAssembly, stepped by hand: no room and no record are 0 there. */
function wasmProducer(): ProducerSide {
  fabric.spscJoinProducer(BASE);
  return {
    claim: (type, payloadBytes) => fabric.spscClaim(BASE, type, payloadBytes) || NONE,
    commit: () => fabric.spscCommit(BASE),
    abort: () => fabric.spscAbort(BASE),
    publish: () => fabric.spscPublish(BASE),
  };
}

function wasmConsumer(): ConsumerSide {
  fabric.spscJoinConsumer(BASE);
  let payload = 0;
  return {
    get type() {
      return fabric.spscType(payload);
    },
    get payloadBytes() {
      return fabric.spscPayloadBytes(payload);
    },
    next: () => {
      payload = fabric.spscNext(BASE);
      return payload || NONE;
    },
    release: () => fabric.spscRelease(BASE),
    available: () => fabric.spscAwait(BASE, 1) === 1,
  };
}

const start = fc.constantFrom(0, 8, CAPACITY - 8, 2 ** 31 - CAPACITY / 2, 2 ** 32 - CAPACITY / 2);
const stale = fc.integer({ min: 0, max: 255 });

/** Runs any commands on a ring that `make` makes in memory full of old bytes. */
function checkAgainstQueue(
  manner: Manner,
  producers: number,
  make: (startPosition: number) => Pick<RingUnderTest, "joinProducer" | "joinConsumer">,
): void {
  const commands = ringCommands(producers, PAYLOAD_BYTES_MAX);
  fc.assert(
    fc.property(start, stale, commands, (startPosition, byte, steps) => {
      views.u8.fill(byte, BASE);
      const joins = make(startPosition);
      const sides = Array.from({ length: producers }, (_, producer) => joins.joinProducer(producer));
      const real: RingUnderTest = { ...joins, u8: views.u8, producers: sides, consumer: joins.joinConsumer() };
      fc.modelRun(() => ({ model: new RingModel(manner, CAPACITY, startPosition), real }), steps);
    }),
    { numRuns: 400 },
  );
}

describe("any order of claims, commits, aborts, reads, releases and restarts", () => {
  const producers = { JavaScript: () => SpscProducer.join(views, BASE, identity), WebAssembly: wasmProducer };
  const consumers = { JavaScript: () => SpscConsumer.join(views, BASE, identity), WebAssembly: wasmConsumer };
  const pairings = (["JavaScript", "WebAssembly"] as const).flatMap((from) =>
    (["JavaScript", "WebAssembly"] as const).map((to) => [from, to] as const),
  );

  test.each(pairings)("a producer in %s and a consumer in %s behave as a queue, to the byte", (from, to) => {
    checkAgainstQueue("publish", 1, (startPosition) => {
      SpscRing.create(views, BASE, { capacity: CAPACITY, identity, startPosition });
      return { joinProducer: producers[from], joinConsumer: consumers[to] };
    });
  });

  test.each([1, 3, 16])("%i producers and a consumer behave as a queue, to the byte", (count) => {
    checkAgainstQueue("commit", count, (startPosition) => {
      MpscRing.create(views, BASE, { capacity: CAPACITY, identity, producers: count, startPosition });
      return {
        joinProducer: (producer) => MpscProducer.join(views, BASE, identity, producer),
        joinConsumer: () => MpscConsumer.join(views, BASE, identity),
      };
    });
  });
});

test("the model refuses what a full ring must refuse", () => {
  const model = new RingModel("publish", CAPACITY, 0);
  for (let n = 0; n < 4; n += 1) {
    expect(model.claim(0, PAYLOAD_BYTES_MAX).length).toBe(1);
    model.commit(0);
  }
  expect([model.claim(0, 0), model.freeBytes]).toEqual([[], 0]);
});

/**
 * The rejected designs of the point-to-point ring, each a pair of lanes: round trips, and streams in batches of 64.
 * They lie where the product's ring would.
 */
import { fabricModule } from "../../wasm/index.js";
import { RING_BYTES, RINGS_AT } from "../fabric/lane-memory.js";
import { consumer, type LaneDefinition, type LaneThread, producer, ways } from "../fabric/lane-thread.js";
import { stream, trips } from "../fabric/lanes.js";
import { BATCH, type RingConsumer, type RingProducer, RingSender, RingTaker, RingTrips } from "../fabric/ring-links.js";
import { PolledLengthConsumer, PolledLengthProducer } from "./polled-length-ring.js";
import { SlotConsumer, SlotProducer } from "./slot-ring.js";
import {
  atomicsAccess,
  type CursorAccess,
  type Variant,
  VariantConsumer,
  type VariantPlace,
  VariantProducer,
} from "./variant-ring.js";

interface Design {
  /** One end of the ring of this number. */
  readonly producer: (thread: LaneThread, ring: number) => RingProducer;
  readonly consumer: (thread: LaneThread, ring: number) => RingConsumer;
  /** Messages to a publish and to a release. */
  readonly batch: number;
}

/** The product's own ring, to which the others are compared. */
export const PRODUCT = "the product's ring";
/** The code of the variants with every choice as the product makes it: what is left is the checks. */
export const BARE = "the same, unchecked";

const TAIL_AT = 128;
const HEAD_AT = 256;

const DESIGNS: Readonly<Record<string, Design>> = {
  [PRODUCT]: { producer, consumer, batch: BATCH },
  [BARE]: variant({}),
  "an atomic operation for every message": { producer, consumer, batch: 1 },
  "head and tail on one line": variant({ headAt: TAIL_AT + 4 }),
  "the other's cursor loaded every time": variant({ remembers: false }),
  "cursors by calls into WASM": variant({}, wasmAccess),
  "length word polled, no tail": {
    producer: (thread, ring) => new PolledLengthProducer(place(thread, ring)),
    consumer: (thread, ring) => new PolledLengthConsumer(place(thread, ring)),
    batch: BATCH,
  },
  "slots of 64 bytes, no headers": {
    producer: (thread, ring) => new SlotProducer(place(thread, ring)),
    consumer: (thread, ring) => new SlotConsumer(place(thread, ring)),
    batch: BATCH,
  },
};

export const DESIGN_NAMES: readonly string[] = Object.keys(DESIGNS);
export const tripsLane = (design: string): string => `${design}: round trips`;
export const streamLane = (design: string): string => `${design}: stream`;

export const ALTERNATIVES: Readonly<Record<string, LaneDefinition>> = Object.fromEntries(
  Object.entries(DESIGNS).flatMap(([name, design]) => [
    [tripsLane(name), trips((thread) => new RingTrips(...ends(thread, design)))],
    [
      streamLane(name),
      stream(
        (thread) => new RingSender(design.producer(thread, 0), design.batch),
        (thread) => new RingTaker(design.consumer(thread, 0), design.batch),
      ),
    ],
  ]),
);

function ends(thread: LaneThread, design: Design): [RingProducer, RingConsumer] {
  const [out, back] = ways(thread.member, [0, 1]);
  return [design.producer(thread, out), design.consumer(thread, back)];
}

function variant(
  change: Partial<Variant>,
  access: (thread: LaneThread) => CursorAccess = ({ views }) => atomicsAccess(views),
): Design {
  const choices = (thread: LaneThread): Variant => ({
    ...{ access: access(thread), tailAt: TAIL_AT, headAt: HEAD_AT, remembers: true },
    ...change,
  });
  return {
    producer: (thread, ring) => new VariantProducer(place(thread, ring), choices(thread)),
    consumer: (thread, ring) => new VariantConsumer(place(thread, ring), choices(thread)),
    batch: BATCH,
  };
}

function wasmAccess({ memory }: LaneThread): CursorAccess {
  const { exports } = new WebAssembly.Instance(fabricModule(), { env: { memory } });
  const { atomicLoad, atomicStore } = exports as {
    atomicLoad: CursorAccess["load"];
    atomicStore: CursorAccess["store"];
  };
  return { load: atomicLoad, store: atomicStore };
}

function place({ views }: LaneThread, ring: number): VariantPlace {
  return { views, base: RINGS_AT[ring], capacity: RING_BYTES };
}

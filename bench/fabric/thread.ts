/** One of the two threads of the fabric benchmark: it makes every lane once, and then runs the one it is told to. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { Doorbell } from "../../actors/agent/doorbell.js";
import { Histogram } from "../../actors/metrics/histogram.js";
import { SpscConsumer, SpscProducer } from "../../actors/ring/spsc.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import {
  BELLS_AT,
  FABRIC_IDENTITY,
  latencyAt,
  PORT_TAKEN_AT,
  RAW_BACK_AT,
  RAW_THERE_AT,
  READY_AT,
  RINGS_AT,
} from "./fabric-memory.js";
import { type Lane, type LaneResult, RAW_LANE, SLOWED_LANE } from "./lane.js";
import { PortRoundTrips, PortStream } from "./port-lanes.js";
import { RawRoundTrips } from "./raw-lane.js";
import { ParkedRoundTrips, RingRoundTrips, RingStream } from "./ring-lanes.js";
import { RingbufRoundTrips, RingbufStream } from "./ringbuf-lanes.js";

export interface FabricThreadData {
  readonly side: "initiator" | "responder";
  readonly memory: SharedArrayBuffer;
  /** Storages of ringbuf.js: the way there, and the way back. */
  readonly storages: readonly [SharedArrayBuffer, SharedArrayBuffer];
  readonly port: MessagePort;
}

export interface FabricTask {
  readonly lane: string;
  readonly ms: number;
}

export type FabricReply = LaneResult;

const BATCH = 64;
/** How often the slowed consumer reads each message. */
const SLOWED_READS = 64;

const { side, memory, storages, port } = workerData as FabricThreadData;
const views = sharedViewsOf(memory);
const initiates = side === "initiator";
const lanes = makeLanes();

parentPort!.on("message", ({ lane, ms }: FabricTask) => {
  void run(lanes[lane], ms).then((result) => parentPort!.postMessage(result satisfies FabricReply));
});

async function run(lane: Lane, ms: number): Promise<LaneResult> {
  if (initiates) {
    Atomics.wait(views.i32, READY_AT >> 2, 0);
    Atomics.store(views.i32, READY_AT >> 2, 0);
    return lane.initiate(ms);
  }
  // Before it listens: a ring keeps what comes too early, and a port's messages wait for the end of this call.
  Atomics.store(views.i32, READY_AT >> 2, 1);
  Atomics.notify(views.i32, READY_AT >> 2);
  return lane.respond();
}

/**
 * Both ways of the ring are joined once and shared by all its lanes: a producer remembers how far it got. A stream goes
 * the way there.
 */
function makeLanes(): Readonly<Record<string, Lane>> {
  const [there, back] = RINGS_AT;
  const out = SpscProducer.join(views, initiates ? there : back, FABRIC_IDENTITY);
  const inbox = SpscConsumer.join(views, initiates ? back : there, FABRIC_IDENTITY);
  const [outStorage, inStorage] = initiates ? storages : [storages[1], storages[0]];
  const own = new Doorbell(views, BELLS_AT[side]);
  const other = new Doorbell(views, BELLS_AT[initiates ? "responder" : "initiator"]);
  const latency = (lane: Parameters<typeof latencyAt>[0]): Histogram => new Histogram(views, latencyAt(lane));
  return {
    [RAW_LANE]: new RawRoundTrips(views.i32, RAW_THERE_AT >> 2, RAW_BACK_AT >> 2, latency(RAW_LANE)),
    "ring, spin": new RingRoundTrips(out, inbox, latency("ring, spin")),
    "ring, parked": new ParkedRoundTrips(out, inbox, latency("ring, parked"), own, other),
    "ringbuf.js, spin": new RingbufRoundTrips(outStorage, inStorage, latency("ringbuf.js, spin")),
    "MessagePort, there and back": new PortRoundTrips(port, latency("MessagePort, there and back")),
    "ring, batches of 64": new RingStream(out, inbox, BATCH),
    "ring, one by one": new RingStream(out, inbox, 1),
    [SLOWED_LANE]: new RingStream(out, inbox, BATCH, SLOWED_READS),
    "ringbuf.js, batches of 64": new RingbufStream(storages[0], BATCH),
    "ringbuf.js, one by one": new RingbufStream(storages[0], 1),
    "MessagePort, one way": new PortStream(port, views.i32, PORT_TAKEN_AT >> 2),
  };
}

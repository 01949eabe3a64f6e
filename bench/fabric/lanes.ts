/** Every lane of the product's rings, and of the peers in JavaScript, by its name. */
import { PORT_TAKEN_AT, RESULTS_AT, RINGS_AT, WORDS_AT } from "./lane-memory.js";
import { bell, consumer, type LaneDefinition, type LaneThread, producer, ways } from "./lane-thread.js";
import { ScheduledReceiver, ScheduledSender } from "./open-loop.js";
import { PortEcho, PortSending, PortTaking, PortTrips } from "./port-lanes.js";
import { RawTrips } from "./raw-link.js";
import {
  BATCH,
  BatchSender,
  BatchTaker,
  ParkedTrips,
  RingSender,
  RingTaker,
  RingTrips,
  SlowedTaker,
  TAKE_MAX,
} from "./ring-links.js";
import { RingbufSender, RingbufTaker, RingbufTrips } from "./ringbuf-links.js";
import { Sending, type StreamSender, type StreamTaker, Taking } from "./streams.js";
import { TOPOLOGY_LANES } from "./topology-definitions.js";
import { Echo, RoundTrips, type TripLink } from "./trips.js";
import { WasmStream, WasmTrips } from "./wasm-links.js";

export const LANES = {
  "raw atomics": trips(({ member, views }) => {
    const [out, back] = ways(member, WORDS_AT);
    return new RawTrips(views.i32, out >> 2, back >> 2);
  }),
  "ring, JS handler, spin": trips((thread) => new RingTrips(outbox(thread), inbox(thread))),
  "ring, WASM handler, spin": trips(({ member, memory, views }) => {
    const [out, back] = ways(member, RINGS_AT);
    return new WasmTrips(memory, views, out, back, RESULTS_AT[member]);
  }),
  "ring, JS handler, parked": trips((thread) => {
    const { member } = thread;
    return new ParkedTrips(outbox(thread), inbox(thread), bell(thread, member), bell(thread, 1 - member));
  }),
  "ringbuf.js, spin": trips(({ member, storages }) => new RingbufTrips(...ways(member, storages))),
  "MessagePort, there and back": two(({ member, port, latency }) =>
    member === 0 ? new PortTrips(port, latency) : new PortEcho(port),
  ),

  "ring, JS handler, batches of 64": stream(
    (thread) => new BatchSender(producer(thread, 0)),
    (thread) => new BatchTaker(consumer(thread, 0)),
  ),
  "ring, JS handler, 64 claims a batch": stream(
    (thread) => new RingSender(producer(thread, 0), BATCH),
    (thread) => new RingTaker(consumer(thread, 0), TAKE_MAX),
  ),
  "ring, JS handler, one by one": stream(
    (thread) => new RingSender(producer(thread, 0), 1),
    (thread) => new RingTaker(consumer(thread, 0), 1),
  ),
  "ring, slowed on purpose": stream(
    (thread) => new BatchSender(producer(thread, 0)),
    (thread) => new SlowedTaker(consumer(thread, 0)),
  ),
  "ring, WASM handler, batches of 64": stream(wasmStream, wasmStream),
  "ringbuf.js, batches of 64": stream(
    ({ storages }) => new RingbufSender(storages[0], BATCH),
    ({ storages }) => new RingbufTaker(storages[0], BATCH),
  ),
  "ringbuf.js, one by one": stream(
    ({ storages }) => new RingbufSender(storages[0], 1),
    ({ storages }) => new RingbufTaker(storages[0], 1),
  ),
  "postMessage, one way": two(({ member, port, views }) => {
    const taken = PORT_TAKEN_AT >> 2;
    return member === 0 ? new PortSending(port, views.i32, taken) : new PortTaking(port, views.i32, taken);
  }),

  "ring, scheduled, receiver spins": two((thread) => scheduled(thread, false)),
  "ring, scheduled, receiver sleeps": two((thread) => scheduled(thread, true)),

  ...TOPOLOGY_LANES,
} as const satisfies Record<string, LaneDefinition>;

export type LaneName = keyof typeof LANES;

function two(make: LaneDefinition["make"]): LaneDefinition {
  return { members: 2, sources: 1, make };
}

export function trips(link: (thread: LaneThread) => TripLink): LaneDefinition {
  return two((thread) => (thread.member === 0 ? new RoundTrips(link(thread), thread.latency) : new Echo(link(thread))));
}

/** A stream goes the way there. */
export function stream(
  sender: (thread: LaneThread) => StreamSender,
  taker: (thread: LaneThread) => StreamTaker,
): LaneDefinition {
  return two((thread) => (thread.member === 0 ? new Sending(sender(thread)) : new Taking(taker(thread))));
}

const outbox = (thread: LaneThread) => producer(thread, thread.member);
const inbox = (thread: LaneThread) => consumer(thread, 1 - thread.member);

function wasmStream({ member, memory, views }: LaneThread): WasmStream {
  return new WasmStream(memory, views, RINGS_AT[0], member === 0, RESULTS_AT[member]);
}

function scheduled(thread: LaneThread, sleeps: boolean): ScheduledSender | ScheduledReceiver {
  if (thread.member === 0) return new ScheduledSender(producer(thread, 0), bell(thread, 1));
  return new ScheduledReceiver(consumer(thread, 0), thread.latency, sleeps ? bell(thread, 1) : null);
}

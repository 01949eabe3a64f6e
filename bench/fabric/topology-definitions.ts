/** The Disruptor's five topologies on the product's rings: which member holds which end, and whom it wakes. */
import { LogReader } from "../../actors/ring/log-reader.js";
import { LogWriter } from "../../actors/ring/log-ring.js";
import { MpscProducer } from "../../actors/ring/mpsc.js";
import { MpscConsumer } from "../../actors/ring/mpsc-consumer.js";
import { SpscProducer } from "../../actors/ring/spsc.js";
import type { Lane } from "./lane.js";
import { FABRIC_IDENTITY, LOG_AT, MANY_AT, PRODUCERS, RESULTS_AT } from "./lane-memory.js";
import { bell, consumer, type LaneDefinition, type LaneThread, producer } from "./lane-thread.js";
import { MESSAGE_BYTES } from "./message.js";
import {
  BatchInlet,
  BatchOutlet,
  LogInlet,
  LogOutlet,
  RingInlet,
  WasmLogInlet,
  WasmLogOutlet,
} from "./topology-ends.js";
import { type Bells, HandlerLane, type Inlet, type Outlet, SourceLane } from "./topology-lanes.js";
import { instantiate } from "./wasm-links.js";

/** For each reader of the log those that it depends on, by number. */
type Dependencies = readonly (readonly number[])[];
type Handlers = "JS" | "WASM";

const CHAIN: Dependencies = [[], [0], [1]];
const SIDE_BY_SIDE: Dependencies = [[], [], []];
const JOINED: Dependencies = [[], [], [0, 1]];

export const TOPOLOGY_LANES = {
  "one-to-one": merged(1),
  pipeline: followed(CHAIN, "JS"),
  "sequencer, merged": merged(PRODUCERS),
  "sequencer, shared": shared(),
  multicast: followed(SIDE_BY_SIDE, "JS"),
  diamond: followed(JOINED, "JS"),
  "pipeline, WASM": followed(CHAIN, "WASM"),
  "multicast, WASM": followed(SIDE_BY_SIDE, "WASM"),
  "diamond, WASM": followed(JOINED, "WASM"),
} as const satisfies Record<string, LaneDefinition>;

/** As many sources, each with a point-to-point ring of its own, and one handler that takes from all of them. */
function merged(sources: number): LaneDefinition {
  const make = (thread: LaneThread): Lane => {
    if (thread.member < sources)
      return new SourceLane(batchOutlet(producer(thread, thread.member), SpscProducer), bells(thread, [sources]));
    const consumers = Array.from({ length: sources }, (_, ring) => consumer(thread, ring));
    return new HandlerLane(new BatchInlet(consumers), bells(thread, firstOf(sources)), sources);
  };
  return { members: sources + 1, sources, make };
}

/** As many sources on one many-producer ring. */
function shared(): LaneDefinition {
  const make = (thread: LaneThread): Lane => {
    const { member, views } = thread;
    if (member < PRODUCERS) {
      const outlet = batchOutlet(MpscProducer.join(views, MANY_AT, FABRIC_IDENTITY, member), MpscProducer);
      return new SourceLane(outlet, bells(thread, [PRODUCERS]));
    }
    const inlet = new RingInlet(MpscConsumer.join(views, MANY_AT, FABRIC_IDENTITY));
    return new HandlerLane(inlet, bells(thread, firstOf(PRODUCERS)), PRODUCERS);
  };
  return { members: PRODUCERS + 1, sources: PRODUCERS, make };
}

/** A source and the readers of its log. */
function followed(dependencies: Dependencies, handlers: Handlers): LaneDefinition {
  const make = (thread: LaneThread): Lane => {
    const reader = thread.member - 1;
    const followers = dependencies.flatMap((on, other) => (waitsFor(on, reader) ? [other + 1] : []));
    if (thread.member === 0) return new SourceLane(logOutlet(thread, handlers), bells(thread, followers));
    const inlet = logInlet(thread, reader, dependencies[reader], handlers);
    return new HandlerLane(inlet, bells(thread, [...followers, 0]), 1);
  };
  return { members: 1 + dependencies.length, sources: 1, make };
}

/** Whether a reader that depends on `on` waits for `reader`, or for the source, which is −1. */
function waitsFor(on: readonly number[], reader: number): boolean {
  return reader < 0 ? on.length === 0 : on.includes(reader);
}

/** By the stride of its own kind of records. */
function batchOutlet(
  end: SpscProducer | MpscProducer,
  { strideOf }: { strideOf(payloadBytes: number): number },
): BatchOutlet {
  return new BatchOutlet(end, strideOf(MESSAGE_BYTES));
}

function logOutlet({ memory, views }: LaneThread, handlers: Handlers): Outlet {
  if (handlers === "WASM") return new WasmLogOutlet(instantiate(memory), LOG_AT);
  return new LogOutlet(LogWriter.join(views, LOG_AT, FABRIC_IDENTITY));
}

function logInlet(thread: LaneThread, slot: number, dependsOn: readonly number[], handlers: Handlers): Inlet {
  const { memory, views, member } = thread;
  if (handlers === "JS") return new LogInlet(LogReader.join(views, LOG_AT, FABRIC_IDENTITY, slot, dependsOn));
  return new WasmLogInlet(instantiate(memory), views, LOG_AT, { slot, dependsOn, resultAt: RESULTS_AT[member] });
}

function bells(thread: LaneThread, others: readonly number[]): Bells {
  return { own: bell(thread, thread.member), others: others.map((other) => bell(thread, other)) };
}

const firstOf = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * The shared-memory fabric by itself, as `sluice/fabric`: rings, doorbells, runners and logical actors, for programs
 * that build a topology of their own. docs/rings.md says which ring is for what.
 */
export type { Agent } from "./agent/agent.js";
export { type AgentErrorHandler, runBlocking } from "./agent/blocking-runner.js";
export { Doorbell } from "./agent/doorbell.js";
export { EventLoopRunner } from "./agent/event-loop-runner.js";
export { IDLE, type IdleStrategy } from "./agent/idle.js";
export { ThreadControl } from "./agent/thread-control.js";
export type { ActorCell, ActorKind } from "./fleet/actor-kind.js";
export { ACTOR_BYTES_MAX, FleetAgent, type FleetParts } from "./fleet/fleet-agent.js";
export { FleetMap } from "./fleet/fleet-map.js";
export { Post, type Route } from "./fleet/post.js";
export { BroadcastReader } from "./ring/broadcast.js";
export { type RingIdentity, RingJoinError, type RingOptions } from "./ring/header.js";
export { NONE } from "./ring/layout.js";
export { LogReader } from "./ring/log-reader.js";
export { LogRing, type LogRingOptions, LogWriter } from "./ring/log-ring.js";
export { MpscProducer, MpscRing, type MpscRingOptions } from "./ring/mpsc.js";
export { MpscConsumer } from "./ring/mpsc-consumer.js";
export { SpscProducer, SpscRing } from "./ring/spsc.js";
export { SpscConsumer } from "./ring/spsc-consumer.js";
export { type SharedViews, sharedViewsOf } from "./ring/views.js";

/**
 * What one thread sends to logical actors, on whichever thread they live: each thread of the fleet has one inbox that
 * all threads write to. A message is an envelope of its receiver and sender, and then a payload written in place.
 *
 *     0  to    u32, the receiver's id
 *     4  from  u32, the sender's
 *     8  payload
 */
import assert from "node:assert/strict";
import type { Doorbell } from "../agent/doorbell.js";
import { NONE } from "../ring/layout.js";
import type { MpscProducer } from "../ring/mpsc.js";
import type { SharedViews } from "../ring/views.js";
import type { FleetMap } from "./fleet-map.js";

export const ENVELOPE_TO = 0;
export const ENVELOPE_FROM = 4;
export const ENVELOPE_BYTES = 8;

/** The way to one thread of the fleet. */
export interface Route {
  readonly inbox: MpscProducer;
  readonly bell: Doorbell;
}

export class Post {
  readonly map: FleetMap;
  readonly views: SharedViews;
  /** Messages that found no room, and were not sent. */
  refused = 0;
  private readonly routes: readonly Route[];
  /** By thread: whether something was sent since its bell was rung. */
  private readonly sentTo: Uint8Array;
  private openThread = -1;

  /** `routes`: by thread of the fleet. */
  constructor(map: FleetMap, views: SharedViews, routes: readonly Route[]) {
    assert.equal(routes.length, map.threads, "one route to a thread");
    this.map = map;
    this.views = views;
    this.routes = routes;
    this.sentTo = new Uint8Array(routes.length);
  }

  /** Opens a message: the byte offset of its payload, or NONE while the receiver's inbox is full. Then `send` it. */
  claim(to: number, from: number, type: number, payloadBytes: number): number {
    if (this.openThread !== -1) assert.fail("a message is open: send or abort it before the next");
    if (!this.map.has(to)) assert.fail(`there is no actor ${to}: ids are 0 to ${this.map.actors - 1}`);
    const thread = this.map.threadOf(to);
    const at = this.routes[thread].inbox.claim(type, ENVELOPE_BYTES + payloadBytes);
    if (at === NONE) {
      this.refused += 1;
      return NONE;
    }
    const { u32 } = this.views;
    u32[(at + ENVELOPE_TO) >> 2] = to;
    u32[(at + ENVELOPE_FROM) >> 2] = from;
    this.openThread = thread;
    return at + ENVELOPE_BYTES;
  }

  /** Sends the open message; its thread is woken by the next `ring`. */
  send(): void {
    if (this.openThread === -1) assert.fail("no message is open: claim one before sending it");
    this.routes[this.openThread].inbox.commit();
    this.sentTo[this.openThread] = 1;
    this.openThread = -1;
  }

  /** Whether a message is open. Left so, it would hide from its receiver's thread all that comes behind it. */
  get isOpen(): boolean {
    return this.openThread !== -1;
  }

  /** Gives the open message up. */
  abort(): void {
    if (this.openThread === -1) return;
    this.routes[this.openThread].inbox.abort();
    this.openThread = -1;
  }

  /** Wakes the threads that were sent to, once each: call it at the end of a batch. */
  ring(): void {
    for (let thread = 0; thread < this.sentTo.length; thread += 1) {
      if (this.sentTo[thread] === 0) continue;
      this.sentTo[thread] = 0;
      this.routes[thread].bell.ring();
    }
  }
}

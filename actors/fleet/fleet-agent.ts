/**
 * Runs the logical actors of one thread: takes messages from the thread's inbox and shows each to its actor's handler.
 * An actor whose handler throws, or leaves a message open, is in quarantine from then on: its messages are dropped and
 * counted, its state stays, and the others go on.
 */
import assert from "node:assert/strict";
import type { Agent } from "../agent/agent.js";
import type { AgentErrorHandler } from "../agent/blocking-runner.js";
import { NONE } from "../ring/layout.js";
import type { MpscConsumer } from "../ring/mpsc-consumer.js";
import type { ActorCell, ActorKind } from "./actor-kind.js";
import { ENVELOPE_BYTES, ENVELOPE_FROM, ENVELOPE_TO, type Post } from "./post.js";

const BATCH_MAX = 256;
/** The most that an actor may take, its state and its place in the tables together. */
export const ACTOR_BYTES_MAX = 1024;
/** Beside the state: the kind and whether the actor is in quarantine. */
const TABLE_BYTES = 2;
const KINDS_MAX = 255;

export interface FleetParts {
  /** Of the fleet's threads, this one. */
  readonly thread: number;
  readonly inbox: MpscConsumer;
  readonly post: Post;
  readonly kinds: readonly ActorKind[];
  /** Index among `kinds` of an actor's kind. */
  readonly kindOf: (id: number) => number;
  readonly onError: AgentErrorHandler;
}

export class FleetAgent implements Agent, ActorCell {
  readonly role: string;
  readonly states: Float64Array;
  id = -1;
  state = 0;
  /** Messages shown to a handler, and messages of actors in quarantine. */
  handled = 0;
  dropped = 0;
  /** Actors in quarantine. */
  quarantined = 0;
  private readonly parts: FleetParts;
  private readonly stride: number;
  private readonly kind: Uint8Array;
  private readonly isQuarantined: Uint8Array;

  constructor(parts: FleetParts) {
    const { thread, kinds, kindOf, post } = parts;
    if (kinds.length === 0 || kinds.length > KINDS_MAX) throw new RangeError(`a fleet has 1 to ${KINDS_MAX} kinds`);
    const rows = post.map.rowsOn(thread);
    this.role = `fleet-${thread}`;
    this.parts = parts;
    this.stride = Math.max(...kinds.map(({ stateDoubles }) => stateDoubles));
    checkSize(kinds, this.stride);
    this.states = new Float64Array(rows * this.stride);
    this.kind = Uint8Array.from({ length: rows }, (_, row) => kindOf(post.map.idOf(thread, row)));
    this.isQuarantined = new Uint8Array(rows);
    assert(
      this.kind.every((kind) => kind < kinds.length),
      "an actor is of one of the kinds",
    );
  }

  /** Bytes that the actors of this thread take in all. */
  get bytes(): number {
    return this.states.byteLength + this.kind.byteLength + this.isQuarantined.byteLength;
  }

  work(): number {
    const { inbox, post } = this.parts;
    let done = 0;
    for (let at = NONE; done < BATCH_MAX && (at = inbox.next()) !== NONE; done += 1) this.deliver(at);
    if (done === 0) return 0;
    inbox.release();
    post.ring();
    return done;
  }

  claim(to: number, type: number, payloadBytes: number): number {
    return this.parts.post.claim(to, this.id, type, payloadBytes);
  }

  send(): void {
    this.parts.post.send();
  }

  private deliver(at: number): void {
    const { inbox, post, kinds } = this.parts;
    const { u32 } = post.views;
    const to = u32[(at + ENVELOPE_TO) >> 2];
    const row = post.map.rowOf(to);
    if (this.isQuarantined[row] !== 0) {
      this.dropped += 1;
      return;
    }
    this.id = to;
    this.state = row * this.stride;
    const from = u32[(at + ENVELOPE_FROM) >> 2];
    const bytes = inbox.payloadBytes - ENVELOPE_BYTES;
    try {
      kinds[this.kind[row]].onMessage(this, inbox.type, from, post.views, at + ENVELOPE_BYTES, bytes);
      if (post.isOpen) assert.fail("a message was claimed and not sent");
      this.handled += 1;
    } catch (error) {
      this.quarantine(row, error);
    }
  }

  /** The message that it was writing is not sent. */
  private quarantine(row: number, error: unknown): void {
    this.parts.post.abort();
    this.isQuarantined[row] = 1;
    this.quarantined += 1;
    this.parts.onError(error, `${this.parts.kinds[this.kind[row]].name} ${this.id}`);
  }
}

function checkSize(kinds: readonly ActorKind[], stride: number): void {
  const doublesMax = Math.floor((ACTOR_BYTES_MAX - TABLE_BYTES) / 8);
  if (stride <= doublesMax) return;
  const { name, stateDoubles } = kinds.find((kind) => kind.stateDoubles === stride)!;
  throw new RangeError(
    `an actor's state has at most ${doublesMax} doubles (${name} wants ${stateDoubles}): keep the rest elsewhere`,
  );
}

/**
 * What logical actors of one sort do: a size of state and a handler. A logical actor is not an object and not a thread;
 * it is a row of doubles that a handler is shown, and ten thousand of them cost nothing until a message comes.
 */
import type { SharedViews } from "../ring/views.js";

/** The actor that a handler works for. One object serves all actors of a thread: do not keep it. */
export interface ActorCell {
  readonly id: number;
  /** The states of all actors of the thread; this one's begins at `state` and has the kind's number of doubles. */
  readonly states: Float64Array;
  readonly state: number;
  /** Opens a message to another actor: the byte offset of its payload, or NONE while that one's inbox is full. */
  claim(to: number, type: number, payloadBytes: number): number;
  /** Sends the open message. */
  send(): void;
}

export interface ActorKind {
  readonly name: string;
  /** State of one actor: doubles, zero at its start. */
  readonly stateDoubles: number;
  /** `at`: byte offset of the message's payload, of `payloadBytes` bytes with the padding to eight left out. */
  onMessage(cell: ActorCell, type: number, from: number, views: SharedViews, at: number, payloadBytes: number): void;
}

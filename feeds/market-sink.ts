/**
 * Where decoded market messages go: the port that the engine's side implements with the market ring. A feed never waits
 * for it; a message that finds no room is dropped by the feed, with a reason.
 */
import type { MessageViews } from "../schemas/index.js";

/** What `claim` returns when there is no room. */
export const NO_ROOM = -1;

export interface MarketSink {
  readonly views: MessageViews;
  /** Opens a record of `bytes` and returns its byte offset in the views, or NO_ROOM. At most one claim is open. */
  claim(type: number, bytes: number): number;
  /** Ends the open record. It becomes visible with the next publish. */
  commit(): void;
  publish(): void;
}

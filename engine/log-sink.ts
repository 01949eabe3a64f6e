/**
 * Where the engine writes: each input, then the outputs it caused. In an engine thread this is the log ring, in a
 * backtest a block of memory, in a replay a comparison with what was recorded; the engine cannot tell which.
 */
import type { MessageViews } from "../schemas/index.js";

export interface LogSink {
  readonly views: MessageViews;
  /**
   * Byte offset at which the payload of a new record is to be written, or −1 when there is no room. The record's header
   * stands right before it. The engine passes 0 for `timeUs` and writes the time into the header itself.
   */
  claim(type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number;
  /** Ends the record just claimed. */
  commit(): void;
}

/** Bound on what one input may cause; the host makes sure of this much room before it takes an input. */
export const OUTPUT_BYTES_MAX = 256 * 1024;

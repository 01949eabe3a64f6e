/**
 * How long orders took to become safe, measured where they do: by the journal's thread, once a batch, before its cursor
 * moves on. It leaves the moment for the gateway, which may send only what is safe. An order whose stamps are gone, or
 * that an earlier life sent, is not measured.
 */
import type { Histogram } from "../metrics/histogram.js";
import {
  type OrderStampReader,
  type OrderStampWriter,
  STAMP_PASSED,
  STAMP_RECEIVED,
  STAMP_SEQUENCE,
} from "../metrics/order-stamps.js";

export interface SafeOrdersParts {
  /** The engine's. */
  readonly commands: OrderStampReader;
  readonly safe: OrderStampWriter;
  /** From a command's publication to its being safe. */
  readonly durable: Pick<Histogram, "record">;
  readonly tickToDurable: Pick<Histogram, "record">;
}

export class SafeOrders {
  private readonly parts: SafeOrdersParts;

  constructor(parts: SafeOrdersParts) {
    this.parts = parts;
  }

  /** The orders of these inputs, one of each, ascending, are safe since now; microseconds since the epoch. */
  passed(sequences: readonly number[], nowUs: number): void {
    const { commands, durable, tickToDurable } = this.parts;
    let stamped = Number.NaN;
    for (const sequence of sequences) {
      if (!commands.find(sequence)) continue;
      durable.record((nowUs - commands.passedUs) * 1000);
      if (!Number.isNaN(commands.receivedUs)) tickToDurable.record((nowUs - commands.receivedUs) * 1000);
      if (sequence !== stamped) this.stamp(sequence, nowUs);
      stamped = sequence;
    }
  }

  /** Once for all orders of an input. */
  private stamp(sequence: number, nowUs: number): void {
    const { commands, safe } = this.parts;
    const { row, doubles } = safe;
    doubles[row + STAMP_SEQUENCE] = sequence;
    doubles[row + STAMP_RECEIVED] = commands.receivedUs;
    doubles[row + STAMP_PASSED] = nowUs;
    safe.publish();
  }
}

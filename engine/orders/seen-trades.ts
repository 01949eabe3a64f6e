/**
 * The venue's trade ids that were already applied, so that a fill counts once however often it is reported. A venue
 * counts the trades of each instrument by themselves. Bounded: an instrument's oldest id goes when the newest comes, in
 * the order in which they arrived.
 */
import { IdWindow } from "./id-window.js";

export const SEEN_TRADES_MAX = 131_072;

export class SeenTrades {
  /** By instrument. */
  readonly ids: readonly IdWindow[];
  /** By instrument: the id that came last; 0 before the first. */
  readonly latest: Float64Array;
  private readonly id = new Float64Array(1);

  constructor(instruments: number) {
    this.ids = Array.from({ length: instruments }, () => new IdWindow(SEEN_TRADES_MAX));
    this.latest = new Float64Array(instruments);
  }

  has(instrument: number, tradeId: number): boolean {
    this.id[0] = tradeId;
    return this.hasFrom(instrument, this.id, 0);
  }

  add(instrument: number, tradeId: number): void {
    this.id[0] = tradeId;
    this.addFrom(instrument, this.id, 0);
  }

  /** Whether the id `from[at]`, which is never boxed on the way, was seen. */
  hasFrom(instrument: number, from: Float64Array, at: number): boolean {
    return this.ids[instrument].has(from, at);
  }

  /** Adds the id `from[at]`. */
  addFrom(instrument: number, from: Float64Array, at: number): void {
    if (this.ids[instrument].add(from, at)) this.latest[instrument] = from[at];
  }

  get size(): number {
    return this.ids.reduce((total, { size }) => total + size, 0);
  }
}

/**
 * The venue's trade ids that were already applied, so that a fill counts once however often it is reported. A venue
 * counts the trades of each instrument by themselves. Bounded: an instrument's oldest id goes when the newest comes, in
 * the order in which they arrived.
 */
export const SEEN_TRADES_MAX = 131_072;

export class SeenTrades {
  /** By instrument. */
  readonly ids: readonly Set<number>[];
  /** By instrument: the id that came last; 0 before the first. */
  readonly latest: Float64Array;

  constructor(instruments: number) {
    this.ids = Array.from({ length: instruments }, () => new Set<number>());
    this.latest = new Float64Array(instruments);
  }

  has(instrument: number, tradeId: number): boolean {
    return this.ids[instrument].has(tradeId);
  }

  add(instrument: number, tradeId: number): void {
    const ids = this.ids[instrument];
    if (ids.has(tradeId)) return;
    if (ids.size === SEEN_TRADES_MAX) {
      for (const oldest of ids) {
        ids.delete(oldest);
        break;
      }
    }
    ids.add(tradeId);
    this.latest[instrument] = tradeId;
  }

  get size(): number {
    return this.ids.reduce((total, { size }) => total + size, 0);
  }
}

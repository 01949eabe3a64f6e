/**
 * The venue's trade ids that were already applied, so that a fill counts once however often it is reported. Bounded:
 * the oldest id goes when the newest comes, in the order in which they arrived.
 */
export const SEEN_TRADES_MAX = 131_072;

export class SeenTrades {
  private readonly ids = new Set<number>();

  has(tradeId: number): boolean {
    return this.ids.has(tradeId);
  }

  add(tradeId: number): void {
    if (this.ids.has(tradeId)) return;
    if (this.ids.size === SEEN_TRADES_MAX) {
      for (const oldest of this.ids) {
        this.ids.delete(oldest);
        break;
      }
    }
    this.ids.add(tradeId);
  }

  get size(): number {
    return this.ids.size;
  }

  values(): IterableIterator<number> {
    return this.ids.values();
  }
}

/** Price levels of one side of a book in typed arrays, to be filled and emptied without allocation. */

/** More levels on one side are not believed. */
export const LEVELS_MAX = 5000;

export class LevelList {
  readonly ticks: Int32Array;
  readonly lots: Float64Array;
  count = 0;

  constructor(capacity = LEVELS_MAX) {
    this.ticks = new Int32Array(capacity);
    this.lots = new Float64Array(capacity);
  }

  /** Adds a level given as its price in ticks and its quantity in lots. */
  push(level: Float64Array): void {
    this.ticks[this.count] = level[0];
    this.lots[this.count] = level[1];
    this.count += 1;
  }

  copy(): LevelList {
    const copy = new LevelList(this.count);
    copy.ticks.set(this.ticks.subarray(0, this.count));
    copy.lots.set(this.lots.subarray(0, this.count));
    copy.count = this.count;
    return copy;
  }
}

/**
 * A set of row numbers that is filled and emptied without allocation: which rows have changed since somebody looked.
 * It lets work be a matter of what happened, not of how many rows there are.
 */
export class MarkSet {
  /** The first `count` are the rows, in the order in which they were marked. */
  readonly rows: Int32Array;
  count = 0;
  private readonly isMarked: Uint8Array;

  constructor(size: number) {
    this.rows = new Int32Array(size);
    this.isMarked = new Uint8Array(size);
  }

  mark(row: number): void {
    if (this.isMarked[row] !== 0) return;
    this.isMarked[row] = 1;
    this.rows[this.count] = row;
    this.count += 1;
  }

  markAll(): void {
    for (let row = 0; row < this.rows.length; row += 1) this.mark(row);
  }

  clear(): void {
    for (let at = 0; at < this.count; at += 1) this.isMarked[this.rows[at]] = 0;
    this.count = 0;
  }
}

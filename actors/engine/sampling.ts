/**
 * Which inputs are timed. An engine that keeps up takes small batches, and of these the first inputs all are, so nearly
 * everything is. Of an engine that is behind it is one input in about a thousand, each time at another place of its
 * batch, so that those that waited longest count like the others: there timing costs throughput.
 */
const SMALL_BATCH = 16;
const FIRST = 4;
/** More than a batch has inputs: most full batches pass untimed. */
const PLACES = 1024;
/** Odd, so that every place comes up. */
const STEP = 389;

export class Sampling {
  private first = FIRST;
  private place = 0;

  /** Whether the input at this position of its batch is timed. */
  isTimed(position: number): boolean {
    return position < this.first || position === this.place;
  }

  /** A batch of so many inputs is over. */
  ended(inputs: number): void {
    this.first = inputs < SMALL_BATCH ? FIRST : 0;
    this.place = (this.place + STEP) & (PLACES - 1);
  }
}

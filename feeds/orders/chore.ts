/**
 * Something that is to be asked or repeated at a moment, by whoever has room for it: when it is due, whether it is
 * under way, and how long the next attempt waits. Delays double up to a maximum; there is no chance in them.
 */
export const NEVER = Number.POSITIVE_INFINITY;

const FIRST_DELAY_US = 250_000;
const DELAY_US_MAX = 5_000_000;

export class Chore {
  dueUs = NEVER;
  underWay = false;
  private delayUs = FIRST_DELAY_US;

  /** Makes it due at a moment, unless it is due earlier. One that is under way is then done once more. */
  want(atUs: number): void {
    if (atUs < this.dueUs) this.dueUs = atUs;
  }

  isDue(nowUs: number): boolean {
    return !this.underWay && nowUs >= this.dueUs;
  }

  /** Nothing is due and nothing under way. */
  get isIdle(): boolean {
    return !this.underWay && this.dueUs === NEVER;
  }

  begin(): void {
    this.underWay = true;
    this.dueUs = NEVER;
  }

  done(): void {
    this.underWay = false;
    this.delayUs = FIRST_DELAY_US;
  }

  retry(nowUs: number): void {
    this.underWay = false;
    this.want(nowUs + this.delayUs);
    this.delayUs = Math.min(this.delayUs * 2, DELAY_US_MAX);
  }

  drop(): void {
    this.dueUs = NEVER;
  }
}

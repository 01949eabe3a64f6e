/**
 * Random cases for the schedules: the same on every machine, with the extremes that a uniform draw would never meet.
 */
import { wordsFrom } from "../support/numbers.js";

export class Cases {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = wordsFrom(seed);
  }

  /** From min to max, both included. */
  integer(min: number, max: number): number {
    const unit = (this.#next() * 2 ** 21 + (this.#next() >>> 11)) / 2 ** 53;
    return Math.min(max, min + Math.floor(unit * (max - min + 1)));
  }

  /** 1 to 2^53 − 1, each length of number as likely as another. */
  lots(): number {
    return this.integer(1, Math.max(1, 2 ** this.integer(0, 53) - 1));
  }

  chance(oneIn: number): boolean {
    return this.integer(1, oneIn) === 1;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!;
  }

  /** 0 to 1, the ends included. */
  fraction(): number {
    return this.pick([0, 1, this.integer(0, 1000) / 1000, this.integer(0, 1e15) / 1e15]);
  }

  array<T>(length: number, draw: () => T): T[] {
    return Array.from({ length }, draw);
  }
}

/** Fails with what it is about; for loops in which the test runner's own would take most of the time. */
export function demand(holds: boolean, about: () => unknown): void {
  if (!holds) throw new Error(JSON.stringify(about()));
}

export function areSame(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((each, index) => each === second[index]);
}

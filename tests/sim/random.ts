/**
 * Chance, from a seed and a name alone. A generator is split by name, so that one draw more in one place of the
 * simulation shifts nothing in any other. The generator is sfc32 (Chris Doty-Humphrey, public domain), which passes
 * PractRand; it is no part of what it tests.
 */
export class Random {
  private readonly path: string;
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, path = "") {
    this.path = `${seed}${path}`;
    this.a = hash(this.path, 0x9e3779b9);
    this.b = hash(this.path, 0x243f6a88);
    this.c = hash(this.path, 0xb7e15162);
    for (let round = 0; round < 12; round += 1) this.word();
  }

  /** A generator of its own for a part of the simulation. */
  split(name: string): Random {
    return new Random(0, `:${this.path}/${name}`);
  }

  /** 32 bits. */
  word(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  /** From 0 up to, not including, 1. */
  uniform(): number {
    return this.word() / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  between(low: number, high: number): number {
    return low + this.uniform() * (high - low);
  }

  /** True with this probability; draws nothing when it is zero. */
  chance(probability: number): boolean {
    return probability > 0 && this.uniform() < probability;
  }

  /** Exponentially distributed. */
  exponential(mean: number): number {
    return -Math.log(1 - this.uniform()) * mean;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.integer(0, from.length - 1)];
  }
}

/** FNV-1a over the text, then the last step of murmur3. */
function hash(text: string, seed: number): number {
  let value = seed | 0;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) | 0;
}

/**
 * A 64-bit hash of words: two lanes of the 32-bit murmur3 mixing step (Austin Appleby). Every NaN counts as one value,
 * because JavaScript does not say which bits a NaN has.
 */
export class Hasher {
  private high = 0;
  private low = 0;
  private words = 0;
  private readonly double = new Float64Array(1);
  private readonly halves = new Int32Array(this.double.buffer);

  constructor() {
    this.reset();
  }

  reset(): void {
    this.high = 0x1747b28c;
    this.low = 0x3c6ef372;
    this.words = 0;
  }

  word(value: number): void {
    this.high = mix(this.high, value);
    this.low = mix(this.low, Math.imul(value, 0x9e3779b1) ^ this.high);
    this.words = (this.words + 1) | 0;
  }

  number(value: number): void {
    this.double[0] = value;
    this.doubleWords();
  }

  /** An element of an array, read here so that the double is handed to nobody. */
  element(values: Float64Array | Float32Array, at: number): void {
    this.double[0] = values[at];
    this.doubleWords();
  }

  doubles(values: Float64Array | Float32Array, from = 0, to = values.length): void {
    this.word(to - from);
    for (let at = from; at < to; at += 1) this.element(values, at);
  }

  ints(values: Int32Array | Uint32Array | Uint16Array | Uint8Array, from = 0, to = values.length): void {
    this.word(to - from);
    for (let at = from; at < to; at += 1) this.word(values[at] | 0);
  }

  text(value: string): void {
    this.word(value.length);
    for (let at = 0; at < value.length; at += 1) this.word(value.charCodeAt(at));
  }

  finish(into: Uint32Array): void {
    into[0] = avalanche(this.low ^ Math.imul(this.words, 0x85ebca6b));
    into[1] = avalanche(this.high ^ this.words);
  }

  private doubleWords(): void {
    const { double, halves } = this;
    const isNumber = !Number.isNaN(double[0]);
    this.word(isNumber ? halves[0] : 0);
    this.word(isNumber ? halves[1] : 0x7ff80000);
  }
}

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function avalanche(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

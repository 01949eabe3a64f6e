/** Numbers that look random and follow from a seed, for sizes and pauses; not for anything else. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = mix(seed) || 1;
  }

  /** A whole number from 0 to below `end`, at most 2^31. */
  below(end: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 1) % end;
  }
}

/** Spreads the bits of a number over 32. */
export function mix(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}

/**
 * Seeded random numbers for strategies: sfc32 (Chris Doty-Humphrey's small fast counter generator, 128 bits of state),
 * integers only, so that every machine draws the same.
 */
export class SeededRandom {
  private readonly state: Uint32Array;

  constructor(seed: number, stream: number) {
    this.state = Uint32Array.of(seed, Math.floor(seed / 4_294_967_296), stream, 1);
    for (let round = 0; round < 12; round += 1) this.nextUint32();
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  next(): number {
    return this.nextUint32() / 4_294_967_296;
  }

  nextUint32(): number {
    const s = this.state;
    const result = (s[0] + s[1] + s[3]) >>> 0;
    s[3] += 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + result;
    return result;
  }

  get words(): Uint32Array {
    return this.state;
  }
}

/**
 * The generator of the simulations from its publications, in whole numbers: SplitMix64 seeds xoshiro256++, three
 * streams 2¹²⁸ words apart; the ziggurat takes words of the first two in turn, and of the third when it rejects.
 */
const MASK = (1n << 64n) - 1n;
const JUMP = [0x180ec6d33cfd0aban, 0xd5a61266f0c9392cn, 0xa9582618e03fc9aan, 0x39abdc4529b1661cn];

export class Xoshiro {
  constructor(public state: bigint[]) {}

  next(): bigint {
    const [s0, s1, s2, s3] = this.state as [bigint, bigint, bigint, bigint];
    const result = (rotate((s0 + s3) & MASK, 23n) + s0) & MASK;
    const mixed2 = s2 ^ s0;
    const mixed3 = s3 ^ s1;
    this.state = [s0 ^ mixed3, s1 ^ mixed2, mixed2 ^ ((s1 << 17n) & MASK), rotate(mixed3, 45n)];
    return result;
  }

  /** A generator 2¹²⁸ words ahead of this one. */
  jumped(): Xoshiro {
    const walker = new Xoshiro(this.state);
    let sum = [0n, 0n, 0n, 0n];
    for (const word of JUMP) {
      for (let bit = 0n; bit < 64n; bit++) {
        if ((word >> bit) & 1n) sum = sum.map((each, at) => each ^ walker.state[at]!);
        walker.next();
      }
    }
    return new Xoshiro(sum);
  }
}

export function splitMix(seed: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => {
    let z = (seed + BigInt(index + 1) * 0x9e3779b97f4a7c15n) & MASK;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  });
}

/** Widths of the 1024 layers, the base's rectangle first, and the 0 at the top. */
const widths = layerWidths();

export function normalsTwin(count: number, seed: number): number[] {
  const first = new Xoshiro(splitMix(BigInt(seed), 4));
  const second = first.jumped();
  const spare = second.jumped();
  return Array.from({ length: count }, (_, index) => normalFrom((index % 2 === 0 ? first : second).next(), spare));
}

function normalFrom(word: bigint, spare: Xoshiro): number {
  const layer = Number(word & 1023n);
  const place = Number(word >> 12n) / 2 ** 51 - 1;
  const x = place * widths[layer]!;
  if (Math.abs(x) < widths[layer + 1]!) return x;
  if (layer === 0) return Math.sign(place) * tail(spare);
  const height = curve(widths[layer]!) + uniform(spare) * (curve(widths[layer + 1]!) - curve(widths[layer]!));
  return height < curve(x) ? x : normalFrom(spare.next(), spare);
}

function tail(spare: Xoshiro): number {
  const x = -Math.log(uniform(spare)) / widths[1]!;
  return -2 * Math.log(uniform(spare)) > x * x ? widths[1]! + x : tail(spare);
}

function uniform(spare: Xoshiro): number {
  return (Number(spare.next() >> 11n) + 0.5) / 2 ** 53;
}

function layerWidths(): number[] {
  const start = 4.038849846109504;
  // r f(r) and the area under the tail; the integral by Simpson's rule.
  const steps = 20_000;
  let area = start * curve(start);
  for (let step = 0; step <= steps; step++) {
    const factor = step === 0 || step === steps ? 1 : step % 2 === 0 ? 2 : 4;
    area += ((factor * curve(start + (step * 10) / steps)) / 3) * (10 / steps);
  }
  const found = [area / curve(start), start];
  while (found.length < 1024) {
    const x = found.at(-1)!;
    found.push(Math.sqrt(-2 * Math.log(area / x + curve(x))));
  }
  return [...found, 0];
}

function curve(x: number): number {
  return Math.exp(-0.5 * x * x);
}

function rotate(word: bigint, by: bigint): bigint {
  return ((word << by) | (word >> (64n - by))) & MASK;
}

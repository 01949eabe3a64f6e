/**
 * The series that every contestant computes over, the same bits in every language (bench/peers/python/series.py):
 * integers of one generator, x → 48271 x mod 2147483647. Prices walk by whole steps, so they are exact.
 */
const MULTIPLIER = 48271;
const MODULUS = 2147483647;

export interface Bars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** The generator's states after `seed`, over its modulus. */
export function uniforms(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * MULTIPLIER) % MODULUS;
    return state / MODULUS;
  });
}

/** A walk in whole steps around 100 000; another seed is another walk. */
export function barsOf(count: number, seed = 0): Bars {
  let price = 100_000;
  const close = uniforms(count, seed + 12345).map((u) => {
    price += Math.floor(u * 5) - 2;
    return price;
  });
  const high = uniforms(count, seed + 31).map((u, bar) => close[bar] + Math.floor(u * 4));
  const low = uniforms(count, seed + 37).map((u, bar) => close[bar] - Math.floor(u * 4));
  const open = uniforms(count, seed + 41).map((u, bar) => low[bar] + Math.floor(u * (high[bar] - low[bar] + 1)));
  const volume = uniforms(count, seed + 43).map((u) => Math.floor(u * 1000) + 1);
  return { open, high, low, close, volume };
}

/** Sums of four uniform numbers less 2: mean 0, variance 1/3. */
export function bells(count: number, seed: number): Float64Array {
  const [a, b, c, d] = [0, 1, 2, 3].map((index) => uniforms(count, seed + index));
  return a.map((value, index) => value + b[index] + c[index] + d[index] - 2);
}

const STAY = [0.98, 0.96, 0.95];
const MEANS = [0.0005, 0, -0.0008];
const SCALES = [0.0035, 0.0087, 0.021];

/** Observations of three regimes that follow each other at random: calm, falling and wild. */
export function regimesOf(count: number): Float64Array {
  const choices = uniforms(count, 4242);
  let state = 0;
  return bells(count, 501).map((noise, index) => {
    if (choices[index] > STAY[state]) state = (state + 1) % STAY.length;
    return MEANS[state] + SCALES[state] * noise;
  });
}

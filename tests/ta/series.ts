/**
 * Market data to try indicators on. Prices are whole ticks of a power of two, so that sums of them, and means of equal
 * ones, are exact: where a definition has 0 / 0 on a flat stretch, kernel and twin meet it at the same input.
 */
import fc from "fast-check";
import type { AnySpec } from "../../wasm/index.js";
import { wordsFrom } from "../support/numbers.js";

const SHAPES = ["walk", "steps", "flat", "jumps"] as const;

export interface Market {
  readonly seed: number;
  readonly shape: (typeof SHAPES)[number];
  /** A power of two: what a tick is worth. */
  readonly tick: number;
  readonly length: number;
}

/** All shapes, ticks from 2⁻⁴⁰⁰ to 2⁴⁰⁰. */
export const anyMarket: fc.Arbitrary<Market> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  shape: fc.constantFrom(...SHAPES),
  tick: fc.constantFrom(1 / 64, 1 / 64, 2 ** -400, 2 ** 400),
  length: fc.integer({ min: 0, max: 160 }),
});

/** A series for each input of `spec`, by name: bars whose high and low hold open and close, volumes some of them 0. */
export function seriesOf(spec: AnySpec, market: Market): Float64Array[] {
  const next = wordsFrom(market.seed);
  let price = 6400;
  const bars = Array.from({ length: market.length }, () => {
    const open = price;
    price = Math.max(64, moved(market.shape, price, next));
    const [above, below] = market.shape === "flat" && price === open ? [0, 0] : [next() % 40, next() % 40];
    const high = Math.max(open, price) + above;
    const low = Math.max(1, Math.min(open, price) - below);
    const volume = next() % 9 === 0 ? 0 : next() % 10_000;
    const other = 3200 + (price >> 1) + (next() % 100);
    const [bid, ask] = [price - (next() % 4) - 1, price + (next() % 4) + 1];
    const [bidSize, askSize] = [next() % 50, next() % 50];
    const signedVolume = next() % 2 === 0 ? volume : -volume;
    const side = Math.sign(signedVolume);
    const bar = { open, high, low, close: price, volume, value: price, other };
    return { ...bar, price, bid, ask, bidSize, askSize, signedVolume, side };
  });
  return spec.inputs.map((name) =>
    Float64Array.from(bars, (bar) => bar[name as keyof typeof bar] * (isSize(name) ? 1 : market.tick)),
  );
}

/** Sizes and sides are not prices: the tick does not scale them. */
export function isSize(input: string): boolean {
  return /volume|size|side/i.test(input);
}

function moved(shape: Market["shape"], price: number, next: () => number): number {
  const step = (next() % 257) - 128;
  if (shape === "flat") return next() % 40 === 0 ? price + step : price;
  if (shape === "steps") return price + Math.sign(step) * 16;
  if (shape === "jumps" && next() % 25 === 0) return price > 10_000 ? 6400 : price * 4096;
  return price + step;
}

/** Any values of an indicator's parameters, periods short enough for the series, and no number near 0 but 0 itself. */
export function anyOptions(spec: AnySpec): fc.Arbitrary<Record<string, number | string>> {
  const entries = Object.entries(spec.parameters).map(([name, parameter]) => {
    if ("choices" in parameter) return [name, fc.constantFrom(...parameter.choices)];
    const { min, max, integer } = parameter;
    if (integer) return [name, fc.integer({ min, max: Math.min(max, 24) })];
    const any = fc.double({ min, max: Math.min(max, 4), noNaN: true });
    return [name, any.map((x) => (Math.abs(x) < 1e-9 ? Math.max(min, 0) : x))];
  });
  return fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<number | string>>);
}

/** Returns for the risk tests: integers of a generator, scaled, so that every machine has the same. */
import { wordsFrom } from "../support/numbers.js";

/** T × N returns around 0.0005, a common factor in all, rows first. */
export function drawReturns(days: number, assets: number, seed: number): Float64Array {
  const word = wordsFrom(seed);
  const uniform = (): number => word() / 2 ** 32 - 0.5;
  const returns = new Float64Array(days * assets);
  for (let day = 0; day < days; day++) {
    const common = uniform() * uniform();
    for (let asset = 0; asset < assets; asset++) {
      returns[day * assets + asset] = 0.0005 + 0.04 * (common + uniform() * uniform()) * (1 + asset / assets);
    }
  }
  return returns;
}

/** N positions between −1 and 1. */
export function drawWeights(assets: number, seed: number): Float64Array {
  const word = wordsFrom(seed);
  return new Float64Array(assets).map(() => word() / 2 ** 31 - 1);
}

/** Of T × N returns, from the definition. */
export function covarianceOf(returns: Float64Array, assets: number): Float64Array {
  const days = returns.length / assets;
  const column = (asset: number): number[] => Array.from({ length: days }, (_, day) => returns[day * assets + asset]!);
  const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / days;
  const deviations = Array.from({ length: assets }, (_, asset) => {
    const values = column(asset);
    return values.map((each) => each - mean(values));
  });
  return new Float64Array(assets * assets).map((_, at) => {
    const [row, other] = [deviations[Math.floor(at / assets)]!, deviations[at % assets]!];
    return row.reduce((sum, each, day) => sum + each * other[day]!, 0) / (days - 1);
  });
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const each of values) total += each;
  return total;
}

/** |a − b| over the larger magnitude, or over `scale` if that is larger still. */
export function relative(a: number, b: number, scale = 0): number {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), scale, Number.MIN_VALUE);
}

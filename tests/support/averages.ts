/**
 * The rolling kernels as their definitions read, slow and obvious: the oracle of the WebAssembly ones. Results are as
 * long as the input, NaN for the warm-up.
 */
export function slowEma(values: readonly number[], period: number): number[] {
  const alpha = 2 / (period + 1);
  const results: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const previous = results[index - 1];
    if (index < period - 1) results.push(Number.NaN);
    else if (index === period - 1) results.push(sum(values.slice(0, period)) / period);
    else results.push(previous! + alpha * (values[index]! - previous!));
  }
  return results;
}

/** Mean and population variance of every full window, from its values alone, by two passes. */
export function slowMoments(values: readonly number[], period: number): { mean: number; variance: number }[] {
  return values.map((_, index) => {
    if (index < period - 1) return { mean: Number.NaN, variance: Number.NaN };
    const window = values.slice(index - period + 1, index + 1);
    const about = sum(window) / period;
    const first = sum(window.map((x) => x - about));
    const second = sum(window.map((x) => (x - about) ** 2));
    return { mean: about + first / period, variance: (second - first ** 2 / period) / period };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0);
}

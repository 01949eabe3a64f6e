/**
 * The risk of a portfolio the slow and obvious way: every day's profit, sorted. No decomposition, no horizon: what the
 * fast methods must agree with.
 */

interface Loss {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

export function profitsOf(returns: Float64Array, weights: Float64Array): Float64Array {
  const days = returns.length / weights.length;
  return new Float64Array(days).map((_, day) =>
    weights.reduce((sum, weight, asset) => sum + weight * returns[day * weights.length + asset]!, 0),
  );
}

/** Type 7 of the sorted profits, and the mean of all that are at or below it. */
export function historicalTwin(profits: Float64Array, confidence: number): Loss {
  const sorted = profits.slice().sort();
  const place = Number(((profits.length - 1) * (1 - confidence)).toFixed(8));
  const rank = Math.floor(place);
  const lower = sorted[rank]!;
  const bound = place === rank ? lower : lower + (place - rank) * (sorted[rank + 1]! - lower);
  const tail = sorted.filter((each) => each <= bound);
  return { valueAtRisk: -bound, expectedShortfall: -tail.reduce((sum, each) => sum + each, 0) / tail.length };
}

/** Days counted λ^age: the first profit, from the worst up, with which the counts reach 1 − confidence of all. */
export function agedTwin(profits: Float64Array, decay: number, confidence: number): Loss {
  const days = [...profits].map((profit, day) => ({ profit, count: decay ** (profits.length - 1 - day) }));
  days.sort((a, b) => a.profit - b.profit);
  const total = days.reduce((sum, { count }) => sum + count, 0);
  let reached = 0;
  let weighed = 0;
  for (const { profit, count } of days) {
    reached += count;
    weighed += count * profit;
    if (reached >= total * (1 - confidence)) return { valueAtRisk: -profit, expectedShortfall: -weighed / reached };
  }
  throw new Error("the counts never reached the level");
}

/** The lower factor of a positive definite matrix, entry by entry. */
export function choleskyTwin(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= factor[i * n + k]! * factor[j * n + k]!;
      factor[i * n + j] = i === j ? Math.sqrt(rest) : rest / factor[j * n + j]!;
    }
  }
  return factor;
}

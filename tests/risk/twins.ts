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

/** The lower factor of a positive definite matrix whose rows are taken with most left first, and that order. */
export function choleskyTwin(matrix: Float64Array, n: number): { factor: number[][]; order: number[] } {
  const factor: number[][] = [];
  const order: number[] = [];
  const restOf = (row: number, shares: readonly number[]): number =>
    matrix[row * (n + 1)]! - shares.reduce((sum, each) => sum + each * each, 0);
  /** What a row has of each factor so far: solved forwards. */
  const sharesOf = (row: number): number[] => {
    const shares: number[] = [];
    for (const [k, pivot] of order.entries()) {
      let rest = matrix[row * n + pivot]!;
      for (let j = 0; j < k; j++) rest -= shares[j]! * factor[k]![j]!;
      shares.push(rest / factor[k]![k]!);
    }
    return shares;
  };
  while (order.length < n) {
    const left = Array.from({ length: n }, (_, row) => row).filter((row) => !order.includes(row));
    const relative = left.map((row) => restOf(row, sharesOf(row)) / matrix[row * (n + 1)]!);
    const row = left[relative.indexOf(Math.max(...relative))]!;
    const shares = sharesOf(row);
    factor.push([...shares, Math.sqrt(restOf(row, shares))]);
    order.push(row);
  }
  return { factor, order };
}

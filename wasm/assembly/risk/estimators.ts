/**
 * Covariance matrices of `rows` returns of `assets` assets, row by row in memory; what is written is whole, both
 * triangles. `work` has room for one row. Error of an entry: about rows × 2⁻⁵³ of the sum of magnitudes behind it.
 */

/** The mean of each asset. */
export function meansOf(returns: usize, rows: i32, assets: i32, means: usize): void {
  const bytes = <usize>assets << 3;
  memory.fill(means, 0, bytes);
  for (let row = 0; row < rows; ++row) {
    const from = returns + <usize>row * bytes;
    for (let at: usize = 0; at < bytes; at += 8) store<f64>(means + at, load<f64>(means + at) + load<f64>(from + at));
  }
  for (let at: usize = 0; at < bytes; at += 8) store<f64>(means + at, load<f64>(means + at) / <f64>rows);
}

/** Σ (x − m)(x − m)ᵀ / divisor, in two passes. */
export function sampleCovariance(
  returns: usize, rows: i32, assets: i32, divisor: f64, means: usize, work: usize, into: usize,
): void {
  const bytes = <usize>assets << 3;
  meansOf(returns, rows, assets, means);
  memory.fill(into, 0, bytes * <usize>assets);
  for (let row = 0; row < rows; ++row) {
    const from = returns + <usize>row * bytes;
    for (let at: usize = 0; at < bytes; at += 8) store<f64>(work + at, load<f64>(from + at) - load<f64>(means + at));
    addProducts(work, assets, 1, into);
  }
  finish(into, assets, 1 / divisor);
}

/**
 * Σ wₜ xₜ xₜᵀ with wₜ = (1 − λ) λ^(rows − 1 − t) / (1 − λ^rows): the newest row weighs most, the weights sum to 1, and
 * the mean is taken to be 0. RiskMetrics, Technical Document, 4th edition, 1996, section 5.2.
 */
export function decayedCovariance(returns: usize, rows: i32, assets: i32, decay: f64, into: usize): void {
  const bytes = <usize>assets << 3;
  memory.fill(into, 0, bytes * <usize>assets);
  let weight: f64 = 1;
  let sum: f64 = 0;
  for (let row = rows - 1; row >= 0; --row) {
    addProducts(returns + <usize>row * bytes, assets, weight, into);
    sum += weight;
    weight *= decay;
  }
  finish(into, assets, 1 / sum);
}

/**
 * Ledoit and Wolf's estimator (A well-conditioned estimator for large-dimensional covariance matrices, 2004): the
 * population covariance S shrunk towards μI, μ its mean variance. The intensity is min(b², d²) / d² with
 * d² = |S − μI|² and b² = Σₜ |xₜxₜᵀ − S|² / rows², and is returned. Squares of norms sum all entries.
 */
export function shrunkCovariance(
  returns: usize, rows: i32, assets: i32, means: usize, work: usize, into: usize,
): f64 {
  sampleCovariance(returns, rows, assets, <f64>rows, means, work, into);
  const entries = <usize>assets * <usize>assets;
  const diagonal = (<usize>assets + 1) << 3;
  let squares: f64 = 0;
  let trace: f64 = 0;
  for (let entry: usize = 0; entry < entries; ++entry) squares += square(load<f64>(into + (entry << 3)));
  for (let asset = 0; asset < assets; ++asset) trace += load<f64>(into + <usize>asset * diagonal);
  const mean = trace / <f64>assets;
  const distance = squares - mean * trace;
  const scatter = fourthMoment(returns, rows, assets, means) / <f64>rows - squares;
  const intensity = distance > 0 ? min(max(scatter / <f64>rows, 0), distance) / distance : 0;
  for (let entry: usize = 0; entry < entries; ++entry) {
    const at = into + (entry << 3);
    store<f64>(at, (1 - intensity) * load<f64>(at));
  }
  for (let asset = 0; asset < assets; ++asset) {
    const at = into + <usize>asset * diagonal;
    store<f64>(at, load<f64>(at) + intensity * mean);
  }
  return intensity;
}

/** Σₜ |xₜ|⁴, which is what Σₜ |xₜxₜᵀ|² comes to. */
function fourthMoment(returns: usize, rows: i32, assets: i32, means: usize): f64 {
  let sum: f64 = 0;
  for (let row = 0; row < rows; ++row) {
    let length: f64 = 0;
    for (let asset = 0; asset < assets; ++asset) {
      const at = <usize>asset << 3;
      length += square(load<f64>(returns + ((<usize>row * <usize>assets) << 3) + at) - load<f64>(means + at));
    }
    sum += length * length;
  }
  return sum;
}

/** Adds weight × x xᵀ to the upper triangle. */
function addProducts(x: usize, assets: i32, weight: f64, into: usize): void {
  const bytes = <usize>assets << 3;
  for (let row: usize = 0; row < bytes; row += 8) {
    const factor = weight * load<f64>(x + row);
    const line = into + row * <usize>assets;
    for (let column = row; column < bytes; column += 8) {
      store<f64>(line + column, load<f64>(line + column) + factor * load<f64>(x + column));
    }
  }
}

/** Scales the upper triangle and mirrors it. */
function finish(into: usize, assets: i32, factor: f64): void {
  for (let row = 0; row < assets; ++row) {
    for (let column = row; column < assets; ++column) {
      const value = factor * load<f64>(entry(into, assets, row, column));
      store<f64>(entry(into, assets, row, column), value);
      store<f64>(entry(into, assets, column, row), value);
    }
  }
}

// @ts-ignore: decorator
@inline
export function entry(matrix: usize, size: i32, row: i32, column: i32): usize {
  return matrix + (<usize>(row * size + column) << 3);
}

// @ts-ignore: decorator
@inline
function square(x: f64): f64 {
  return x * x;
}

/**
 * What a gate asks before every order: the profits of all scenarios as they would be with a candidate in one asset.
 * Here the returns are stored columns first, so that an asset's lie together.
 */

/** intoₜ = profitₜ + change · returnₜ of the asset whose column is given; `into` may be `profits`. */
export function candidateProfits(profits: usize, column: usize, change: f64, days: i32, into: usize): void {
  const both = f64x2.splat(change);
  let offset: usize = 0;
  const end = <usize>days << 3;
  for (; offset + 16 <= end; offset += 16) {
    const moved = f64x2.mul(both, v128.load(column + offset));
    v128.store(into + offset, f64x2.add(v128.load(profits + offset), moved));
  }
  if (offset < end) store<f64>(into + offset, load<f64>(profits + offset) + change * load<f64>(column + offset));
}

/** Σ wᵢ rₜᵢ anew for `count` scenarios from `from`, so that what commits have left of rounding goes away. */
export function refreshProfits(
  returns: usize,
  days: i32,
  assets: i32,
  weights: usize,
  from: i32,
  count: i32,
  profits: usize,
): void {
  const first = <usize>from << 3;
  const end = first + (<usize>count << 3);
  memory.fill(profits + first, 0, end - first);
  for (let asset = 0; asset < assets; ++asset) {
    const weight = load<f64>(weights + (<usize>asset << 3));
    for (let at = first; at < end; at += 8) {
      store<f64>(profits + at, load<f64>(profits + at) + weight * load<f64>(returns + at));
    }
    returns += <usize>days << 3;
  }
}

/**
 * What a gate asks before every order: the profits of all scenarios as they would be with a candidate in one asset.
 * Here the returns are stored columns first, so that an asset's lie together.
 */

/** profitₜ += change · returnₜ of the asset whose column is given. */
export function moveProfits(profits: usize, column: usize, change: f64, days: i32): void {
  for (const end = profits + (<usize>days << 3); profits < end; profits += 8) {
    store<f64>(profits, load<f64>(profits) + change * load<f64>(column));
    column += 8;
  }
}

/**
 * Of the profits with that change, those at or below `bound`, one after the other; returns how many. Each is written
 * and then counted or not, so that nothing depends on guessing which will be.
 */
export function candidateTail(
  profits: usize,
  column: usize,
  change: f64,
  days: i32,
  bound: f64,
  into: usize,
): i32 {
  const both = f64x2.splat(change);
  const limit = f64x2.splat(bound);
  const from = into;
  let offset: usize = 0;
  const end = <usize>days << 3;
  for (; offset + 16 <= end; offset += 16) {
    const moved = f64x2.add(v128.load(profits + offset), f64x2.mul(both, v128.load(column + offset)));
    const inside = i64x2.bitmask(f64x2.le(moved, limit));
    v128.store_lane<f64>(into, moved, 0);
    into += <usize>(inside & 1) << 3;
    v128.store_lane<f64>(into, moved, 1);
    into += <usize>(inside >> 1) << 3;
  }
  if (offset < end) {
    const moved = load<f64>(profits + offset) + change * load<f64>(column + offset);
    store<f64>(into, moved);
    into += <usize>(moved <= bound) << 3;
  }
  return <i32>((into - from) >> 3);
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

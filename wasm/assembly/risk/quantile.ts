/**
 * The quantile of a sample by selection, without sorting: the algorithm of Floyd and Rivest (1975), which narrows the
 * range by a recursively selected sample until the wanted place is found. Near a tail that is little more than one
 * comparison a value. Which elements move depends on nothing but the values.
 */
import { sumOfLanes } from "./products";

/** Below this many elements a sample costs more than it saves. */
// @ts-ignore: decorator
@inline const SAMPLE_FROM: i32 = 600;

/**
 * x₍ₖ₎ + fraction · (x₍ₖ₊₁₎ − x₍ₖ₎), where x₍ₖ₎ is the value of rank k from 0: type 7 of Hyndman and Fan (1996) when
 * k + fraction is (count − 1) · p. `into`, which may be `values` itself, receives the values in another order, with
 * x₍ₖ₎ and x₍ₖ₊₁₎ in their places.
 */
export function quantile(values: usize, count: i32, rank: i32, fraction: f64, into: usize): f64 {
  if (into != values) memory.copy(into, values, <usize>count << 3);
  select(into, 0, count - 1, rank);
  const lower = at(into, rank);
  if (rank == count - 1) return lower;
  swap(into, rank + 1, placeOfSmallest(into, rank + 1, count));
  return lower + fraction * (at(into, rank + 1) - lower);
}

/** The mean of the values at or below `bound`, of which there is at least one. */
export function tailMean(values: usize, count: i32, bound: f64): f64 {
  const both = f64x2.splat(bound);
  const one = f64x2.splat(1);
  let sum = f64x2.splat(0);
  let found = f64x2.splat(0);
  let place = values;
  for (const end = values + (<usize>(count & ~1) << 3); place < end; place += 16) {
    const pair = v128.load(place);
    const inside = f64x2.le(pair, both);
    sum = f64x2.add(sum, v128.and(pair, inside));
    found = f64x2.add(found, v128.and(one, inside));
  }
  const isInside = (count & 1) == 1 && load<f64>(place) <= bound;
  const total = sumOfLanes(sum) + (isInside ? load<f64>(place) : 0);
  return total / (sumOfLanes(found) + (isInside ? 1 : 0));
}

/** Moves the value of rank `rank` into its place, smaller ones before it, larger ones behind it. */
function select(base: usize, first: i32, last: i32, rank: i32): void {
  while (last > first) {
    if (last - first > SAMPLE_FROM) selectInSample(base, first, last, rank);
    const pivot = at(base, rank);
    let low = first;
    let high = last;
    do {
      while (at(base, low) < pivot) ++low;
      while (pivot < at(base, high)) --high;
      if (low <= high) swap(base, low++, high--);
    } while (low <= high);
    if (high < rank) first = low;
    if (rank < low) last = high;
  }
}

/** Puts at `rank` a value that is very likely just on the far side of the wanted one, seen from the nearer end. */
function selectInSample(base: usize, first: i32, last: i32, rank: i32): void {
  const count = <f64>(last - first + 1);
  const share = <f64>(rank - first + 1) / count;
  const logCount = NativeMath.log(count);
  const size = 0.5 * NativeMath.exp((2 * logCount) / 3);
  const spread = 0.5 * NativeMath.sqrt((logCount * size * (count - size)) / count);
  const shift = share < 0.5 ? -spread : spread;
  const from = max(first, <i32>(<f64>rank - share * size + shift));
  const to = min(last, <i32>(<f64>rank + (1 - share) * size + shift));
  select(base, from, to, rank);
}

/** The smallest value first, two at a time, then where it is. */
function placeOfSmallest(base: usize, from: i32, count: i32): i32 {
  let smallest = f64x2.splat(Infinity);
  let index = from;
  for (; index + 2 <= count; index += 2) smallest = f64x2.pmin(smallest, v128.load(base + (<usize>index << 3)));
  const left = f64x2.extract_lane(smallest, 0);
  const right = f64x2.extract_lane(smallest, 1);
  let least = left < right ? left : right;
  if (index < count && at(base, index) < least) least = at(base, index);
  index = from;
  while (at(base, index) != least) ++index;
  return index;
}

// @ts-ignore: decorator
@inline
function at(base: usize, index: i32): f64 {
  return load<f64>(base + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
function swap(base: usize, a: i32, b: i32): void {
  const kept = at(base, a);
  store<f64>(base + (<usize>a << 3), at(base, b));
  store<f64>(base + (<usize>b << 3), kept);
}

/**
 * Where in a window's range its volume was traded. The range from the lowest low to the highest high of the last
 * `period` bars is cut into p1 equal bins, and each bar's volume lies evenly between its low and its high, that of a
 * bar without range in the bin of its price. The point of control is the middle of the bin with the most volume; the
 * value area grows from there, bin by bin, to the side whose next bin has more, until it holds p2 of the whole. Bins
 * whose volumes differ by less than 1e-9 of the largest are equal; of equal ones the lowest is the point of control,
 * and the area grows upward first. Without volume they are the middle and the whole of the range, and of a flat window
 * its price. Warm-up: period − 1. O(period + p1). Error: period × 2⁻⁵³ of the volume in a bin; which bin is taken can
 * turn on that only beyond the tolerance. Sources: Steidlmayer 1986; Dalton 1990 for the value area.
 */
import { larger, smaller } from "../number";
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { Lag, placeLag } from "../parts/lag";
import { OrderedWindow, placeOrdered } from "../parts/ordered-window";
import { next } from "../parts/part";
import { first, Indicator } from "./indicator";

// @ts-ignore: decorator
@inline const EQUAL: f64 = 1e-9;

export function volumeProfileInit(s: Indicator): void {
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
  for (let window = 0; window < 3; ++window) placeOrdered(<i32>s.p0);
  placeLag(2 * <i32>s.p1);
}

export function volumeProfilePush(s: Indicator): void {
  const tops = first<HighestWindow>(s);
  const bottoms = next<HighestWindow>(tops);
  const highs = next<OrderedWindow>(bottoms);
  const lows = next<OrderedWindow>(highs);
  const volumes = next<OrderedWindow>(lows);
  const top = tops.push(s.in0);
  const bottom = -bottoms.push(-s.in1);
  highs.push(s.in0);
  lows.push(s.in1);
  volumes.push(s.in2);
  if (top != top) return;
  s.r0 = bottom;
  s.r1 = top - bottom;
  const bins = changetype<usize>(next<Lag>(volumes)) + offsetof<Lag>();
  const whole = s.r1 > 0 ? sort(s, bins, highs, lows, volumes) : 0;
  if (whole > 0) settle(s, bins, whole);
  else set(s, (bottom + top) / 2, bottom, top);
}

function set(s: Indicator, control: f64, low: f64, high: f64): void {
  s.out0 = control;
  s.out1 = high;
  s.out2 = low;
}

/** Sorts the volumes into the bins; returns the whole. A bin is two doubles: its volume, and the change of density. */
function sort(s: Indicator, bins: usize, highs: OrderedWindow, lows: OrderedWindow, volumes: OrderedWindow): f64 {
  const count = <i32>s.p1;
  memory.fill(bins, 0, <usize>count << 4);
  for (let index = 0; index < highs.capacity; ++index) {
    spread(bins, count, placeOf(s, lows.at(index)), placeOf(s, highs.at(index)), volumes.at(index));
  }
  let density: f64 = 0;
  let whole: f64 = 0;
  for (let bin = 0; bin < count; ++bin) {
    density += load<f64>(binAt(bins, bin), 8);
    const volume = load<f64>(binAt(bins, bin)) + density;
    store<f64>(binAt(bins, bin), volume);
    whole += volume;
  }
  return whole;
}

// @ts-ignore: decorator
@inline
function binAt(bins: usize, bin: i32): usize {
  return bins + (<usize>bin << 4);
}

/** How many bins from the bottom a price is. */
// @ts-ignore: decorator
@inline
function placeOf(s: Indicator, price: f64): f64 {
  const place = ((price - s.r0) * s.p1) / s.r1;
  return place > 0 ? smaller(place, s.p1) : 0;
}

function spread(bins: usize, count: i32, low: f64, high: f64, volume: f64): void {
  const from = min(<i32>low, count - 1);
  const to = min(<i32>high, count - 1);
  if (to <= from) {
    add(binAt(bins, from), volume);
    return;
  }
  const density = volume / (high - low);
  add(binAt(bins, from), density * (<f64>(from + 1) - low));
  add(binAt(bins, to), density * (high - <f64>to));
  add(binAt(bins, from + 1) + 8, density);
  add(binAt(bins, to) + 8, -density);
}

// @ts-ignore: decorator
@inline
function add(at: usize, x: f64): void {
  store<f64>(at, load<f64>(at) + x);
}

function settle(s: Indicator, bins: usize, whole: f64): void {
  const count = <i32>s.p1;
  let most = -f64.MAX_VALUE;
  for (let bin = 0; bin < count; ++bin) most = larger(most, load<f64>(binAt(bins, bin)));
  const equal = EQUAL * most;
  let control = 0;
  while (control < count - 1 && load<f64>(binAt(bins, control)) < most - equal) ++control;
  let low = control;
  let high = control;
  let held = load<f64>(binAt(bins, control));
  const wanted = s.p2 * whole - EQUAL * whole;
  while (held < wanted && (low > 0 || high < count - 1)) {
    const above = high < count - 1 ? load<f64>(binAt(bins, high + 1)) : -f64.MAX_VALUE;
    const below = low > 0 ? load<f64>(binAt(bins, low - 1)) : -f64.MAX_VALUE;
    if (above >= below - equal) {
      ++high;
      held += above;
    } else {
      --low;
      held += below;
    }
  }
  const width = s.r1 / s.p1;
  set(s, s.r0 + (<f64>control + 0.5) * width, s.r0 + <f64>low * width, s.r0 + <f64>(high + 1) * width);
}

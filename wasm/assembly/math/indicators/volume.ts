/**
 * Indicators that weigh prices by what was traded. A sum over all inputs so far gathers half an ulp a push. Sources:
 * TA-Lib 0.6 for OBV, AD, ADOSC and MFI; StockCharts ChartSchool for the others.
 */
import { larger, smaller } from "../number";
import { Exponential, placeEma } from "../parts/exponential";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator, onlyIf, quotient } from "./indicator";

/** Σ ± volume, by the sign of the close's change; begins with the first volume, or (p0 = 1) with 0. Warm-up: 0. */
export function obvPush(s: Indicator): void {
  const before = s.r0;
  s.r0 = s.in0;
  if (s.count == 0) s.r1 = s.p0 == 1 ? 0 : s.in1;
  else s.r1 += onlyIf(s.in0 > before, s.in1) - onlyIf(s.in0 < before, s.in1);
  s.out0 = s.r1;
}

/** ((close − low) − (high − close)) / (high − low) × volume; 0 without range. */
// @ts-ignore: decorator
@inline
function moneyFlow(s: Indicator): f64 {
  return quotient(s.in2 - s.in1 - (s.in0 - s.in2), s.in0 - s.in1, 0) * s.in3;
}

/** Σ money flow. Warm-up: 0. */
export function adPush(s: Indicator): void {
  s.r0 += moneyFlow(s);
  s.out0 = s.r0;
}

/** Σ money flow / Σ volume over the period, 0 without volume. Warm-up: period − 1. */
export function twoSumsInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function cmfPush(s: Indicator): void {
  const flows = first<SumWindow>(s);
  const flow = flows.push(moneyFlow(s));
  const volume = next<SumWindow>(flows).push(s.in3);
  if (flow == flow) s.out0 = quotient(flow, volume, 0);
}

/** EMA(fast) − EMA(slow) of the A/D line, begun by its first value, or (p2 = 1) by means. Warm-up: 0, or slow − 1. */
export function chaikinInit(s: Indicator): void {
  placeEma(<i32>s.p0, 1 - s.p2);
  placeEma(<i32>s.p1, 1 - s.p2);
}

export function chaikinPush(s: Indicator): void {
  s.r0 += moneyFlow(s);
  const fast = first<Exponential>(s);
  const quick = fast.push(s.r0);
  s.out0 = quick - next<Exponential>(fast).push(s.r0);
}

/** 100 × rising / (rising + falling) Σ of typical price × volume, by its change; 0 without either. Warm-up: period. */
export function mfiPush(s: Indicator): void {
  const typical = (s.in0 + s.in1 + s.in2) / 3;
  const before = s.r0;
  s.r0 = typical;
  if (s.count == 0) return;
  const flow = typical * s.in3;
  const rises = first<SumWindow>(s);
  const rising = rises.push(onlyIf(typical > before, flow));
  const falling = next<SumWindow>(rises).push(onlyIf(typical < before, flow));
  if (rising == rising) s.out0 = 100 * quotient(rising, rising + falling, 0);
}

/** EMA(period) of change × volume, seeded by p1. Warm-up: period, or 1. */
export function forceInit(s: Indicator): void {
  placeEma(<i32>s.p0, s.p1);
}

export function forcePush(s: Indicator): void {
  const change = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count != 0) s.out0 = first<Exponential>(s).push(change * s.in1);
}

/**
 * Mean typical price by volume since the first input ± p0 × its deviation by volume; the typical price before any
 * volume. With the share a = v / W of the volume so far: mean += a (t − mean), variance += a ((t − mean before)
 * (t − mean) − variance). Warm-up: 0. Error: 2 ulp a push, of the price, less as volume gathers. Source of the update:
 * West 1979.
 */
export function vwapPush(s: Indicator): void {
  const typical = (s.in0 + s.in1 + s.in2) / 3;
  const volume = s.in3;
  if (s.r0 == 0) s.r1 = typical;
  s.r0 += volume;
  if (volume > 0 && s.r0 > 0) {
    const share = smaller(volume / s.r0, 1);
    const distance = typical - s.r1;
    s.r1 += share * distance;
    s.r2 += share * (distance * (typical - s.r1) - s.r2);
  }
  const width = s.p0 * sqrt(larger(s.r2, 0));
  s.out0 = s.r1;
  s.out1 = s.r1 + width;
  s.out2 = s.r1 - width;
}

/** Σ typical price × volume / Σ volume over the period, the mean typical price without volume. Warm-up: period − 1. */
export function rollingVwapInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function rollingVwapPush(s: Indicator): void {
  const typical = (s.in0 + s.in1 + s.in2) / 3;
  const products = first<SumWindow>(s);
  const volumes = next<SumWindow>(products);
  const product = products.push(typical * s.in3);
  const volume = volumes.push(s.in3);
  const price = next<SumWindow>(volumes).push(typical);
  if (volume == volume) s.out0 = quotient(product, volume, price / s.p0);
}

/** SMA(period) of the middle's change × (high − low) × p1 / volume, 0 without volume. Warm-up: 1, and period. */
export function emvInit(s: Indicator): void {
  placeSum(<i32>s.p0);
}

export function emvPush(s: Indicator): void {
  const middle = (s.in0 + s.in1) / 2;
  const change = middle - s.r0;
  s.r0 = middle;
  if (s.count == 0) return;
  s.out0 = quotient(change * (s.in0 - s.in1), s.in2 / s.p1, 0);
  s.out1 = first<SumWindow>(s).push(s.out0) / s.p0;
}

/** Both begin with 1000; on falling volume NVI takes the close's relative change, on rising volume PVI. Warm-up: 0. */
export function volumeIndexPush(s: Indicator): void {
  if (s.count == 0) {
    s.out0 = 1000;
    s.out1 = 1000;
  } else if (s.in1 < s.r1) {
    s.out0 = quotient(s.out0 * s.in0, s.r0, s.out0);
  } else if (s.in1 > s.r1) {
    s.out1 = quotient(s.out1 * s.in0, s.r0, s.out1);
  }
  s.r0 = s.in0;
  s.r1 = s.in1;
}

/**
 * Measures of a book's best prices and of trades. Sizes are not negative; a quotient without anything to divide by
 * is 0. Sources: Cont, Kukanov and Stoikov 2014 for the order-flow imbalance; Kyle 1985; Amihud 2002; Lee and Ready
 * 1991.
 */
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator, quotient } from "./indicator";

/** (bid size − ask size) / (bid size + ask size). Warm-up: 0. Error: 2 ulp of 1. */
export function imbalancePush(s: Indicator): void {
  s.out0 = quotient(s.in0 - s.in1, s.in0 + s.in1, 0);
}

/** bid + (ask − bid) × bid size / (bid size + ask size), the middle without sizes. Warm-up: 0. Error: 2 ulp. */
export function micropricePush(s: Indicator): void {
  s.out0 = s.in0 + (s.in2 - s.in0) * quotient(s.in1, s.in1 + s.in3, 0.5);
}

/** ask − bid, and that / their middle. Warm-up: 0. */
export function spreadPush(s: Indicator): void {
  const spread = s.in1 - s.in0;
  s.out0 = spread;
  s.out1 = quotient(spread, (s.in0 + s.in1) / 2, 0);
}

/**
 * Σ over the period of e = [bid ≥ bid before] size − [bid ≤ bid before] size before, less the same of the ask with the
 * signs of its moves turned. Warm-up: period.
 */
export function orderFlowInit(s: Indicator): void {
  placeSum(<i32>s.p0);
}

export function orderFlowPush(s: Indicator): void {
  const bid = s.in0;
  const ask = s.in2;
  const bidBefore = s.r0;
  const bidSizeBefore = s.r1;
  const askBefore = s.r2;
  const askSizeBefore = s.r3;
  s.r0 = bid;
  s.r1 = s.in1;
  s.r2 = ask;
  s.r3 = s.in3;
  if (s.count == 0) return;
  const bought: f64 = (bid >= bidBefore ? s.in1 : 0) - (bid <= bidBefore ? bidSizeBefore : 0);
  const sold: f64 = (ask <= askBefore ? s.in3 : 0) - (ask >= askBefore ? askSizeBefore : 0);
  s.out0 = first<SumWindow>(s).push(bought - sold);
}

/** Σ Δp q / Σ q² over the period: the slope, through 0, of price changes on signed volumes. Warm-up: period. */
export function kyleInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function kylePush(s: Indicator): void {
  const change = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const products = first<SumWindow>(s);
  const product = products.push(change * s.in1);
  const square = next<SumWindow>(products).push(s.in1 * s.in1);
  if (product == product) s.out0 = quotient(product, square, 0);
}

/** Mean of |relative change| / (price × volume) over the period, a bar without turnover counting 0. Warm-up: period. */
export function amihudPush(s: Indicator): void {
  const before = s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const share = abs(quotient(s.in0 - before, before, 0));
  s.out0 = first<SumWindow>(s).push(quotient(share, s.in0 * s.in1, 0)) / s.p0;
}

/** 1 on a rise, −1 on a fall, else the last one; 0 before any. Warm-up: 0. */
export function tickRulePush(s: Indicator): void {
  if (s.count != 0 && s.in0 != s.r0) s.r1 = s.in0 > s.r0 ? 1 : -1;
  s.r0 = s.in0;
  s.out0 = s.r1;
}

/** 1 above the middle of bid and ask, −1 below, the tick rule's at it. Warm-up: 0. */
export function leeReadyPush(s: Indicator): void {
  if (s.count != 0 && s.in0 != s.r0) s.r1 = s.in0 > s.r0 ? 1 : -1;
  s.r0 = s.in0;
  const middle = (s.in1 + s.in2) / 2;
  s.out0 = s.in0 > middle ? 1 : s.in0 < middle ? -1 : s.r1;
}

/**
 * Seeded random integers. The k-th word of a seed is the k-th output of SplitMix64 (Steele, Lea and Flood 2014), found
 * directly and not from the one before: a caller's whole state is how many words it has drawn.
 */
import { CALL } from "../../../layout";
import { floorQuotient } from "../mul-div";

// @ts-ignore: decorator
@inline const GOLDEN: u64 = 0x9e3779b97f4a7c15;
// @ts-ignore: decorator
@inline const UNIT: i64 = 0x20000000000000; // 2⁵³

/** Reads seed, k and bound from the call slots and writes to the fourth an integer from 0 to bound − 1. */
export function drawBelow(): void {
  const drawn = below(load<f64>(CALL, 16), load<f64>(CALL), <i64>load<f64>(CALL, 8));
  store<f64>(CALL, drawn, 24);
}

/** ⌊u × bound⌋ for the top 53 bits u of the word, as a fraction: no integer is likelier by more than bound × 2⁻⁵³. */
export function below(bound: f64, seed: f64, k: i64): f64 {
  return <f64>floorQuotient(<i64>(word(<u64>seed, k) >>> 11), <i64>bound, UNIT);
}

// @ts-ignore: decorator
@inline
function word(seed: u64, k: i64): u64 {
  let z = seed + (<u64>k + 1) * GOLDEN;
  z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >>> 27)) * 0x94d049bb133111eb;
  return z ^ (z >>> 31);
}

/**
 * The regression of one series on another whose coefficients wander: y = α + β x + noise of variance p1, where α and β
 * are random walks with steps of variance δ / (1 − δ) each, δ = p0, and begin at 0 with variance p2 each. A Kalman
 * filter of two numbers, h = (1, x):
 *
 *     R = P + δ / (1 − δ) I, of the first pair P      e = y − (α + β x)      q = h R hᵀ + p1
 *     k = R hᵀ / q      (α, β) += k e      P = R − k h R
 *
 * The residual is e, its deviation √q, both before the pair is learnt from. P is kept as its factors, variances d of β
 * and of α given β, and u by which α leans on β: R = (1 u; 0 1) diag(d) (1 u; 0 1)ᵀ. Those are moved by sums of
 * positive numbers alone, so no variance loses its digits or its sign. All of it is over max(1, |x|), so that x² is
 * never formed; where d / |x| is below the doubles it counts as 0. Coefficients are kept to 1e150 in magnitude.
 * Warm-up: 0. Error: that of u + x, half an ulp of x, over u + x, and k times the rounding of e. Sources: Chan 2013,
 * example 3.3 (p2 = 0); Bierman 1977 for the factors.
 */
import { INPUT_MAX, larger, smaller } from "../number";
import { Indicator } from "./indicator";

/** The registers are d of α, d of β, and u; the first two outputs are β and α, as they stand. */
export function hedgeRatioPush(s: Indicator): void {
  if (s.count == 0) begin(s);
  else wander(s, s.p0 / (1 - s.p0));
  const x = s.in1;
  const scale = larger(1, abs(x));
  const one = 1 / scale;
  const lean = s.r2 * one + x / scale;
  const alphaShare = s.r0 * one;
  const betaShare = s.r1 * lean;
  const noise = s.p1 * one * one;
  const without = noise + one * alphaShare;
  const spread = without + lean * betaShare;
  const error = s.in0 - (s.out1 + s.out0 * x);
  s.out1 = bounded(s.out1 + ((alphaShare + s.r2 * betaShare) / spread) * (error * one));
  s.out0 = bounded(s.out0 + (betaShare / spread) * (error * one));
  s.out2 = error;
  s.out3 = scale * sqrt(spread);
  s.r2 -= (alphaShare / without) * lean;
  s.r0 *= noise / without;
  s.r1 *= without / spread;
}

function begin(s: Indicator): void {
  s.out0 = 0;
  s.out1 = 0;
  s.r0 = s.p2;
  s.r1 = s.p2;
}

function wander(s: Indicator, step: f64): void {
  if (step == 0) return;
  const kept = s.r1 / (s.r1 + step);
  s.r0 += step * (1 + s.r2 * s.r2 * kept);
  s.r1 += step;
  s.r2 *= kept;
}

function bounded(x: f64): f64 {
  return larger(-INPUT_MAX, smaller(INPUT_MAX, x));
}

/**
 * Value at risk with the normal quantile corrected for the skewness and kurtosis of the portfolio's profits. The
 * expansion is a cubic in the normal variable; where it falls, it is the quantile of nothing, and is refused.
 */
import { MathArgumentError } from "../errors.js";
import { portfolioOf, type RiskOptions } from "./arguments.js";
import { figuresOf, type RiskFigures } from "./figures.js";
import { type CentralMoments, History } from "./history.js";

/** A function of skewness and excess kurtosis with its two derivatives. */
interface Expansion {
  readonly value: number;
  readonly bySkewness: number;
  readonly byKurtosis: number;
}

/**
 * VaR = −(h μ + √h σ q), q = z + (z² − 1) S/6 + (z³ − 3z) K/24 − (2z³ − 5z) S²/36 with z the normal quantile of
 * 1 − confidence, S and K the skewness and excess kurtosis of the profits (moments of denominator T), σ their deviation
 * (denominator T − 1). The shortfall is the mean of the same cubic over the normal tail. T × N simple returns, a row a
 * day. Throws MathTypeError, MathArgumentError, the latter also when S and K are out of the expansion's domain.
 * Cornish and Fisher, 1937; Maillard, A User's Guide to the Cornish Fisher Expansion, 2012.
 */
export function cornishFisher(returns: Float64Array, options: RiskOptions): RiskFigures {
  const portfolio = portfolioOf(options);
  const history = new History(returns, portfolio);
  const means = history.findMeans();
  const mean = history.mean();
  const moments = history.centralMoments(mean);
  const [skewness, kurtosis] = shapeOf(moments);
  const z = -history.kernels.normalTail(portfolio.confidence);
  const hazard = history.kernels.normalShortfall(portfolio.confidence);
  const quantile = quantileExpansion(z, skewness, kurtosis);
  const shortfall = shortfallExpansion(z, hazard, skewness, kurtosis);
  refuseFalling(z, skewness, kurtosis, quantile.value - shortfall.value);
  const gradient = (of: Expansion): Float64Array => {
    weighByShape(history, mean, moments, of);
    return history.weighedReturns("mean").map((each, asset) => means[asset]! + each);
  };
  const deviation = deviationOf(history, moments);
  return figuresOf(portfolio, {
    profit: { mean, quantile: mean + deviation * quantile.value, shortfall: mean + deviation * shortfall.value },
    assets: { mean: means, quantile: gradient(quantile), shortfall: gradient(shortfall) },
  });
}

function shapeOf([second, third, fourth]: CentralMoments): readonly [skewness: number, kurtosis: number] {
  return second === 0 ? [0, 0] : [third / (second * Math.sqrt(second)), fourth / (second * second) - 3];
}

function deviationOf({ days }: History, [second]: CentralMoments): number {
  return Math.sqrt((second * days) / (days - 1));
}

function quantileExpansion(z: number, s: number, k: number): Expansion {
  const square = z * z - 1;
  const cube = z * (z * z - 3);
  const cross = z * (2 * z * z - 5);
  return {
    value: z + (square * s) / 6 + (cube * k) / 24 - (cross * s * s) / 36,
    bySkewness: square / 6 - (cross * s) / 18,
    byKurtosis: cube / 24,
  };
}

/** `hazard` is φ(z) / (1 − confidence). */
function shortfallExpansion(z: number, hazard: number, s: number, k: number): Expansion {
  const square = 1 - z * z;
  const cross = 2 * z * z - 1;
  return {
    value: hazard * (-1 - (z * s) / 6 + (square * k) / 24 + (cross * s * s) / 36),
    bySkewness: hazard * (-z / 6 + (cross * s) / 18),
    byKurtosis: (hazard * square) / 24,
  };
}

function refuseFalling(z: number, s: number, k: number, beyond: number): void {
  const slope = 1 + (z * s) / 3 + ((z * z - 1) * k) / 8 - ((6 * z * z - 5) * s * s) / 36;
  if (slope > 0 && beyond >= 0) return;
  throw new MathArgumentError(
    "the skewness of the profits",
    s,
    `returns whose expansion rises beyond the quantile (the excess kurtosis was ${k}), or the historical method`,
  );
}

/**
 * The gradient of σ · value(S, K) is Σ aₜ (Rₜᵢ − meanᵢ) with a polynomial aₜ of the day's deviation d, because those of
 * the moments m₂, m₃, m₄ are 2d, 3d², 4d³ times the same, over T.
 */
function weighByShape(history: History, mean: number, moments: CentralMoments, expansion: Expansion): void {
  const [second] = moments;
  if (second === 0) return history.weighByDeviation(mean, 0);
  const [skewness, kurtosis] = shapeOf(moments);
  const { value, bySkewness, byKurtosis } = expansion;
  const bySecond = value / 2 - 1.5 * skewness * bySkewness - 2 * (kurtosis + 3) * byKurtosis;
  const scale = deviationOf(history, moments) / history.days;
  history.weighByDeviation(
    mean,
    (2 * scale * bySecond) / second,
    (3 * scale * bySkewness) / (second * Math.sqrt(second)),
    (4 * scale * byKurtosis) / (second * second),
  );
}

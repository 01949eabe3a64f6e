/**
 * A history of returns with the profits that the portfolio would have made on each of its days. Every method below asks
 * it for the same few things: sums over the profits, and the returns of each asset summed with a weight for each day.
 */
import { daysOf, type Portfolio } from "./arguments.js";
import { type RiskKernels, Scratch } from "./kernels.js";
import { findMeans } from "./moments.js";

type Region = "returns" | "weights" | "profits" | "ages" | "dayWeights" | "sorted" | "means" | "correction" | "powers";

/** The means of the second to fourth power of the profits' deviations from their mean. */
export type CentralMoments = readonly [second: number, third: number, fourth: number];

export class History {
  readonly days: number;
  readonly assets: number;
  readonly kernels: RiskKernels;
  readonly at: Readonly<Record<Region, number>>;
  readonly #scratch: Scratch<Region>;

  /** Throws MathTypeError and MathArgumentError. */
  constructor(returns: Float64Array, { weights, assets }: Portfolio) {
    const days = daysOf(returns, assets);
    this.days = days;
    this.assets = assets;
    this.#scratch = new Scratch<Region>({
      returns: returns.length,
      weights: assets,
      profits: days,
      ages: days,
      dayWeights: days,
      sorted: days,
      means: assets,
      correction: assets,
      powers: 3,
    });
    this.kernels = this.#scratch.kernels;
    this.at = this.#scratch.at;
    this.#scratch.put("returns", returns);
    this.#scratch.put("weights", weights);
    this.kernels.profits(this.at.returns, days, assets, this.at.weights, this.at.profits);
  }

  /** The mean return of each asset, which `gradient` then measures deviations from. */
  findMeans(): Float64Array {
    findMeans(this.#scratch, this.days, this.assets);
    return this.#scratch.copy("means");
  }

  /** The mean profit, once the means have been found. */
  mean(): number {
    return this.kernels.dot(this.at.weights, this.at.means, this.assets);
  }

  centralMoments(mean: number): CentralMoments {
    this.kernels.centredMoments(this.at.profits, this.days, mean, this.at.powers);
    return [...this.#scratch.view("powers")] as unknown as CentralMoments;
  }

  /** Makes each day's weight first · d + second · d² + third · d³, d the profit's deviation from `mean`. */
  weighByDeviation(mean: number, first: number, second = 0, third = 0): void {
    this.kernels.dayPolynomial(this.at.profits, this.days, mean, first, second, third, this.at.dayWeights);
  }

  /** Makes the age of each day count λ^age, 1 for a λ of 1, and returns the sum. */
  weighAges(decay: number): number {
    return this.kernels.ageWeights(this.days, decay, this.at.ages);
  }

  /** Makes each day's weight that of its age times its profit; returns Σ age weight · profit². */
  weighByAgedProfit(): number {
    const { ages, profits, dayWeights } = this.at;
    return this.kernels.productInto(ages, profits, this.days, dayWeights);
  }

  /**
   * Makes the days' weights those of a mean over the days whose profit lies from `low` to `high`, by age, times
   * `mass`; adds them to what is there when `more`.
   */
  weighBetween(low: number, high: number, mass = 1, more = false): void {
    const { ages, dayWeights, profits } = this.at;
    if (!more) this.#scratch.view("dayWeights").fill(0);
    this.kernels.conditionalWeights(profits, ages, this.days, low, high, mass, dayWeights);
  }

  /** Σ weight · profit over the days. */
  weighedProfit(): number {
    return this.kernels.dot(this.at.dayWeights, this.at.profits, this.days);
  }

  /** For each asset Σ weight · (return − centre) over the days, the centre its mean or zero. */
  weighedReturns(centre: "mean" | "zero"): Float64Array {
    if (centre === "zero") this.#scratch.view("means").fill(0);
    const { returns, dayWeights, means, correction } = this.at;
    this.kernels.columns(returns, this.days, this.assets, dayWeights, means, correction);
    return this.#scratch.copy("correction");
  }

  /** Two profits of neighbouring rank from 0, and the value that lies `fraction` of the way between them. */
  profitAtRank(rank: number, fraction: number): { lower: number; upper: number; between: number } {
    const between = this.kernels.quantile(this.at.profits, this.days, rank, fraction, this.at.sorted);
    const [lower, upper = lower] = this.#scratch.view("sorted").subarray(rank, rank + 2) as unknown as [number];
    return { lower, upper, between };
  }
}

/**
 * The risk of a portfolio as it would be after one more order, for a gate that asks before each. What the answer needs
 * is kept between questions, in a memory of its own that never grows, and a question makes no objects. The answers are
 * those of `parametric` and `historical` over the changed weights, to 1e-12 of the larger of the risk before and after.
 */
import { MathArgumentError } from "../errors.js";
import { type DistributionOptions, daysOf, freedomOf, portfolioOf, type RiskOptions } from "./arguments.js";
import { checkMoments, type ReturnMoments } from "./moments.js";
import { ParametricBook } from "./parametric-book.js";
import { ScenarioBook } from "./scenario-book.js";

/** Either the returns, for historical simulation, or their moments, for the parametric method. */
export type PreTradeOptions = RiskOptions &
  (
    | { readonly returns: Float64Array; readonly covariance?: undefined }
    | ({ readonly returns?: undefined } & ReturnMoments & DistributionOptions)
  );

/** A portfolio that can say what a change of one weight would do to it. */
export interface Book {
  valueAtRisk(asset: number, change: number): number;
  expectedShortfall(asset: number, change: number): number;
  commit(asset: number, change: number): void;
  readonly weights: Float64Array;
}

export class PreTradeRisk {
  readonly #book: Book;
  readonly #assets: number;

  /** Throws MathTypeError and MathArgumentError, as `historical` and `parametric` do. */
  constructor(options: PreTradeOptions) {
    const portfolio = portfolioOf(options, ["returns", "covariance", "mean", "distribution", "freedom"]);
    this.#assets = portfolio.assets;
    if (options.returns === undefined) {
      const means = checkMoments(options, portfolio.assets);
      this.#book = new ParametricBook(portfolio, options.covariance, means, freedomOf(options));
    } else {
      refuseMoments(options);
      const days = daysOf(options.returns, portfolio.assets);
      this.#book = new ScenarioBook(portfolio, options.returns, days);
    }
  }

  /** A copy of the weights with every commit in them. */
  get weights(): Float64Array {
    return this.#book.weights.slice();
  }

  /**
   * The value at risk with `change` more of `asset`, in the unit of the weights; what it is now without arguments. O(1)
   * for the parametric method, O(T) for the historical one. Throws MathArgumentError.
   */
  valueAtRisk(asset = 0, change = 0): number {
    this.#check(asset, change);
    return this.#book.valueAtRisk(asset, change);
  }

  /** The expected shortfall likewise. */
  expectedShortfall(asset = 0, change = 0): number {
    this.#check(asset, change);
    return this.#book.expectedShortfall(asset, change);
  }

  /** Makes the change. O(N) for the parametric method, O(T) for the historical one. Throws MathArgumentError. */
  commit(asset: number, change: number): void {
    this.#check(asset, change);
    this.#book.commit(asset, change);
  }

  #check(asset: number, change: number): void {
    if (!(Number.isInteger(asset) && asset >= 0 && asset < this.#assets)) {
      throw new MathArgumentError("asset", asset, `an integer from 0 to ${this.#assets - 1}`);
    }
    if (typeof change !== "number" || !(Math.abs(change) <= 1e15)) {
      throw new MathArgumentError("change", change, "a number of magnitude up to 1e15");
    }
  }
}

function refuseMoments(options: object): void {
  for (const name of ["covariance", "mean", "distribution", "freedom"]) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) throw new MathArgumentError(name, value, "either it or returns, not both");
  }
}

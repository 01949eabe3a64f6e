/**
 * A portfolio with Σw and w'Σw at hand: a change Δ of weight i makes them w'Σw + 2Δ (Σw)ᵢ + Δ² Σᵢᵢ. Each commit also
 * computes one entry of Σw anew, in turn, so none carries the rounding of more than N commits.
 */
import { Workspace } from "../workspace.js";
import type { Portfolio } from "./arguments.js";
import { tailOf } from "./elliptical.js";
import { lossOver } from "./figures.js";
import { type RiskKernels, Scratch } from "./kernels.js";
import { factorRegions, findFactor } from "./moments.js";
import { riskModule } from "./risk-module.js";

/** A change that leaves less of the variance is computed from the weights: the difference would have lost digits. */
const VARIANCE_KEPT_MIN = 2 ** -10;

type Region = keyof ReturnType<typeof factorRegions> | "weights" | "products" | "trial";

export class ParametricBook {
  readonly weights: Float64Array;
  readonly #scratch: Scratch<Region>;
  readonly #covariance: Float64Array;
  readonly #products: Float64Array;
  readonly #means: Float64Array;
  readonly #horizon: number;
  readonly #quantile: number;
  readonly #shortfall: number;
  #mean = 0;
  #variance = 0;
  #turn = 0;

  constructor(
    { weights, assets, confidence, horizon }: Portfolio,
    covariance: Float64Array,
    means: Float64Array,
    freedom: number,
  ) {
    const lengths = { ...factorRegions(assets), weights: assets, products: assets, trial: assets };
    this.#scratch = new Scratch(lengths, new Workspace<RiskKernels>(riskModule));
    this.#scratch.put("covariance", covariance);
    this.#scratch.put("weights", weights);
    findFactor(this.#scratch, assets);
    this.weights = this.#scratch.view("weights");
    this.#covariance = this.#scratch.view("covariance");
    this.#products = this.#scratch.view("products");
    this.#means = means.slice();
    this.#horizon = horizon;
    [this.#quantile, this.#shortfall] = tailOf(this.#scratch.kernels, confidence, freedom);
    const { kernels, at } = this.#scratch;
    kernels.profits(at.covariance, assets, assets, at.weights, at.products);
    this.#settle();
  }

  valueAtRisk(asset: number, change: number): number {
    return this.#loss(asset, change, this.#quantile);
  }

  expectedShortfall(asset: number, change: number): number {
    return this.#loss(asset, change, this.#shortfall);
  }

  commit(asset: number, change: number): void {
    const { length } = this.weights;
    const row = asset * length;
    this.weights[asset]! += change;
    for (let other = 0; other < length; other++) this.#products[other]! += change * this.#covariance[row + other]!;
    this.#refresh(this.#turn);
    this.#turn = (this.#turn + 1) % length;
    this.#settle();
  }

  #loss(asset: number, change: number, deviations: number): number {
    const { length } = this.weights;
    const mean = this.#mean + change * this.#means[asset]!;
    const own = this.#covariance[asset * (length + 1)]!;
    let variance = this.#variance + change * (2 * this.#products[asset]! + change * own);
    if (variance < this.#variance * VARIANCE_KEPT_MIN) variance = this.#varianceAnew(asset, change);
    return lossOver(this.#horizon, mean, mean + deviations * Math.sqrt(Math.max(0, variance)));
  }

  #varianceAnew(asset: number, change: number): number {
    const { kernels, at } = this.#scratch;
    const { length } = this.weights;
    const kept = this.weights[asset]!;
    this.weights[asset] = kept + change;
    kernels.profits(at.covariance, length, length, at.weights, at.trial);
    const variance = kernels.dot(at.weights, at.trial, length);
    this.weights[asset] = kept;
    return variance;
  }

  #refresh(asset: number): void {
    const { kernels, at } = this.#scratch;
    const { length } = this.weights;
    this.#products[asset] = kernels.dot(at.covariance + 8 * asset * length, at.weights, length);
  }

  #settle(): void {
    const { kernels, at } = this.#scratch;
    this.#variance = Math.max(0, kernels.dot(at.weights, at.products, this.weights.length));
    this.#mean = 0;
    for (let asset = 0; asset < this.weights.length; asset++) {
      this.#mean += this.weights[asset]! * this.#means[asset]!;
    }
  }
}

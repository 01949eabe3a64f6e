/**
 * A portfolio with its profit on each day of a history at hand: a change of weight i adds a multiple of one column of
 * returns, and the quantile is selected again. Each commit also computes a share of the profits anew, in turn, so none
 * carries the rounding of more than N commits.
 */
import { Workspace } from "../workspace.js";
import type { Portfolio } from "./arguments.js";
import { lossOver } from "./figures.js";
import { type RiskKernels, Scratch } from "./kernels.js";
import { rankOf } from "./rank.js";
import { riskModule } from "./risk-module.js";

export class ScenarioBook {
  readonly weights: Float64Array;
  readonly #scratch: Scratch<"columns" | "weights" | "profits" | "trial">;
  readonly #days: number;
  readonly #means: Float64Array;
  readonly #horizon: number;
  readonly #rank: number;
  readonly #fraction: number;
  #mean = 0;
  #turn = 0;

  constructor({ weights, assets, confidence, horizon }: Portfolio, returns: Float64Array, days: number) {
    const lengths = { columns: returns.length, weights: assets, profits: days, trial: days };
    this.#scratch = new Scratch(lengths, new Workspace<RiskKernels>(riskModule));
    this.#scratch.put("weights", weights);
    this.#days = days;
    this.#means = transpose(returns, days, this.#scratch.view("columns"));
    this.#horizon = horizon;
    this.weights = this.#scratch.view("weights");
    ({ rank: this.#rank, fraction: this.#fraction } = rankOf(days, confidence));
    this.#refresh(0, days);
    this.#settle();
  }

  valueAtRisk(asset: number, change: number): number {
    return lossOver(this.#horizon, this.#meanWith(asset, change), this.#quantile(asset, change));
  }

  expectedShortfall(asset: number, change: number): number {
    const bound = this.#quantile(asset, change);
    const { kernels, at } = this.#scratch;
    const shortfall = kernels.tailMean(at.trial, this.#days, bound);
    return lossOver(this.#horizon, this.#meanWith(asset, change), shortfall);
  }

  commit(asset: number, change: number): void {
    const { kernels, at } = this.#scratch;
    this.weights[asset]! += change;
    kernels.candidateProfits(at.profits, this.#column(asset), change, this.#days, at.profits);
    const count = Math.min(Math.ceil(this.#days / this.weights.length), this.#days - this.#turn);
    this.#refresh(this.#turn, count);
    this.#turn = (this.#turn + count) % this.#days;
    this.#settle();
  }

  /** Leaves the profits with the change in `trial`. */
  #quantile(asset: number, change: number): number {
    const { kernels, at } = this.#scratch;
    kernels.candidateProfits(at.profits, this.#column(asset), change, this.#days, at.trial);
    return kernels.quantile(at.trial, this.#days, this.#rank, this.#fraction, at.trial);
  }

  #meanWith(asset: number, change: number): number {
    return this.#mean + change * this.#means[asset]!;
  }

  #column(asset: number): number {
    return this.#scratch.at.columns + 8 * asset * this.#days;
  }

  #refresh(from: number, count: number): void {
    const { kernels, at } = this.#scratch;
    kernels.refreshProfits(at.columns, this.#days, this.weights.length, at.weights, from, count, at.profits);
  }

  #settle(): void {
    this.#mean = 0;
    for (let asset = 0; asset < this.weights.length; asset++) {
      this.#mean += this.weights[asset]! * this.#means[asset]!;
    }
  }
}

/** Writes the columns one after the other and returns their means. */
function transpose(returns: Float64Array, days: number, columns: Float64Array): Float64Array {
  const assets = returns.length / days;
  return new Float64Array(assets).map((_, asset) => {
    let sum = 0;
    for (let day = 0; day < days; day++) {
      const each = returns[day * assets + asset]!;
      columns[asset * days + day] = each;
      sum += each;
    }
    return sum / days;
  });
}

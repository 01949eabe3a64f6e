/**
 * A portfolio with its profit on each day of a history at hand: a change of weight i adds a multiple of one column of
 * returns, and the quantile is selected again, among the profits that the last commit says are likely to lie near it.
 * Each commit also computes a share of the profits anew, in turn, so none carries the rounding of more than N commits.
 */
import { Workspace } from "../workspace.js";
import type { Portfolio } from "./arguments.js";
import { lossOver } from "./figures.js";
import { type RiskKernels, Scratch } from "./kernels.js";
import { rankOf } from "./rank.js";
import { riskModule } from "./risk-module.js";

/** Scenarios looked at beyond three times the rank, for ranks so small that they say little. */
const SPARE = 32;

export class ScenarioBook {
  readonly weights: Float64Array;
  readonly #scratch: Scratch<"columns" | "weights" | "profits" | "trial">;
  readonly #days: number;
  readonly #means: Float64Array;
  readonly #horizon: number;
  readonly #rank: number;
  readonly #fraction: number;
  #mean = 0;
  #bound = 0;
  #quantile = 0;
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
    this.#select(asset, change);
    return lossOver(this.#horizon, this.#meanWith(asset, change), this.#quantile);
  }

  expectedShortfall(asset: number, change: number): number {
    const { kernels, at } = this.#scratch;
    const count = this.#select(asset, change);
    const shortfall = kernels.tailMean(at.trial, count, this.#quantile);
    return lossOver(this.#horizon, this.#meanWith(asset, change), shortfall);
  }

  commit(asset: number, change: number): void {
    const { kernels, at } = this.#scratch;
    this.weights[asset]! += change;
    kernels.moveProfits(at.profits, this.#column(asset), change, this.#days);
    const count = Math.min(Math.ceil(this.#days / this.weights.length), this.#days - this.#turn);
    this.#refresh(this.#turn, count);
    this.#turn = (this.#turn + count) % this.#days;
    this.#settle();
  }

  /** Leaves in `trial` the tail of the profits with the change, finds their quantile, returns how many there are. */
  #select(asset: number, change: number): number {
    const { kernels, at } = this.#scratch;
    const column = this.#column(asset);
    let count = kernels.candidateTail(at.profits, column, change, this.#days, this.#bound, at.trial);
    if (count < Math.min(this.#rank + 2, this.#days)) {
      count = kernels.candidateTail(at.profits, column, change, this.#days, Infinity, at.trial);
    }
    this.#quantile = kernels.quantile(at.trial, count, this.#rank, this.#fraction, at.trial);
    return count;
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

  /** The profits up to three times the rank decide most candidates; for the others all are looked at. */
  #settle(): void {
    const { kernels, at } = this.#scratch;
    const beyond = Math.min(3 * this.#rank + SPARE, this.#days - 1);
    this.#bound = kernels.quantile(at.profits, this.#days, beyond, 0, at.trial);
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

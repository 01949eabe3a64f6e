/**
 * What risk.wasm exports, and scratch memory for one call: addresses and views are good until the next scratch of the
 * same workspace is made.
 */
import { type Room, Workspace, type WorkspaceExports } from "../workspace.js";
import { riskModule } from "./risk-module.js";

/** Addresses are bytes, counts are elements; the sources in assembly/risk say what each does. */
export interface RiskKernels extends WorkspaceExports {
  dot(a: number, b: number, length: number): number;
  profits(returns: number, days: number, assets: number, weights: number, into: number): void;
  columns(returns: number, days: number, assets: number, dayWeights: number, centre: number, into: number): void;
  centredMoments(values: number, count: number, mean: number, into: number): void;
  dayPolynomial(
    values: number,
    count: number,
    mean: number,
    first: number,
    second: number,
    third: number,
    into: number,
  ): void;
  quantile(values: number, count: number, rank: number, fraction: number, into: number): number;
  tailMean(values: number, count: number, bound: number): number;
  ageWeights(count: number, decay: number, into: number): number;
  productInto(a: number, b: number, count: number, into: number): number;
  conditionalWeights(
    values: number,
    weights: number,
    count: number,
    low: number,
    high: number,
    mass: number,
    into: number,
  ): void;
  weightedQuantile(values: number, weights: number, count: number, mass: number): number;
  choleskyFactor(matrix: number, n: number, into: number, order: number, rests: number): number;
  normalTail(confidence: number): number;
  normalShortfall(confidence: number): number;
  studentTail(confidence: number, freedom: number): number;
  studentShortfall(confidence: number, freedom: number): number;
  prepareStreams(table: number, state: number, seed: number): void;
  fillNormals(table: number, state: number, into: number, count: number): void;
  simulate(
    table: number,
    state: number,
    factor: number,
    weights: number,
    rows: number,
    assets: number,
    freedom: number,
    shocks: number,
    into: number,
    blocks: number,
  ): void;
  moveProfits(profits: number, column: number, change: number, days: number): void;
  candidateTail(profits: number, column: number, change: number, days: number, bound: number, into: number): number;
  refreshProfits(
    returns: number,
    days: number,
    assets: number,
    weights: number,
    from: number,
    count: number,
    profits: number,
  ): void;
}

/** Doubles that the ziggurat's table and the three streams take. */
export const TABLE_LENGTH = 3073;
export const STATE_LENGTH = 12;

/** Regions begin at multiples of 64 bytes. */
const LINE = 8;

const shared = new Workspace<RiskKernels>(riskModule);

/** Named regions of doubles, and the kernels that work on them by address. */
export class Scratch<Name extends string> {
  readonly kernels: RiskKernels;
  readonly at: Readonly<Record<Name, number>>;
  readonly #lengths: Readonly<Record<Name, number>>;
  readonly #room: Room<RiskKernels>;

  /** Regions of these lengths, whatever they hold, in a workspace that every call shares unless one is given. */
  constructor(lengths: Readonly<Record<Name, number>>, workspace: Workspace<RiskKernels> = shared) {
    const entries = Object.entries<number>(lengths);
    const lines = (length: number): number => LINE * Math.ceil(length / LINE);
    this.#lengths = lengths;
    this.#room = workspace.room(8 * entries.reduce((sum, [, length]) => sum + lines(length), 0));
    this.kernels = this.#room.kernels;
    let next = this.#room.start;
    const addresses = entries.map(([name, length]) => {
      const address = next;
      next += 8 * lines(length);
      return [name, address];
    });
    this.at = Object.fromEntries(addresses) as Record<Name, number>;
  }

  view(name: Name): Float64Array {
    return this.#room.doubles(this.at[name], this.#lengths[name]);
  }

  put(name: Name, values: Float64Array): void {
    this.view(name).set(values);
  }

  copy(name: Name): Float64Array {
    return this.view(name).slice();
  }
}

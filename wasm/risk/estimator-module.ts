/** The risk module as the estimators call it: addresses in, addresses out, nothing checked. */
import { Workspace, type WorkspaceExports } from "../workspace.js";
import { riskModule } from "./risk-module.js";

interface EstimatorExports extends WorkspaceExports {
  sampleCovariance(
    ...addresses: [
      returns: number,
      rows: number,
      assets: number,
      divisor: number,
      means: number,
      work: number,
      into: number,
    ]
  ): void;
  decayedCovariance(returns: number, rows: number, assets: number, decay: number, into: number): void;
  shrunkCovariance(
    ...addresses: [returns: number, rows: number, assets: number, means: number, work: number, into: number]
  ): number;
  diagonalise(matrix: number, size: number, vectors: number): number;
  rebuild(values: number, size: number, vectors: number, least: number, into: number): void;
  garchFit(y: number, count: number, mean: number, hasMean: number, into: number): number;
  garchIterations(): number;
  garchVariances(y: number, count: number, startMean: number, parameters: number, into: number): number;
  kupiec(days: number, exceptions: number, probability: number): number;
  independence(n00: number, n01: number, n10: number, n11: number): number;
  chiSquareTail(x: number, freedom: number): number;
  binomialCdf(successes: number, trials: number, probability: number): number;
}

export const estimators = new Workspace<EstimatorExports>(riskModule);

/** The kernels of risk.wasm: products with returns, tails of samples, factors of matrices, simulations, estimators. */
export { choleskyFactor } from "./cholesky";
export { binomialCdf, chiSquareTail, independence, kupiec } from "./coverage";
export { diagonalise, rebuild } from "./eigen";
export { decayedCovariance, sampleCovariance, shrunkCovariance } from "./estimators";
export { normalShortfall, normalTail, studentShortfall, studentTail } from "./factors";
export { garchFit, garchIterations, garchVariances } from "./garch-fit";
export { dataStart } from "./memory";
export { centredMoments, dayPolynomial } from "./moments";
export { candidateTail, moveProfits, refreshProfits } from "./pre-trade";
export { columns, dot, profits } from "./products";
export { quantile, tailMean } from "./quantile";
export { prepareStreams, simulate } from "./simulate";
export { ageWeights, conditionalWeights, productInto, weightedQuantile } from "./weights";
export { fillNormals } from "./ziggurat";

/** What a thread of the pool runs: one fit, and how long it took. */
import type { FitJob, FitResult } from "../../engine/index.js";
import { refit } from "../../wasm/hmm/refit.js";

export function fit(job: FitJob): FitResult & { readonly workUs: number } {
  const startedMs = performance.now();
  const { model, logLikelihood, converged, iterations } = refit(job);
  return { model, logLikelihood, converged, iterations, workUs: 1_000 * (performance.now() - startedMs) };
}

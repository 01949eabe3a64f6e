/** The reference page's entry for the streaming filter of a hidden Markov model. */
import type { FunctionReference } from "../reference.js";

export const filterReference: readonly FunctionReference[] = [
  {
    name: "stats.hmm.filter",
    meaning: "How probable each state is after every observation, one at a time.",
    formula: "q₁ = π, qₜ(j) = Σ pₜ₋₁(i) aᵢⱼ; sₜ = Σ qₜ(j) bⱼ(xₜ); pₜ(j) = qₜ(j) bⱼ(xₜ) / sₜ; ln L = Σ ln sₜ",
    takes: {
      model: "{ states K, features F, start, transition, means, variances }, as stats.hmm.fit returns it",
    },
    returns:
      "An HmmFilter: push(x, …) takes F numbers and returns the most probable state; state, probability(state), " +
      "logLikelihood, ready, model, replaceModel(model), snapshot(), restore(bytes)",
    throws:
      "MathTypeError or MathArgumentError for a model that is not allowed, ArenaFullError; push: MathInputError for " +
      "a number that is not finite or above 1e150, MathArgumentError for another count of numbers",
    example: `const filter = stats.hmm.filter({
  states: 2, features: 1, start: Float64Array.of(0.5, 0.5), transition: Float64Array.of(0.95, 0.05, 0.1, 0.9),
  means: Float64Array.of(0.001, -0.002), variances: Float64Array.of(1e-5, 2e-4),
});
const states = [0.002, 0.001, -0.03, 0.02, 0.001].map((x) => filter.push(x));
console.log(states, filter.probability(1).toFixed(3));`,
    source: "Rabiner 1989, §V.A",
    oracle: "a twin in logarithms; stats.hmm.score and stats.hmm.posterior",
  },
];

/** The reference page's entries for hidden Markov models. */
import type { FunctionReference } from "../reference.js";

const MODEL =
  "{ states K, features F, start: K, transition: K × K, means: K × F, variances: K × F }, Float64Arrays, rows first";
const OBSERVATIONS =
  "Float64Array of T × F: F numbers an observation, in the units of the model; magnitude up to 1e150";
const THROWS =
  "MathTypeError or MathArgumentError for a model or a length that is not allowed, MathInputError with " +
  "the index of an observation that is not finite";
const TWO_STATES = `const model = {
  states: 2, features: 1, start: Float64Array.of(0.5, 0.5), transition: Float64Array.of(0.95, 0.05, 0.1, 0.9),
  means: Float64Array.of(0.001, -0.002), variances: Float64Array.of(1e-5, 2e-4),
};
const returns = Float64Array.of(0.002, 0.001, -0.03, 0.02, -0.04, 0.001, 0.002, 0.001);
`;

const TURNS = `const returns = Float64Array.from({ length: 400 }, (_, day) => {
  return (((day * 37) % 101) - 50) / (day % 200 < 100 ? 1e4 : 1e3);
});
`;

export const hmmReference: readonly FunctionReference[] = [
  {
    name: "stats.hmm.fit",
    meaning: "Estimates a hidden Markov model with Gaussian emissions from observations.",
    formula:
      "Baum–Welch: with γₜ(i) = P(sₜ = i | x) and ξₜ(i, j) = P(sₜ = i, sₜ₊₁ = j | x) under the model so " +
      "far, πᵢ = γ₁(i); aᵢⱼ = Σ ξₜ(i, j) / Σⱼ Σ ξₜ(i, j); μᵢ = Σ γₜ(i) xₜ / Σ γₜ(i); σ²ᵢ = max(Σ γₜ(i) (xₜ " +
      "− μᵢ)² / Σ γₜ(i), floor)",
    takes: {
      observations: `${OBSERVATIONS}; T at least K + 1`,
      states: "K, 2 to 6",
      features: "F, 1 to 4; default 1",
      seed: "of the random starts, an integer from 0; default 1",
      restarts: "random starts, 1 to 100; each gets 20 rounds and the likeliest goes on; default 4",
      iterationsMax: "rounds at most; default 200",
      tolerance:
        "it has converged when a round adds less than this part of the log-likelihood; default 1e-9, 0 for never",
      varianceFloor: "the least variance of a state, as a part of the variance of the feature; default 1e-6",
      initial: "a model to start from, instead of random starts",
      previous: "a model fitted before: one more start, and the order that the states are to have",
    },
    returns:
      "{ model, logLikelihood, iterations, converged, aic, bic, logLikelihoods }: natural logarithms, the " +
      "last array under the start and after each round",
    throws: `${THROWS}; MathArgumentError for an option out of its range and for a feature that never varies`,
    example: `${TURNS}const { model, converged } = stats.hmm.fit(returns, { states: 2 });
console.log(stats.hmm.names(model), Array.from(model.variances, Math.sqrt), converged);`,
    source: "Baum, Petrie, Soules, Weiss 1970; Rabiner 1989; starts: Arthur, Vassilvitskii 2007",
    oracle: "hmmlearn (no prior), the same rounds from the same start",
  },
  {
    name: "stats.hmm.score",
    meaning: "How likely observations are under a model.",
    formula:
      "α₁(i) = πᵢ bᵢ(x₁); αₜ(j) = bⱼ(xₜ) Σ αₜ₋₁(i) aᵢⱼ; ln Σ α_T(i), with bᵢ the product of the features' " +
      "normal densities",
    takes: { model: MODEL, observations: OBSERVATIONS },
    returns: "The log-likelihood, a natural logarithm",
    throws: THROWS,
    example: `${TWO_STATES}console.log(stats.hmm.score(model, returns));`,
    source: "Rabiner 1989, §III.A and §V.A",
    oracle: "the sum over all sequences of states; hmmlearn",
  },
  {
    name: "stats.hmm.decode",
    meaning: "The most probable sequence of states.",
    formula: "δ₁(i) = ln πᵢ + ln bᵢ(x₁); δₜ(j) = ln bⱼ(xₜ) + max (δₜ₋₁(i) + ln aᵢⱼ); followed back from the largest",
    takes: { model: MODEL, observations: OBSERVATIONS },
    returns: "{ states: Uint8Array of T, logProbability: of them and the observations together, a natural logarithm }",
    throws: THROWS,
    example: `${TWO_STATES}console.log(stats.hmm.decode(model, returns).states);`,
    source: "Viterbi 1967; Rabiner 1989, §III.B",
    oracle: "the largest over all sequences of states; hmmlearn",
  },
  {
    name: "stats.hmm.posterior",
    meaning: "The probability of each state at each observation, given all of them.",
    formula: "γₜ(i) = αₜ(i) βₜ(i) / Σ αₜ(j) βₜ(j), with β_T(i) = 1 and βₜ(i) = Σ aᵢⱼ bⱼ(xₜ₊₁) βₜ₊₁(j)",
    takes: { model: MODEL, observations: OBSERVATIONS },
    returns: "Float64Array of T × K: K probabilities an observation, which sum to 1",
    throws: THROWS,
    example: `${TWO_STATES}console.log(stats.hmm.posterior(model, returns).subarray(0, 2));`,
    source: "Rabiner 1989, §III.B",
    oracle: "the sum over all sequences of states; hmmlearn",
  },
  {
    name: "stats.hmm.forward",
    meaning: "The forward recursion over likelihoods of any emission.",
    formula: "α₁(i) = πᵢ bᵢ₁; αₜ(j) = bⱼₜ Σ αₜ₋₁(i) aᵢⱼ; α of observation t is `probabilities` × exp(`logLikelihoods`)",
    takes: {
      start: "Float64Array of K probabilities",
      transition: "Float64Array of K × K, rows first",
      likelihoods: "Float64Array of T × K: of each observation in each state, 0 to 1e150",
    },
    returns:
      "{ probabilities: T × K, filtered; logLikelihoods: of T, up to each observation, natural logarithms; " +
      "logLikelihood: the last of them }",
    throws:
      "MathTypeError, MathArgumentError or MathInputError for what is no probability, no likelihood, or an " +
      "observation that no reachable state allows",
    example: `const umbrella = { start: Float64Array.of(0.5, 0.5), transition: Float64Array.of(0.7, 0.3, 0.3, 0.7),
  likelihoods: Float64Array.of(0.9, 0.2, 0.9, 0.2, 0.1, 0.8, 0.9, 0.2, 0.9, 0.2) };
console.log(stats.hmm.forward(umbrella).logLikelihood);`,
    source: "Rabiner 1989, §III.A; the example is Russell and Norvig's",
    oracle: "mpmath",
  },
  {
    name: "stats.hmm.select",
    meaning: "Fits with 2 to 6 states and picks one by an information criterion.",
    formula: "p = K² − 1 + 2 K F; AIC = 2 p − 2 ln L; BIC = p ln T − 2 ln L; the least wins",
    takes: {
      observations: `${OBSERVATIONS}; T at least 7`,
      criterion: '"bic" or "aic"; default "bic"',
      "…": "the options of fit",
    },
    returns: "{ best, fits }: what fit returns, the winner's and all five",
    throws: "As fit does, and MathArgumentError for a criterion that is neither",
    example: `${TURNS}console.log(stats.hmm.select(returns).best.model.states);`,
    source: "Akaike 1974; Schwarz 1978",
    oracle: "closed form",
  },
  {
    name: "stats.hmm.align",
    meaning: "Puts the states of a model into the order in which they are most like those of another.",
    formula:
      "the permutation p of least Σ ((μ_p(i) − μ′ᵢ)² + (σ_p(i) − σ′ᵢ)²) / σ², with σ² the mean of both " +
      "models' variances of the feature",
    takes: { model: MODEL, previous: "another of the same size" },
    returns: "The model, reordered",
    throws: "MathTypeError or MathArgumentError for models that are not allowed or of different sizes",
    example:
      `${TWO_STATES}console.log(stats.hmm.align(model, { ...model, means: Float64Array.of(-0.002, 0.001), ` +
      `variances: Float64Array.of(2e-4, 1e-5) }).means);`,
    source: "Kuhn 1955, the assignment problem",
    oracle: "every permutation",
  },
  {
    name: "stats.hmm.names",
    meaning: "What the states of a model are called, by their moments.",
    formula:
      "ranked by the mean of the first feature, of equal means by the lower variance: the first is the " +
      "bull, the last the bear, the others are sideways",
    takes: { model: MODEL },
    returns: 'An array of K: "bull", "bear" or "sideways"',
    throws: "Nothing, for a model that is allowed",
    example: `${TWO_STATES}console.log(stats.hmm.names(model));`,
    source: "the definition",
    oracle: "closed form",
  },
];

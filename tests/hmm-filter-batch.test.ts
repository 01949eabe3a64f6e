/** The streaming filter and the batch functions are two programs for one definition: they say the same of a series. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { posterior, score } from "../wasm/hmm/inference.js";
import { createMathCore, type HmmModel } from "../wasm/index.js";
import { wordsFrom } from "./support/numbers.js";

const core = createMathCore({ arenaCapacity: 8 << 20 });

/** A market that changes its state now and then, and the model it is drawn from. */
function drawn(states: number, features: number, seed: number, length: number) {
  const next = wordsFrom(seed);
  const uniform = (): number => next() / 2 ** 32;
  const model: HmmModel = {
    ...{ states, features, start: new Float64Array(states).fill(1 / states) },
    transition: Float64Array.from({ length: states * states }, (_, at) =>
      at % (states + 1) === 0 ? 0.9 : 0.1 / (states - 1),
    ),
    means: Float64Array.from({ length: states * features }, () => 6 * uniform() - 3),
    variances: Float64Array.from({ length: states * features }, () => 0.1 + 2 * uniform()),
  };
  const observations = new Float64Array(length * features);
  let state = 0;
  for (let at = 0; at < observations.length; at += 1) {
    if (at % features === 0 && uniform() < 0.1) state = Math.floor(uniform() * states);
    observations[at] = model.means[state * features + (at % features)] + 4 * uniform() - 2;
  }
  return { model, observations };
}

const shapes = fc.record({
  states: fc.integer({ min: 2, max: 6 }),
  features: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  length: fc.integer({ min: 1, max: 400 }),
});

test("the log-likelihood of a series is the batch's, and so is the last state's probability", () => {
  fc.assert(
    fc.property(shapes, ({ states, features, seed, length }) => {
      const { model, observations } = drawn(states, features, seed, length);
      const filter = core.hmmFilter(model);
      for (let at = 0; at < observations.length; at += features) {
        const [a, b, c, d] = observations.subarray(at, at + features);
        filter.push(a, b, c, d);
      }
      const whole = score(model, observations);
      expect(Math.abs(filter.logLikelihood / whole - 1)).toBeLessThan(1e-12);
      // Behind the last observation nothing is known more: smoothing and filtering agree there.
      const last = posterior(model, observations).subarray(-states);
      for (let state = 0; state < states; state += 1) {
        expect(Math.abs(filter.probability(state) - last[state])).toBeLessThan(1e-12);
      }
    }),
    { numRuns: 100 },
  );
});

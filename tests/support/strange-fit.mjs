/**
 * What a pool's thread may come to, chosen by the first observation: −1 it throws, −2 its thread ends, −3 it never
 * returns, −4 it takes a while; else it says how often this thread was asked.
 */
let asked = 0;

export async function fit({ observations, states, features }) {
  asked += 1;
  const [first] = observations;
  if (first === -1) throw new Error("no model of these");
  if (first === -2) process.exit(1);
  if (first === -3) for (;;);
  if (first === -4) await new Promise((resolve) => setTimeout(resolve, 50));
  const part = (count, value) => new Float64Array(count).fill(value);
  const moments = states * features;
  const arrays = { start: part(states, 1 / states), transition: part(states * states, 1 / states) };
  const model = { states, features, ...arrays, means: part(moments, first), variances: part(moments, 1) };
  return { model, logLikelihood: -1, converged: true, iterations: asked, workUs: 10 };
}

/** What tests of regimes share: a strategy that follows the trades by one, answers as messages, and a plain fit. */
import { answerBytes, answerOf, type FitAnswer, type FitJob, type FitResult, writeAnswer } from "../../engine/index.js";
import { MessageType, padTo8, viewsOf } from "../../schemas/index.js";
import type { HmmModel } from "../../wasm/index.js";
import { BTC, type Message } from "./engine.js";

/** Asks for a model at every so many trades, and trades by the regime it is in; all of it is state. */
export const FOLLOWER = `exports.default = {
  id: "follower",
  params: { every: 20, window: 50, states: 2 },
  subscribe: ["trades:${BTC.id}"],
  init: (ctx) => ({
    regime: ctx.hmm({ states: ctx.params.states, features: 1, window: ctx.params.window }),
    last: 0, seen: 0, models: 0, refused: 0,
  }),
  onTrade(ctx, state, trade) {
    if (state.last > 0) state.regime.push(1e4 * Math.log(trade.price / state.last));
    state.last = trade.price;
    state.seen += 1;
    if (state.seen % ctx.params.every === 0 && !state.regime.refit()) state.refused += 1;
    if (!state.regime.ready) return;
    if (state.regime.name === "bull" && ctx.position.isFlat) ctx.submit({ side: "buy", qty: 0.01 });
    if (state.regime.name === "bear" && ctx.position.isLong) ctx.submit({ side: "sell", qty: ctx.position.qty });
  },
  onModel(ctx, state, regime) {
    state.models += 1;
    ctx.log.info("model " + regime.outcome + ", " + regime.names.join(" "));
  },
};`;

export const CALM: HmmModel = {
  states: 2,
  features: 1,
  start: Float64Array.of(0.5, 0.5),
  transition: Float64Array.of(0.95, 0.05, 0.1, 0.9),
  means: Float64Array.of(-2, 3),
  variances: Float64Array.of(4, 1),
};

/** An answer that fits, over which a test puts what it changes. */
export function answerAt(timeUs: number, given: Partial<FitAnswer> & { readonly request: number }): Message {
  const result = { model: CALM, logLikelihood: -120.5, converged: true, iterations: 9 };
  return messageOf(timeUs, { ...answerOf({ regime: 0, ...given }, result, 1_500), ...given });
}

export function messageOf(timeUs: number, answer: FitAnswer): Message {
  const bytes = padTo8(answerBytes(answer));
  const views = viewsOf(new ArrayBuffer(bytes));
  writeAnswer(views, 0, timeUs, answer);
  return { type: MessageType.ModelFit, views, at: 0, bytes };
}

/** No real fit: halves or thirds of the sorted observations are the states. Deterministic, and quick. */
export function sortingFit({ observations, states, features }: FitJob): FitResult {
  const rows = Array.from({ length: observations.length / features }, (_, row) => observations[row * features]).sort(
    (one, other) => one - other,
  );
  const parts = Array.from({ length: states }, (_, state) =>
    rows.slice(Math.floor((state * rows.length) / states), Math.floor(((state + 1) * rows.length) / states)),
  );
  const means = parts.map((part) => part.reduce((sum, x) => sum + x, 0) / part.length);
  const variances = parts.map(
    (part, state) => 1e-6 + part.reduce((sum, x) => sum + (x - means[state]) ** 2, 0) / part.length,
  );
  const transition = Array.from({ length: states * states }, (_, at) =>
    at % (states + 1) === 0 ? 0.9 : 0.1 / (states - 1),
  );
  const model = {
    ...{ states, features, start: new Float64Array(states).fill(1 / states) },
    ...{ transition: Float64Array.from(transition), means: Float64Array.from(means) },
    variances: Float64Array.from(variances),
  };
  return { model, logLikelihood: -rows.length, converged: rows.length % 2 === 0, iterations: rows.length };
}

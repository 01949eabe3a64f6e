/**
 * Long while a hidden Markov model says that the market is most probably in its bull regime, flat otherwise. It
 * observes how far the mid price moved, ten times a second, and has the model fitted anew every so often; an example,
 * not advice.
 */
import { defineStrategy } from "sluice";

export default defineStrategy({
  id: "regime",
  params: { qty: "0.010", states: 3, window: 600, refitEvery: 200, certainty: 0.6 },
  subscribe: ["quotes:BTC/USDT.BINANCE", "timer:100ms"],

  init: (ctx) => ({
    regime: ctx.hmm({ states: ctx.params.states, features: 1, window: ctx.params.window }),
    mid: 0,
    sinceFit: 0,
    order: 0,
  }),

  onTimer(ctx, state) {
    const { mid } = ctx.quote;
    if (!(mid > 0)) return;
    if (state.mid > 0) {
      // In basis points.
      state.regime.push(10_000 * (mid / state.mid - 1));
      state.sinceFit += 1;
    }
    state.mid = mid;
    if (state.sinceFit >= ctx.params.refitEvery && state.regime.refit()) state.sinceFit = 0;
    if (!state.regime.ready || ctx.isWorking(state.order)) return;
    const isBull = state.regime.probability("bull") >= ctx.params.certainty;
    if (isBull && ctx.position.isFlat) state.order = ctx.submit({ side: "buy", qty: ctx.params.qty });
    else if (!isBull && ctx.position.isLong) state.order = ctx.submit({ side: "sell", qty: ctx.position.qty });
  },

  onModel(ctx, _state, regime) {
    ctx.log.info(`model ${regime.outcome}: ${regime.names.join(", ")} of ${regime.observed} observations`);
  },
});

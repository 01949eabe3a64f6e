/**
 * Two moving averages of the trade price: long while the fast one is above the slow one, flat otherwise. Every crossing
 * is acted on with a market order, so that it shows the path from a trade to an order; it is an example, not advice.
 */
import { defineStrategy } from "sluice";

export default defineStrategy({
  id: "ema-cross",
  params: { fast: 20, slow: 60, qty: "0.010" },
  subscribe: ["trades:BTC/USDT.BINANCE"],

  init: (ctx) => ({ fast: ctx.ta.ema(ctx.params.fast), slow: ctx.ta.ema(ctx.params.slow), order: 0 }),

  onTrade(ctx, state, trade) {
    const fast = state.fast.push(trade.price);
    const slow = state.slow.push(trade.price);
    if (!state.slow.ready || ctx.isWorking(state.order)) return;
    if (fast > slow && ctx.position.isFlat) state.order = ctx.submit({ side: "buy", qty: ctx.params.qty });
    else if (fast < slow && ctx.position.isLong) state.order = ctx.submit({ side: "sell", qty: ctx.position.qty });
  },
});

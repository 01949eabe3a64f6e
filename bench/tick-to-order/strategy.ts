/**
 * The strategy of the tick-to-order benchmark: an indicator and an order on every trade, bought and sold in turn. It is
 * CommonJS text, as the engine's thread gets every strategy.
 */
import { createHash } from "node:crypto";
import type { StrategyConfig } from "../../engine/index.js";

/** Of the instrument that it listens to, as the venue writes it. */
export const STRATEGY_SYMBOL = "BTCUSDT";

export const STRATEGY_TEXT = `
const { defineStrategy } = require("sluice");
const BUY = { side: "buy", qty: 0.001 };
const SELL = { side: "sell", qty: 0.001 };
module.exports = {
  default: defineStrategy({
    id: "bench-order",
    params: { wasted: 0 },
    subscribe: ["trades:BTC/USDT.BINANCE"],
    init: (ctx) => ({ ema: ctx.ta.ema(20), trades: 0, waste: 0 }),
    onTrade(ctx, state, trade) {
      state.ema.push(trade.price);
      state.trades += 1;
      for (let turn = 0; turn < ctx.params.wasted; turn += 1) state.waste = (state.waste * 31 + turn) | 0;
      ctx.submit(state.trades % 2 === 0 ? SELL : BUY);
    },
  }),
};
`;

/** `wasted`: turns of a useless loop before each order; 0, or more for the negative control. */
export function strategyConfig(wasted: number): StrategyConfig {
  return { id: "bench-order", bundle: createHash("sha256").update(STRATEGY_TEXT).digest("hex"), params: { wasted } };
}

/**
 * Trades back and forth in small pieces, so that at most moments an order is under way: by market order, by a limit
 * that takes at once or not at all, and now and then by one that rests until it is cancelled. It means to be killed.
 */
import { defineStrategy } from "sluice";

export default defineStrategy({
  id: "busy-taker",
  params: { qty: 0.0002, maxQty: 0.002, tick: 0.01, takeChance: 0.1, restChance: 0.2 },
  subscribe: ["quotes:BTC/USDT.BINANCE", "trades:BTC/USDT.BINANCE"],

  init: () => ({ resting: 0, fills: 0 }),

  onQuote(ctx, _state, quote) {
    const { qty, maxQty, tick, takeChance } = ctx.params;
    if (ctx.random() > takeChance) return;
    const held = ctx.position.qty;
    const sells = held + qty > maxQty || (held - qty >= -maxQty && ctx.random() < 0.5);
    const side = sells ? "sell" : "buy";
    if (ctx.random() < 0.6) ctx.submit({ side, qty });
    else {
      const price = sells ? quote.bid - 2 * tick : quote.ask + 2 * tick;
      ctx.submit({ side, qty, price, timeInForce: "ioc" });
    }
  },

  onTrade(ctx, state, trade) {
    const { qty, tick, restChance } = ctx.params;
    if (ctx.random() > restChance) return;
    if (ctx.isWorking(state.resting)) ctx.cancel(state.resting);
    else {
      const sells = ctx.position.qty > 0;
      const price = trade.price + (sells ? 40 : -40) * tick;
      state.resting = ctx.submit({ side: sells ? "sell" : "buy", qty, price });
    }
  },

  onFill(_ctx, state) {
    state.fills += 1;
  },
});

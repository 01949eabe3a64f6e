/**
 * Trades back and forth in small pieces, so that at most moments an order is under way: by market order, by a limit that
 * takes at once or not at all, and now and then by one that rests until it is cancelled. It means to be killed.
 */
import { defineStrategy } from "sluice";

export default defineStrategy({
  id: "busy-taker",
  params: { qty: 0.0002, maxQty: 0.002, tick: 0.01, chance: 0.6 },
  subscribe: ["trades:BTC/USDT.BINANCE", "quotes:BTC/USDT.BINANCE"],

  init: () => ({ resting: 0, sent: 0, filled: 0 }),

  onTrade(ctx, state, trade) {
    const { qty, maxQty, tick, chance } = ctx.params;
    if (ctx.random() > chance) return;
    const held = ctx.position.qty;
    const wantsToSell = held + qty > maxQty || (held - qty >= -maxQty && ctx.random() < 0.5);
    const side = wantsToSell ? "sell" : "buy";
    const draw = ctx.random();
    if (draw < 0.5) {
      if (ctx.submit({ side, qty }) > 0) state.sent += 1;
    } else if (draw < 0.75) {
      const price = trade.price + (wantsToSell ? -2 : 2) * tick;
      if (ctx.submit({ side, qty, price, timeInForce: "ioc" }) > 0) state.sent += 1;
    } else if (ctx.isWorking(state.resting)) {
      ctx.cancel(state.resting);
    } else {
      const price = trade.price + (wantsToSell ? 40 : -40) * tick;
      state.resting = ctx.submit({ side, qty, price });
    }
  },

  onFill(_ctx, state) {
    state.filled += 1;
  },
});

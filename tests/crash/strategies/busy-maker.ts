/**
 * Keeps a few orders on each side of the touch, large enough to be filled in parts, and takes them away again at
 * random: cancels meet fills, crossings are refused and restarts find orders at the venue. It means to be killed.
 */
import { defineStrategy } from "sluice";

export default defineStrategy({
  id: "busy-maker",
  params: { qty: 0.2, maxQty: 2, tick: 0.01, levels: 3, chance: 0.8 },
  subscribe: ["book:ETH/USDT.BINANCE", "timer:1s"],

  init: () => ({ orders: [0, 0, 0, 0, 0, 0], ended: 0 }),

  onBook(ctx, state, book) {
    const { qty, maxQty, tick, levels, chance } = ctx.params;
    const held = ctx.position.qty;
    for (let at = 0; at < 2 * levels; at += 1) {
      if (ctx.random() > chance / (2 * levels)) continue;
      if (ctx.isWorking(state.orders[at])) {
        ctx.cancel(state.orders[at]);
        continue;
      }
      const sells = at >= levels;
      if (sells ? held - qty < -maxQty : held + qty > maxQty) continue;
      const depth = (at % levels) * tick;
      const price = sells ? book.bestAsk + depth : book.bestBid - depth;
      state.orders[at] = ctx.submit({ side: sells ? "sell" : "buy", qty, price, timeInForce: "post-only" });
    }
  },

  onOrder(_ctx, state) {
    state.ended += 1;
  },
});

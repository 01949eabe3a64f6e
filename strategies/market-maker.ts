/**
 * Quotes one bid and one ask around the touch and leans against its own inventory: the larger the position, the farther
 * the side that would add to it. It re-quotes when the touch has left its orders behind; an example, not advice.
 */
import { defineStrategy } from "sluice";

export default defineStrategy({
  id: "market-maker",
  params: { qty: 0.05, maxQty: 0.2, requoteTicks: 10, tick: 0.01 },
  subscribe: ["book:ETH/USDT.BINANCE"],

  init: () => ({ bid: 0, bidPrice: 0, ask: 0, askPrice: 0 }),

  onBook(ctx, state, book) {
    const { qty, maxQty, requoteTicks, tick } = ctx.params;
    const held = ctx.position.qty;
    const lean = Math.round((held / maxQty) * requoteTicks) * tick;
    const bidPrice = book.bestBid - Math.max(0, lean);
    const askPrice = book.bestAsk - Math.min(0, lean);

    if (ctx.isWorking(state.bid)) {
      if (Math.abs(bidPrice - state.bidPrice) > requoteTicks * tick) ctx.cancel(state.bid);
    } else if (held + qty <= maxQty) {
      state.bidPrice = bidPrice;
      state.bid = ctx.submit({ side: "buy", qty, price: bidPrice, timeInForce: "post-only" });
    }

    if (ctx.isWorking(state.ask)) {
      if (Math.abs(askPrice - state.askPrice) > requoteTicks * tick) ctx.cancel(state.ask);
    } else if (held - qty >= -maxQty) {
      state.askPrice = askPrice;
      state.ask = ctx.submit({ side: "sell", qty, price: askPrice, timeInForce: "post-only" });
    }
  },
});

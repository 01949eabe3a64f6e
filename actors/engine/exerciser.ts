/**
 * A strategy that uses all a strategy can: for the warm-up alone. It trades on every few events, at the market and with
 * resting orders, and cancels what rests.
 */
import { defineStrategy, type Instrument, type StrategyDefinition } from "../../engine/index.js";

const EVERY = 4;

export function exerciser(instruments: readonly Instrument[], qtyOf: (id: string) => number): StrategyDefinition {
  const topics = ["trades", "quotes", "book"];
  const home = instruments[0].id;
  return defineStrategy({
    id: "warm-up",
    params: {},
    subscribe: [...instruments.flatMap(({ id }) => topics.map((topic) => `${topic}:${id}`)), "timer:10ms"],
    init: (ctx) => ({ average: ctx.ta.ema(8), spread: ctx.ta.rolling(16), resting: 0, events: 0, seen: 0 }),
    onTrade(ctx, state, trade) {
      state.average.push(trade.price);
      state.events += 1;
      if (state.events % EVERY !== 0) return;
      const { instrument } = trade;
      const side = ctx.positionOf(instrument).isLong ? "sell" : "buy";
      const qty = qtyOf(instrument);
      // Requests as people write them: V8 must not take one form for the only one.
      if (instrument === home && state.events % 3 === 0) ctx.submit({ side, qty });
      else if (state.events % 3 === 1) ctx.submit({ instrument, side, qty: String(qty) });
      else ctx.submit({ side, qty, instrument, timeInForce: "ioc" });
    },
    onQuote(_ctx, state, quote) {
      state.spread.push(quote.ask - quote.bid);
    },
    onBook(ctx, state, book) {
      if (ctx.isWorking(state.resting)) {
        ctx.cancel(state.resting);
        return;
      }
      const qty = qtyOf(book.instrument);
      const order = {
        instrument: book.instrument,
        side: "buy",
        qty,
        price: book.bestBid,
        timeInForce: "post-only",
      } as const;
      state.resting = ctx.submit(order);
    },
    onFill(_ctx, state, fill) {
      state.seen += fill.price * fill.qty > 0 ? 1 : 0;
    },
    onOrder(_ctx, state, order) {
      state.seen += order.status === "accepted" ? 1 : 0;
    },
    onTimer(ctx, state) {
      state.seen += ctx.position.isFlat ? 1 : 0;
    },
  }) as StrategyDefinition;
}

/**
 * Strategies that use all a strategy can: for the warm-up alone. They trade on every few events, at the market and with
 * resting orders, long and short, and cancel what rests. Two, of different parameters and state, because V8 would take
 * the one's shapes for the only ones.
 */
import { defineStrategy, type Instrument, type StrategyDefinition } from "../../engine/index.js";

const EVERY = 4;

type QtyOf = (id: string) => number;

export function exercisers(instruments: readonly Instrument[], qtyOf: QtyOf): StrategyDefinition[] {
  return [taker(instruments, qtyOf), maker([...instruments].reverse(), qtyOf)];
}

const topicsOf = (instruments: readonly Instrument[], topics: readonly string[]): string[] =>
  instruments.flatMap(({ id }) => topics.map((topic) => `${topic}:${id}`));

/** Buys and sells at the market, by turns. */
function taker(instruments: readonly Instrument[], qtyOf: QtyOf): StrategyDefinition {
  const home = instruments[0].id;
  return defineStrategy({
    id: "taker",
    params: { fast: 8, qty: "1" },
    subscribe: [...topicsOf(instruments, ["trades", "quotes"]), "timer:10ms"],
    init: (ctx) => ({ average: ctx.ta.ema(ctx.params.fast), spread: ctx.ta.rolling(16), events: 0, seen: 0 }),
    onTrade(ctx, state, trade) {
      state.average.push(trade.price);
      state.events += 1;
      if (state.events % EVERY !== 0) return;
      const { instrument } = trade;
      const side = state.events % (EVERY * 3) === 0 ? "sell" : "buy";
      const qty = qtyOf(instrument);
      // V8 must not take one form of a request for the only one. There are two, the maker's is the other, with numbers
      // in both: where text has been seen beside numbers, every number that is read is boxed.
      if (instrument === home && state.events % 3 === 0) ctx.submit({ side, qty });
      else ctx.submit({ instrument, side, qty, price: trade.price, timeInForce: "ioc" });
    },
    onQuote(ctx, state, quote) {
      state.spread.push(quote.ask - quote.bid);
      state.seen += ctx.position.isFlat ? 1 : 0;
    },
    onFill(_ctx, state, fill) {
      state.seen += fill.price * fill.qty > 0 ? 1 : 0;
    },
    onTimer(ctx, state) {
      state.seen += ctx.position.isFlat ? 1 : 0;
    },
  }) as StrategyDefinition;
}

/** Rests one order, and cancels it at the next book. */
function maker(instruments: readonly Instrument[], qtyOf: QtyOf): StrategyDefinition {
  const home = instruments[0].id;
  return defineStrategy({
    id: "maker",
    params: { levels: 5, lean: 0.5, quote: true },
    subscribe: topicsOf(instruments, ["book", "trades"]),
    init: () => ({ resting: 0, price: 0.5, seen: 0 }),
    onBook(ctx, state, book) {
      state.seen += book.imbalance(ctx.params.levels) > ctx.params.lean ? 1 : 0;
      if (ctx.isWorking(state.resting)) {
        ctx.cancel(state.resting);
        return;
      }
      const { instrument } = book;
      const qty = qtyOf(instrument);
      const side = state.seen % 2 === 0 ? "sell" : "buy";
      state.price = side === "buy" ? book.bestBid : book.bestAsk;
      const { price } = state;
      const timeInForce = instrument === home ? "post-only" : "gtc";
      state.resting = ctx.submit({ instrument, side, qty, price, timeInForce });
    },
    onTrade(_ctx, state, trade) {
      state.seen += trade.aggressor === "buy" ? 1 : 0;
    },
    onOrder(_ctx, state, order) {
      state.seen += order.status === "accepted" ? 1 : 0;
    },
  }) as StrategyDefinition;
}

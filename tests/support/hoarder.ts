/**
 * A strategy, as bundle text, that keeps a state of every kind and decides by all of it: were any part of it lost or
 * changed, its next orders and log lines would be others.
 */
import { BTC, ETH } from "./engine.js";

export const HOARDER = `exports.default = {
  id: "hoarder",
  params: { qty: 0.01 },
  subscribe: ["trades:${BTC.id}", "quotes:${BTC.id}", "book:${ETH.id}", "timer:1s", "timer:250ms"],
  init(ctx) {
    const ring = new Float64Array(16);
    const state = {
      calls: 0, big: 1n, text: "", nothing: undefined, none: null,
      fast: ctx.ta.ema(5), moments: ctx.ta.rolling(20),
      ring, bytes: new Uint8Array(ring.buffer, 8, 24),
      orders: new Map(), ended: new Set(), limits: Object.freeze({ open: 4, words: Object.freeze(["a", "é", "価"]) }),
      queue: [], bare: Object.assign(Object.create(null), { seen: 0 }),
    };
    state.self = state;
    state.averages = [state.moments, state.fast];
    return state;
  },
  onTrade(ctx, state, trade) {
    state.calls += 1;
    state.big = (state.big * 31n + BigInt(trade.tradeId)) % (1n << 90n);
    state.text = (state.text + state.limits.words[state.calls % 3]).slice(-7);
    state.self.ring[state.calls % 16] += trade.price * ctx.random();
    state.averages[0].push(trade.price);
    state.fast.push(trade.qty + state.bytes[state.calls % 24]);
    if (state.orders.size < state.limits.open && ctx.random() < 0.3) {
      const side = ctx.random() < 0.5 ? "buy" : "sell";
      const away = (state.bytes[3] % 8) * 0.01 * (side === "buy" ? -1 : 1);
      const id = ctx.submit({ side, qty: ctx.params.qty * (1 + (state.calls % 3)), price: trade.price + away });
      if (id !== 0) state.orders.set(id, { side, at: ctx.timeUs, order: state.orders });
    }
  },
  onQuote(ctx, state, quote) { state.bare.seen += quote.bidQty; },
  onBook(ctx, state, book) {
    state.queue.push({ mid: book.mid, was: state.queue[state.queue.length - 1] === undefined ? null : 1 });
    if (state.queue.length > 12) state.queue.shift();
    const [oldest] = state.orders.keys();
    if (oldest !== undefined && ctx.random() < 0.1) ctx.cancel(oldest);
  },
  onOrder(ctx, state, order) {
    if (!ctx.isWorking(order.id)) state.ended.add(order.id);
    state.orders.delete(order.id);
  },
  onFill(ctx, state, fill) { state.calls += fill.qty > 0.01 ? 2 : 1; },
  onTimer(ctx, state, timer) {
    let sum = 0;
    for (const value of state.ring) sum += value;
    const words = [timer.name, state.calls, state.big, state.text, sum, state.fast.value, state.moments.variance];
    ctx.log.info(words.concat([...state.orders.keys()], [...state.ended].slice(-5), state.bare.seen).join(" "));
    ctx.log.debug(JSON.stringify(state.queue) + (state.self === state) + Object.isFrozen(state.limits));
  },
};`;

/** Throws now and then, so that it is off for most of a run. */
export const THROWER = `exports.default = {
  id: "thrower",
  subscribe: ["trades:${ETH.id}"],
  init: () => ({ left: 40 }),
  onTrade(ctx, state) { state.left -= 1; if (state.left === 0) throw new Error("forty trades are enough"); },
};`;

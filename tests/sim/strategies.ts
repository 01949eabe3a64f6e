/**
 * The strategies of a run: the two that users are given, bundled as for them, and hostile ones that do what a broken
 * strategy would. Hostile ones are CommonJS texts; all of them run in the real realm.
 */
import { createHash } from "node:crypto";

const MARKET = '"book:BTC/USDT.BINANCE", "trades:BTC/USDT.BINANCE"';

const HOSTILE: Readonly<Record<string, string>> = {
  /** Sends as many orders as it may, far too often. */
  "order-storm": `
    subscribe: [${MARKET}],
    onBook(ctx, state, book) {
      if (ctx.random() > 0.3) return;
      const count = Math.floor(ctx.random() * 20);
      for (let sent = 0; sent < count; sent += 1) {
        const side = ctx.random() < 0.5 ? "buy" : "sell";
        const away = ctx.random() * 3 - 0.3;
        const price = side === "buy" ? book.bestBid - away : book.bestAsk + away;
        const timeInForce = ["gtc", "ioc", "post-only"][Math.floor(ctx.random() * 3)];
        ctx.submit({ side, qty: 0.001 * (1 + Math.floor(ctx.random() * 8)), price, timeInForce });
      }
    },`,
  /** Sends and cancels at once, cancels twice, cancels what is gone and what never was. */
  "cancel-storm": `
    subscribe: [${MARKET}],
    init: () => ({ orders: [] }),
    onTrade(ctx, state, trade) {
      const side = ctx.random() < 0.5 ? "buy" : "sell";
      const price = side === "buy" ? trade.price - ctx.random() : trade.price + ctx.random();
      if (state.orders.length < 40) {
        const order = ctx.submit({ side, qty: "0.004", price });
        if (order > 0) state.orders.push(order);
        if (ctx.random() < 0.3) ctx.cancel(order);
      }
      if (ctx.random() < 0.5) for (const order of state.orders) ctx.cancel(order);
      if (ctx.random() < 0.3) ctx.cancel(Math.floor(ctx.random() * 100000));
      state.orders = state.orders.filter((order) => ctx.isWorking(order));
    },
    onOrder(ctx, state, order) { if (ctx.random() < 0.1) ctx.cancel(order.id); },`,
  /** Trades with itself: both sides at one price, and market orders both ways. */
  "self-cross": `
    subscribe: ["book:ETH/USDT.BINANCE", "timer:1s"],
    onBook(ctx, state, book) {
      if (ctx.random() > 0.15) return;
      ctx.submit({ side: "buy", qty: 0.02, price: book.mid });
      ctx.submit({ side: "sell", qty: 0.02, price: book.mid });
      ctx.submit({ side: ctx.random() < 0.5 ? "buy" : "sell", qty: 0.01 });
    },
    onTimer(ctx) {
      const { qty } = ctx.position;
      if (qty !== 0) ctx.submit({ side: qty > 0 ? "sell" : "buy", qty: Math.abs(qty) });
    },`,
  /** Asks for nothing, for too much, and at prices that cannot be. */
  "zero-quantity": `
    subscribe: [${MARKET}],
    onTrade(ctx, state, trade) {
      const qty = [0, 0.0001, 0.0009999, 0.001, 1e6, 9e15][Math.floor(ctx.random() * 6)];
      const price = [0, 0.001, trade.price, 1e9, 2.2e7][Math.floor(ctx.random() * 5)];
      ctx.submit({ side: "buy", qty, price });
    },`,
  /** Throws when it is filled, with orders open. */
  thrower: `
    subscribe: [${MARKET}],
    onBook(ctx, state, book) {
      if (ctx.random() < 0.1) ctx.submit({ side: "buy", qty: 0.01, price: book.bestBid, timeInForce: "post-only" });
      if (ctx.random() < 0.02) ctx.submit({ side: "sell", qty: 0.01, price: book.bestBid });
    },
    onFill() { throw new Error("thrown on purpose"); },`,
  /** Keeps a great deal in its state, nested, in every shape that is allowed. */
  "state-monster": `
    subscribe: [${MARKET}],
    init: (ctx) => ({
      list: [], map: new Map(), set: new Set(), view: new Float64Array(64), ema: ctx.ta.ema(7), deep: {},
    }),
    onTrade(ctx, state, trade) {
      state.list.push({ price: trade.price, text: String(trade.qty), flag: ctx.random() < 0.5, none: null });
      if (state.list.length > 200) state.list.splice(0, 100);
      state.map.set(state.list.length, [trade.price, { of: state.set.size }]);
      state.set.add(Math.floor(ctx.random() * 500));
      state.view[Math.floor(ctx.random() * 64)] = state.ema.push(trade.price);
      state.deep = { deeper: { deepest: { price: trade.price, infinity: Infinity, nan: NaN, minus: -0 } } };
      if (ctx.random() < 0.05) ctx.submit({ side: ctx.random() < 0.5 ? "buy" : "sell", qty: 0.002 });
    },`,
};

export interface StrategyText {
  readonly id: string;
  readonly bundle: string;
  readonly text: string;
}

/** Texts of all strategies by id; `bundled` are those of users, made by the bundler. */
export function strategyTexts(bundled: ReadonlyMap<string, string>): ReadonlyMap<string, StrategyText> {
  const hostile = Object.entries(HOSTILE).map(
    ([id, body]) => [id, `module.exports.default = { id: "${id}", params: {},${body}\n};\n`] as const,
  );
  return new Map([...bundled, ...hostile].map(([id, text]) => [id, { id, text, bundle: sha256(text) }]));
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Reads a strategy's subscriptions, such as `trades:BTC/USDT.BINANCE` or `timer:5s`. */
import { ConfigError } from "../assert.js";
import type { Instrument } from "../instrument.js";

export type MarketTopic = "trades" | "quotes" | "book";

export type Subscription =
  | { readonly kind: "market"; readonly topic: MarketTopic; readonly instrument: Instrument }
  | { readonly kind: "timer"; readonly name: string; readonly intervalUs: number };

const UNIT_US: Readonly<Record<string, number>> = { ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

export function parseSubscription(
  text: string,
  instruments: ReadonlyMap<string, Instrument>,
  strategy: string,
): Subscription {
  const [, topic, rest] = /^(\w+):(.+)$/.exec(text) ?? [];
  if (topic === "timer") return parseTimer(rest, strategy);
  if (topic === "trades" || topic === "quotes" || topic === "book") {
    const instrument = instruments.get(rest);
    if (instrument) return { kind: "market", topic, instrument };
    const known = [...instruments.keys()].join(", ");
    throw new ConfigError(`strategy ${strategy} subscribes to ${text}, but the instruments are ${known}`);
  }
  throw new ConfigError(
    `strategy ${strategy}: cannot subscribe to "${text}"; there are trades:ID, quotes:ID, book:ID and timer:5s`,
  );
}

function parseTimer(name: string, strategy: string): Subscription {
  const match = /^(\d{1,6})(ms|s|m|h)$/.exec(name);
  const intervalUs = match ? Number(match[1]) * UNIT_US[match[2]] : 0;
  if (intervalUs < 1_000) {
    throw new ConfigError(
      `strategy ${strategy}: a timer is a number and ms, s, m or h, such as timer:5s; was timer:${name}`,
    );
  }
  return { kind: "timer", name, intervalUs };
}

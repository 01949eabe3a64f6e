/**
 * Engines that differ in one number: how many instruments, strategies or subscriptions there are. What they are given
 * to do is the same, and so is how often a strategy is called.
 */
import { Engine, type EngineConfig, type InstrumentSpec, loadStrategy, MemoryLog } from "../../engine/index.js";
import { createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { SPECS } from "../decode/frames.js";

export const SERIES = ["instruments", "strategies", "subscriptions"] as const;
export type Series = (typeof SERIES)[number];

const RISK = { maxPosition: "9000000", maxOrderValue: "9000000", maxDailyLoss: "9000000" };
const PAPER = { orderLatencyUs: 500, reportLatencyUs: 500 };
const LOTS_PER_ORDER = 0.001;

export interface Grown {
  readonly engine: Engine;
  /** How many instruments the market's messages are about. */
  readonly busy: number;
}

/** An engine of `count` of what the series counts, and few of everything else. */
export function grownEngine(series: Series, count: number): Grown {
  const busy = series === "strategies" ? 1 : count;
  // One instrument more, of which nothing is ever heard.
  const specs = specsOf(busy + 1);
  const quiet = specs[busy].id;
  const texts = textsOf(series, count, specs.slice(0, busy), quiet);
  const math = createMathCore({ arenaCapacity: 16 * 1024 * 1024 });
  const strategies = texts.map((text, index) => loadStrategy(text, `s${index}`, createDeterministicMath(math)));
  const config: EngineConfig = {
    ...{ format: 1, currency: "USDT", seed: 1, instruments: specs, risk: RISK, paper: PAPER },
    strategies: texts.map((_, index) => ({ id: `s${index}`, bundle: "", params: {} })),
  };
  return { engine: new Engine({ config, math, strategies, log: new MemoryLog(() => {}) }), busy };
}

function textsOf(series: Series, count: number, busy: readonly InstrumentSpec[], quiet: string): string[] {
  if (series === "instruments") return [strategyText([quiet], false)];
  if (series === "subscriptions")
    return [
      strategyText(
        busy.map(({ id }) => id),
        false,
      ),
    ];
  // The first is at work and trades; the others wait for a market that never moves.
  return [
    strategyText(
      busy.map(({ id }) => id),
      true,
    ),
    ...new Array(count - 1).fill(strategyText([quiet], false)),
  ];
}

/** It looks at everything it hears; when it trades, at every hundredth trade. */
function strategyText(ids: readonly string[], trades: boolean): string {
  const topics = ids.flatMap((id) => [`trades:${id}`, `quotes:${id}`, `book:${id}`]);
  return `
const BUY = { side: "buy", qty: ${LOTS_PER_ORDER} };
const SELL = { side: "sell", qty: ${LOTS_PER_ORDER} };
exports.default = {
  id: "s",
  subscribe: ${JSON.stringify([...topics, "timer:1h"])},
  init: (ctx) => ({ average: ctx.ta.ema(20), seen: 0 }),
  onTrade(ctx, state, trade) {
    state.average.push(trade.price);
    state.seen += 1;
    ${trades ? "if (state.seen % 100 === 0) ctx.submit(state.seen % 200 === 0 ? SELL : BUY);" : ""}
  },
  onQuote(ctx, state, quote) { if (quote.ask > quote.bid) state.seen += 1; },
  onBook(ctx, state, book) { if (book.imbalance(5) > 0) state.seen += 1; },
};`;
}

const specsOf = (count: number): InstrumentSpec[] =>
  Array.from({ length: count }, (_, index) => ({
    ...SPECS[0],
    id: `C${index}/USDT.BINANCE`,
    venueSymbol: `C${index}USDT`,
  }));

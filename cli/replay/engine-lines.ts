/** An engine's state as lines for a terminal; the order is from what matters most to what is longest. */
import type { EngineReport } from "./engine-report.js";
import { cents } from "./money-text.js";
import { type Plain, plainText } from "./plain-value.js";
import { order } from "./record-line.js";

export function engineLines(report: EngineReport): string[] {
  return [
    ...head(report),
    ...report.instruments.flatMap(instrument),
    ...section("positions", report.positions.map(position)),
    ...section("orders at work", report.orders.working.map(workingOrder)),
    ...section("timers", report.timers.map(timer)),
    ...report.strategies.flatMap(strategy),
    "",
    `state hash ${report.stateHash}`,
  ];
}

function head({ sequence, time, epoch, mode, stopped, trading, ...report }: EngineReport): string[] {
  const { currency, orders } = report;
  const why = trading.reason === "none" ? "" : ` (${trading.reason})`;
  const then = "resumesAs" in trading ? `, then ${trading.resumesAs}` : "";
  return [
    `#${sequence}   ${time}   life ${epoch}   ${mode}${stopped ? "   stopped" : ""}`,
    `trading ${trading.state}${why}${then}`,
    `P&L ${cents(report.pnl)} ${currency}   today ${cents(report.dayPnl)}   fees ${cents(report.fees)}`,
    `orders ${orders.sent} sent, ${orders.working.length} at work, ${orders.unknown} unknown   fills ${report.fills}`,
  ];
}

function instrument({ id, feed, bid, bidQty, ask, askQty, last, book }: EngineReport["instruments"][number]): string[] {
  const quote = `bid ${price(bid)} × ${bidQty}   ask ${price(ask)} × ${askQty}   last ${price(last)}`;
  const levels = Math.max(book.bids.length, book.asks.length);
  const rows = Array.from({ length: levels }, (_, depth) => {
    const [bidPrice = "", bidLots = ""] = book.bids[depth] ?? [];
    const [askPrice = "", askLots = ""] = book.asks[depth] ?? [];
    return `  ${bidLots.padStart(14)} ${bidPrice.padStart(12)} | ${askPrice.padEnd(12)} ${askLots}`.trimEnd();
  });
  const known = `  book at update ${book.updateId}: ${book.bidLevels} bids, ${book.askLevels} asks`;
  return ["", `${id}   feed ${feed}   ${quote}`, known, ...rows];
}

function position(held: EngineReport["positions"][number]): string {
  const at = held.averagePrice === null ? "" : ` at ${held.averagePrice}`;
  return (
    `${held.strategy}   ${held.instrument}   ${held.position}${at}   unrealised ${cents(held.unrealised)}   ` +
    `realised ${cents(held.realised)}   fees ${cents(held.fees)}   P&L ${cents(held.pnl)}`
  );
}

const workingOrder = (working: EngineReport["orders"]["working"][number]): string =>
  `${working.orderId} (${working.venueText})   ${working.strategy}   ${order(working)}   ${working.status}, ` +
  `filled ${working.filledQty}`;

const timer = ({ strategy, name, next, fired }: EngineReport["timers"][number]): string =>
  `${strategy} ${name}   next ${next ?? "with the first input"}   last ${fired ?? "never"}`;

function strategy({ id, enabled, bundle, params, state }: EngineReport["strategies"][number]): string[] {
  const runs = enabled ? "on" : "SWITCHED OFF";
  const title = `strategy ${id}   ${runs}   code ${bundle.slice(0, 8)}   ${plainText(params)}`;
  return ["", title, ...stateLines(state).map((line) => `  ${line}`)];
}

function stateLines(state: Plain): string[] {
  const isObject = typeof state === "object" && state !== null && !Array.isArray(state);
  if (!isObject || "indicator" in state || "probabilities" in state) return state === null ? [] : [plainText(state)];
  const entries = Object.entries(state);
  const width = Math.max(0, ...entries.map(([key]) => key.length));
  return entries.map(([key, value]) => `${key.padEnd(width)}  ${plainText(value)}`);
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];

const price = (text: string | null): string => text ?? "none";

/** What is said of a value that a strategy's state may not hold: what it is, and what to keep instead. */
import { BookView, OrderView, PositionView, QuoteView, TimerView, TradeView } from "./views.js";

const VIEWS = [TradeView, QuoteView, BookView, PositionView, OrderView, TimerView] as const;

export function refusalOf(value: unknown): string {
  if (typeof value === "function") return "is a function: keep data, and name functions in the file";
  if (typeof value === "symbol") return "is a symbol: use a text";
  if (typeof value !== "object" || value === null) return `is of type ${typeof value}: keep plain data`;
  const name = nameOf(value);
  if (name === "a StrategyContext") return "is ctx itself: every handler is given it";
  if (VIEWS.some((view) => value instanceof view)) return `is ${name}, which is reused: copy what you want to keep`;
  if (typeof (value as { then?: unknown }).then === "function") return "is a promise: handlers are synchronous";
  return `is ${name}, which is no plain data: keep its fields in a plain object`;
}

/** The name of its class with its article. */
function nameOf(value: object): string {
  const { constructor: maker } = value as { constructor?: unknown };
  const name = typeof maker === "function" && maker.name !== "" ? maker.name : "object of some class";
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

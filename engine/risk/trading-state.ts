/** Moves between trading states, and the daily loss that halts trading. Only an operator clears a halt. */
import { TradingReason, TradingState } from "../../schemas/index.js";
import { emitTradingState } from "../emit.js";
import type { Engine } from "../engine.js";

const DAY_US = 86_400_000_000;

export function moveTradingState(engine: Engine, state: number, reason: number): void {
  const previous = engine.risk.state;
  if (state === previous) return;
  if (previous === TradingState.Halted && reason !== TradingReason.Operator) return;
  engine.risk.state = state;
  emitTradingState(engine, state, previous, reason);
}

/** The first input of a day (UTC) fixes the profit against which the day's loss counts. */
export function startDay(engine: Engine): void {
  const day = Math.floor(engine.timeUs / DAY_US);
  if (day === engine.risk.day) return;
  engine.risk.day = day;
  engine.risk.dayStartMoney = engine.profitMoney();
}

/** The day's result so far, in money units; a loss is negative. */
export function dayProfitMoney(engine: Engine): number {
  return engine.profitMoney() - engine.risk.dayStartMoney;
}

/** Halts when the loss exceeds the limit: a loss of exactly the limit still trades. */
export function enforceDailyLoss(engine: Engine): void {
  if (engine.risk.state === TradingState.Halted) return;
  if (dayProfitMoney(engine) < -engine.risk.maxDailyLossMoney) {
    moveTradingState(engine, TradingState.Halted, TradingReason.DailyLoss);
  }
}

/**
 * Moves between trading states, the hold at the start of a life, and the daily loss that halts trading. A halt is
 * cleared by an operator alone; the hold, which is a halt too, ends when the venue has been asked and agrees.
 */
import { TradingReason, TradingState } from "../../schemas/index.js";
import { emitTradingState } from "../emit.js";
import { DAY_PROFIT_MONEY, type Engine, PROFIT_MONEY } from "../engine.js";

const DAY_US = 86_400_000_000;

/** An operator's word, or a limit's. While a life is held it is kept for the end of the hold, unless it is a halt. */
export function moveTradingState(engine: Engine, state: number, reason: number): void {
  const { risk } = engine;
  if (isHeld(engine) && state !== TradingState.Halted) return intend(engine, state, reason);
  if (risk.state === TradingState.Halted && !isHeld(engine) && reason !== TradingReason.Operator) return;
  change(engine, state, reason);
}

/** What the state is to be when the hold ends. */
export function intend({ risk }: Engine, state: number, reason: number): void {
  risk.resumeState = state;
  risk.resumeReason = reason;
}

/** Whether a life has begun and the venue has not been asked yet. */
export function isHeld({ risk }: Engine): boolean {
  return risk.state === TradingState.Halted && risk.reason === TradingReason.Recovery;
}

/** Halts until the venue has been asked; what the state was comes back then, a halt included. */
export function hold(engine: Engine): void {
  const { risk } = engine;
  if (!isHeld(engine)) {
    risk.resumeState = risk.state;
    risk.resumeReason = risk.reason;
  }
  change(engine, TradingState.Halted, TradingReason.Recovery);
}

/** The venue has been asked and agrees with us. */
export function endHold(engine: Engine): void {
  if (isHeld(engine)) change(engine, engine.risk.resumeState, engine.risk.resumeReason);
}

/** Suspends what is active; what is tighter already stays as it is. */
export function suspend(engine: Engine): void {
  const current = isHeld(engine) ? engine.risk.resumeState : engine.risk.state;
  if (current === TradingState.Active) moveTradingState(engine, TradingState.Suspended, TradingReason.Operator);
}

export function endSuspension(engine: Engine): void {
  const current = isHeld(engine) ? engine.risk.resumeState : engine.risk.state;
  if (current === TradingState.Suspended) moveTradingState(engine, TradingState.Active, TradingReason.Operator);
}

/** The first input of a day (UTC) fixes the profit against which the day's loss counts. */
export function startDay(engine: Engine): void {
  const day = Math.floor(engine.timeUs / DAY_US);
  if (day === engine.risk.day) return;
  engine.risk.day = day;
  engine.risk.dayStartMoney = engine.profitMoney();
}

/** Values the account: both slots of `engine.profit` are those of now. A loss is negative. */
export function valueAccount({ profit, positions, market, risk }: Engine): void {
  positions.valuation.profitInto(profit, PROFIT_MONEY, market);
  profit[DAY_PROFIT_MONEY] = profit[PROFIT_MONEY] - risk.dayStartMoney;
}

/** The day's result so far, in money units. */
export function dayProfitMoney(engine: Engine): number {
  valueAccount(engine);
  return engine.profit[DAY_PROFIT_MONEY];
}

/** Halts when the loss exceeds the limit: a loss of exactly the limit still trades. */
export function enforceDailyLoss(engine: Engine): void {
  if (engine.risk.state === TradingState.Halted) return;
  valueAccount(engine);
  if (engine.profit[DAY_PROFIT_MONEY] < -engine.risk.maxDailyLossMoney) {
    moveTradingState(engine, TradingState.Halted, TradingReason.DailyLoss);
  }
}

function change(engine: Engine, state: number, reason: number): void {
  const { risk } = engine;
  const previous = risk.state;
  if (state === previous && reason === risk.reason) return;
  risk.state = state;
  risk.reason = reason;
  emitTradingState(engine, state, previous, reason);
}

/** The limits in money units and what the risk gate remembers: the trading state and the day's start. */
import { TradingReason, TradingState } from "../../schemas/index.js";
import { ConfigError } from "../assert.js";
import type { RiskLimits } from "../config.js";
import { moneyFromText } from "../money.js";

export class RiskState {
  readonly maxPositionMoney: number;
  readonly maxOrderValueMoney: number;
  readonly maxDailyLossMoney: number;
  state: number = TradingState.Active;
  /** Why the state is what it is. */
  reason: number = TradingReason.None;
  /** While the venue is being asked at the start of a life: what the state becomes when it has answered. */
  resumeState: number = TradingState.Active;
  resumeReason: number = TradingReason.None;
  /** Days since the epoch, UTC; −1 before the first input. */
  day = -1;
  /** Profit at the start of the day, in money units. */
  dayStartMoney = 0;

  constructor(limits: RiskLimits) {
    this.maxPositionMoney = limit(limits.maxPosition, "risk.maxPosition");
    this.maxOrderValueMoney = limit(limits.maxOrderValue, "risk.maxOrderValue");
    this.maxDailyLossMoney = limit(limits.maxDailyLoss, "risk.maxDailyLoss");
  }
}

function limit(text: string, name: string): number {
  const money = moneyFromText(text);
  if (!(money > 0)) throw new ConfigError(`${name} must be a positive amount such as "500", was "${text}"`);
  return money;
}

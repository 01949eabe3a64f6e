/**
 * Shows the engine's figures to other threads, once a batch. Money is summed anew only when a fill or the clock may
 * have changed it: that is often enough for whoever looks, and it is the only part that is not a mere copy.
 */
import { DAY_PROFIT_MONEY, type Engine, PROFIT_MONEY, valueAccount } from "../../engine/index.js";
import { MessageType } from "../../schemas/index.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";

export class EngineCounters {
  private readonly engine: Engine;
  private readonly counters: Counters<CounterName>;
  private moneyShownAt = -1;
  /** Inputs of earlier lives, which are not this run's work. */
  private readonly before: number;

  constructor(engine: Engine, counters: Counters<CounterName>) {
    this.engine = engine;
    this.before = engine.sequence;
    this.counters = counters;
    counters.set("engine.arenaCapacityBytes", engine.math.arenaCapacity);
  }

  show(marketTaken: number): void {
    const { engine, counters } = this;
    const { written } = engine;
    counters.set("engine.inputs", engine.sequence - this.before);
    counters.set("engine.market", marketTaken);
    counters.set("engine.trades", written[MessageType.Trade] | 0);
    counters.set("engine.quotes", written[MessageType.Quote] | 0);
    counters.set("engine.orderEvents", written[MessageType.OrderEvent] | 0);
    counters.set("engine.positions", written[MessageType.Position] | 0);
    counters.set("engine.orders", engine.ordersSent);
    counters.set("engine.fills", engine.fills);
    counters.set("engine.state", engine.risk.state);
    counters.set("engine.arenaUsedBytes", engine.math.arenaUsed);
    const changes = (engine.fills + written[MessageType.Clock]) | 0;
    if (changes !== this.moneyShownAt || engine.stopped) this.showMoney(changes);
    if (engine.regimes.all.length > 0) this.showRegimes();
    if (engine.stopped) counters.set("engine.stopped", 1);
  }

  private showRegimes(): void {
    const { written, regimes } = this.engine;
    this.counters.set("models.requests", written[MessageType.ModelRequest] | 0);
    this.counters.set("models.refused", regimes.refused);
    this.counters.set("models.failed", regimes.failed);
  }

  private showMoney(changes: number): void {
    this.moneyShownAt = changes;
    valueAccount(this.engine);
    this.counters.setFrom("engine.profitMoney", this.engine.profit, PROFIT_MONEY);
    this.counters.setFrom("engine.dayProfitMoney", this.engine.profit, DAY_PROFIT_MONEY);
  }
}

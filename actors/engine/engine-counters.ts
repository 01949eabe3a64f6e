/** Shows the engine's figures to other threads, once a batch. */
import { dayProfitMoney, type Engine } from "../../engine/index.js";
import { MessageType } from "../../schemas/index.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";

export function publishEngineCounters(engine: Engine, counters: Counters<CounterName>): void {
  const { written } = engine;
  counters.set("engine.inputs", engine.sequence);
  counters.set("engine.trades", written[MessageType.Trade]);
  counters.set("engine.quotes", written[MessageType.Quote]);
  counters.set("engine.orderEvents", written[MessageType.OrderEvent]);
  counters.set("engine.positions", written[MessageType.Position]);
  counters.set("engine.orders", engine.ordersSent);
  counters.set("engine.fills", engine.fills);
  counters.set("engine.state", engine.risk.state);
  counters.set("engine.timeUs", engine.timeUs);
  counters.set("engine.profitMoney", engine.profitMoney());
  counters.set("engine.dayProfitMoney", dayProfitMoney(engine));
}

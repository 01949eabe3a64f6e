/** `sluice backtest`: runs a tape's market data through the engine with the simulated venue inline. */
import { createHash } from "node:crypto";
import { readSegments } from "../actors/journal/journal-directory.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import { type EngineConfig, formatHash, formatMoney, type OnLogged, stateHash } from "../engine/index.js";
import { backtest } from "../research/backtest.js";
import { MessageType } from "../schemas/index.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { type Output, plural } from "./output.js";
import { withProgress } from "./progress.js";
import { bundleStrategies } from "./strategies.js";

export interface BacktestCommandOptions {
  /** Strategy files in place of the tape's own. */
  readonly strategy: readonly string[];
  readonly params: Readonly<Record<string, string>>;
  readonly json: boolean;
}

/** Records that say what was ordered and what came of it. */
const TRADING: ReadonlySet<number> = new Set([
  MessageType.SubmitOrder,
  MessageType.CancelOrder,
  MessageType.OrderReport,
  MessageType.FillReport,
  MessageType.OrderEvent,
  MessageType.Fill,
  MessageType.Position,
]);

export async function runBacktest(directory: string, options: BacktestCommandOptions, output: Output): Promise<void> {
  const math = createMathCore();
  const bundled = await bundleStrategies(options.strategy, options.params, math);
  const replaced = bundled.length > 0;
  const configure = (config: EngineConfig) => ({ ...config, strategies: bundled.map((each) => each.config) });
  const trades = createHash("sha256");
  const onLogged: OnLogged = (type, _timeUs, views, at, bytes) => {
    if (TRADING.has(type)) trades.update(views.u8.subarray(at + 4, at + bytes));
  };
  const startedMs = performance.now();
  const { engine, tape } = backtest({
    tape: withProgress(readSegments(directory), directory, "backtest", options.json ? null : output),
    crc32c: createCrc32c(),
    math,
    load: replaced ? () => bundled.map(({ definition }) => definition) : recordedStrategies(directory),
    configure: replaced ? configure : undefined,
    onLogged,
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const result = {
    tape: directory,
    strategies: engine.strategies.map(({ id }) => id),
    stateHash: formatHash(stateHash(engine)),
    tradesHash: trades.digest("hex"),
    inputs: engine.sequence,
    orders: { sent: engine.ordersSent },
    fills: { count: engine.fills },
    pnl: formatMoney(engine.profitMoney()),
    currency: engine.config.currency,
    ending: tape.ending,
    seconds: Number(seconds.toFixed(3)),
  };
  if (options.json) return output.json(result);
  output.line(`SIMULATED   backtest of ${result.strategies.join(", ")} on ${directory}`);
  output.line(`${plural(engine.sequence, "input")} in ${seconds.toFixed(2)} s`);
  output.line(
    `orders ${engine.ordersSent}   fills ${engine.fills}   P&L ${result.pnl} ${result.currency}, fees included`,
  );
  output.line(`orders and fills ${result.tradesHash}`);
  output.line(`state hash ${result.stateHash}`);
}

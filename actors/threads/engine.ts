/** The engine's thread: everything is loaded here, before the loop, because nothing asynchronous ever settles in it. */
import { workerData } from "node:worker_threads";
import { Engine, type EngineConfig, loadStrategy } from "../../engine/index.js";
import { createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { makeStamp } from "../clock.js";
import { EngineAgent } from "../engine/engine-agent.js";
import { warmUp } from "../engine/warm-up.js";
import { PaperGate } from "../paper/paper-gate.js";
import { logSlot } from "../topology.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface EngineThreadData extends ThreadData {
  readonly config: EngineConfig;
  /** Text of each strategy's bundle, in the configuration's order. */
  readonly bundles: readonly string[];
}

const data = workerData as EngineThreadData;
const context = new ThreadContext("engine", data);
const math = createMathCore();
const strategyMath = createDeterministicMath(math);
const log = context.logWriter();
const strategies = data.bundles.map((text, index) =>
  loadStrategy(text, data.config.strategies[index].id, strategyMath),
);
const engine = new Engine({ config: data.config, math, strategies, log });
const agent = new EngineAgent({
  engine,
  log,
  market: context.consumer("market"),
  control: context.consumer("control"),
  reports: context.consumer("report"),
  gate: new PaperGate(log, logSlot("venue"), data.config.paper.reportLatencyUs),
  followers: [context.controls.venue.doorbell, context.controls.journal.doorbell, context.controls.main.doorbell],
  stamp: makeStamp(data.clock),
  counters: context.counters,
  latency: {
    decode: context.histograms["socket→decode"],
    ring: context.histograms["decode→engine"],
    engine: context.histograms.engine,
    tickToOrder: context.histograms["tick→order"],
  },
});
warmUp(data.config, data.clock);
reportReady();
runBlocking([agent], context.control, context.idle, context.recordError);

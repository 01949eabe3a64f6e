/**
 * The engine's thread. It recovers what earlier lives left, says what that was, and goes on from there; everything is
 * loaded before the loop, because nothing asynchronous ever settles in it.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { EngineConfig, TornEnd } from "../../engine/index.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { SnapshotKeeper } from "../archive/snapshot-keeper.js";
import { makeStamp } from "../clock.js";
import { NodeDisk } from "../disk/node-disk.js";
import { completeInput } from "../engine/complete-input.js";
import { EngineAgent } from "../engine/engine-agent.js";
import { warmUp } from "../engine/warm-up.js";
import { PaperGate } from "../paper/paper-gate.js";
import { type NextLife, nextLife } from "../recovery/next-life.js";
import { recordedStrategies } from "../recovery/recorded-strategies.js";
import { recover } from "../recovery/recover.js";
import { whatToAsk } from "../recovery/what-to-ask.js";
import { logSlot } from "../topology.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface EngineThreadData extends ThreadData {
  readonly config: EngineConfig;
  readonly directory: string;
  /** Whether orders go to the simulated venue. */
  readonly simulated: boolean;
}

/** What the thread says before it is ready. */
export interface RecoveredMessage {
  readonly type: "recovered";
  readonly life: Omit<NextLife, "engine">;
  /** What this life runs with: what was asked for, every strategy in its place of old. */
  readonly config: EngineConfig;
  /** Of the newest recorded input, microseconds since the epoch; 0 without one. */
  readonly timeUs: number;
  readonly sequence: number;
  readonly nextSegment: number;
  readonly crc: number;
  /** Sequence of the snapshot that was restored; 0 without one. */
  readonly snapshot: number;
  /** Inputs applied after it. */
  readonly inputs: number;
  /** Outputs of the newest input that the journal did not have. */
  readonly completed: number;
  readonly torn: TornEnd | null;
  readonly elapsedMs: number;
  readonly recovery: Recovery;
}

const data = workerData as EngineThreadData;
const context = new ThreadContext("engine", data);
const log = context.logWriter();
const startedMs = performance.now();
const disk = new NodeDisk();
const crc32c = createCrc32c();
const { directory, buildHash } = data;
const snapshots = new SnapshotKeeper({
  ...{ disk, directory, crc32c, buildHash },
  onPassedOver: ({ path, why }) => context.recordError(new Error(`${path} is passed over: ${why}`), "recovery"),
});
const recovered = recover({
  ...{ disk, directory, crc32c, buildHash },
  restore: (execution) => snapshots.restoreNewest(execution),
  onLeft: (why) => context.recordError(new Error(why), "recovery"),
  makeCore: createMathCore,
  load: recordedStrategies(directory, disk),
  running: context.running,
  onFault: (strategy, error) => context.recordError(error, `strategy ${strategy}`),
});
const life = nextLife(recovered, data.config);
const { engine } = life;
const completed = completeInput(recovered.execution.replayer, log);
engine.logTo(log);
parentPort?.postMessage(report());

const agent = new EngineAgent({
  engine,
  log,
  market: context.consumer("market"),
  control: context.consumer("control"),
  reports: context.consumer("report"),
  gate: data.simulated ? new PaperGate(log, logSlot("venue"), data.config.paper.reportLatencyUs) : null,
  followers: [
    data.simulated ? context.controls.venue.doorbell : context.controls.gateway.doorbell,
    context.controls.journal.doorbell,
    context.controls.main.doorbell,
  ],
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

function report(): RecoveredMessage {
  const { epoch, start, changes } = life;
  const { nextSegment, crc, snapshot, inputs, torn } = recovered;
  return {
    type: "recovered",
    life: { epoch, start, changes },
    config: engine.config,
    ...{ timeUs: engine.timeUs, sequence: engine.sequence, nextSegment, crc, snapshot, inputs, completed, torn },
    elapsedMs: performance.now() - startedMs,
    recovery: whatToAsk(engine, epoch),
  };
}

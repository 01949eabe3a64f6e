/**
 * The engine on its thread. It recovers what earlier lives left, says what that was, and goes on from there; everything
 * is loaded before the loop, because nothing asynchronous ever settles in it.
 */
import type { Engine, EngineConfig, TornEnd } from "../../engine/index.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import { SnapshotKeeper } from "../archive/snapshot-keeper.js";
import { makeStampClock } from "../clock.js";
import { NodeDisk } from "../disk/node-disk.js";
import { completeInput } from "../engine/complete-input.js";
import { EngineAgent } from "../engine/engine-agent.js";
import { warmUp } from "../engine/warm-up.js";
import { PaperGate } from "../paper/paper-gate.js";
import { type NextLife, nextLife } from "../recovery/next-life.js";
import { recordedStrategies } from "../recovery/recorded-strategies.js";
import { type Recovered, recover } from "../recovery/recover.js";
import { whatToAsk } from "../recovery/what-to-ask.js";
import type { LogWriter } from "../ring/log-ring.js";
import { logSlot } from "../topology.js";
import type { Hosted, Surroundings } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

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

export function start(context: ThreadContext, data: EngineThreadData, { port }: Surroundings): Hosted {
  const startedMs = performance.now();
  const log = context.logWriter();
  const recovered = recovery(context, data);
  const life = nextLife(recovered, data.config);
  const completed = completeInput(recovered.execution.replayer, log);
  life.engine.logTo(log);
  port.postMessage(report(recovered, life, completed, performance.now() - startedMs));
  const agent = engineAgent(context, data, life.engine, log);
  warmUp(data.config, data.clock);
  return { agent };
}

function recovery(context: ThreadContext, { directory, buildHash }: EngineThreadData): Recovered {
  const disk = new NodeDisk();
  const crc32c = createCrc32c();
  const snapshots = new SnapshotKeeper({
    ...{ disk, directory, crc32c, buildHash },
    onPassedOver: ({ path, why }) => context.recordError(new Error(`${path} is passed over: ${why}`), "recovery"),
  });
  return recover({
    ...{ disk, directory, crc32c, buildHash },
    restore: (execution) => snapshots.restoreNewest(execution),
    onLeft: (why) => context.recordError(new Error(why), "recovery"),
    makeCore: createMathCore,
    load: recordedStrategies(directory, disk),
    running: context.running,
    onFault: (strategy, error) => context.recordError(error, `strategy ${strategy}`),
  });
}

function engineAgent(context: ThreadContext, data: EngineThreadData, engine: Engine, log: LogWriter): EngineAgent {
  return new EngineAgent({
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
    counters: context.counters,
    latency: {
      histograms: context.histograms,
      commands: context.stampWriter("commands"),
      clock: makeStampClock(data.clock),
    },
  });
}

function report(recovered: Recovered, life: NextLife, completed: number, elapsedMs: number): RecoveredMessage {
  const { epoch, start, changes, engine } = life;
  const { nextSegment, crc, snapshot, inputs, torn } = recovered;
  return {
    type: "recovered",
    life: { epoch, start, changes },
    config: engine.config,
    ...{ timeUs: engine.timeUs, sequence: engine.sequence, nextSegment, crc, snapshot, inputs, completed, torn },
    elapsedMs,
    recovery: whatToAsk(engine, epoch),
  };
}

/**
 * What a message leaves for the garbage collector: frame bytes through decoder, rings and engine to the command in the
 * log, on the two threads of a real run and in one thread by hand, as fast as they go. The journal and the venue are
 * played by the thread that decodes.
 */
import assert from "node:assert/strict";
import { nextMessage, startBuiltWorker } from "../built-worker.js";
import type { Garbage } from "../fabric/garbage.js";
import { type Goal, judgeFigure } from "../goal.js";
import type { FloodPlan } from "../tick-to-order/feeder-thread.js";
import { fed } from "../tick-to-order/rig.js";
import { makeTape } from "../tick-to-order/tape.js";
import type { PipelineThreadData } from "./pipeline-thread.js";

export interface GarbagePlan {
  readonly threaded: FloodPlan;
  readonly single: FloodPlan;
}

export interface GarbageRow {
  /** Whose heap. */
  readonly thread: string;
  readonly messages: number;
  readonly orders: number;
  readonly garbage: Garbage;
  readonly bytesPerMessage: number;
  readonly nsPerMessage: number;
  /** Tries: V8's compiler may still be at work in a window. */
  readonly windows: number;
}

export interface GarbageResult {
  readonly plan: GarbagePlan;
  readonly rows: readonly GarbageRow[];
}

/** What the profiler itself, and V8 by its compiling, leave in a window. */
const BYTES_A_MESSAGE_MAX = 0.2;

export async function measureGarbage(plan: GarbagePlan, note: (text: string) => void): Promise<GarbageResult> {
  const tape = makeTape();
  note(`garbage: ${plan.threaded.frames} frames through two threads`);
  const warmUp = { framesPerSecond: 50_000, frames: 25_000 };
  const { flood } = await fed("dedicated", 0, tape, { warmUp, flood: plan.threaded });
  const { messages, orders, ordersDue, dropped, windows, achievedPerSecond, engineGarbage, feederGarbage } = flood!;
  assert.deepEqual([dropped, orders], [0, ordersDue], "no frame was dropped and every trade led to an order");
  const rowOf = (thread: string, garbage: Garbage): GarbageRow => ({
    ...{ thread, messages, orders, garbage, windows },
    bytesPerMessage: garbage.allocatedBytes / messages,
    nsPerMessage: 1e9 / achievedPerSecond,
  });
  note(`garbage: ${plan.single.frames} frames through one thread`);
  const single = await inOneThread({ tape, plan: plan.single });
  return { plan, rows: [rowOf("engine", engineGarbage), rowOf("decoder", feederGarbage), single] };
}

export function goalsOfGarbage({ rows }: GarbageResult): Goal[] {
  return rows.flatMap(({ thread, messages, garbage, bytesPerMessage }) => {
    const row = (what: string): string => `${thread}, ${(messages / 1e6).toFixed(1)} million messages: ${what}`;
    return [
      judgeFigure({ id: "G3", row: row("scavenges"), goal: 0, better: "lower" }, garbage.scavenges),
      judgeFigure(
        { id: "G3", row: row("bytes a message"), goal: BYTES_A_MESSAGE_MAX, better: "lower" },
        bytesPerMessage,
      ),
    ];
  });
}

async function inOneThread(workerData: PipelineThreadData): Promise<GarbageRow> {
  const worker = startBuiltWorker("garbage/pipeline-thread.js", { workerData, name: "bench-pipeline" });
  try {
    return await nextMessage<GarbageRow>(worker);
  } finally {
    await worker.terminate();
  }
}

/**
 * What a message costs: nanoseconds to write it into a ring's slot and to read all its fields in place, the bytes that
 * this allocates, and the same by the stock FlatBuffers library. Rounds of the micro-benchmark runner are interleaved;
 * every loop adds up what it went through, and all sums over the same messages must agree in every round.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import Benchmark from "benchmark";
import { control, type NegativeControl, ratioOf } from "../statistics.js";
import { allocatedBytes } from "./allocation.js";
import { LEVELS, type MessageCase, messageCases } from "./cases.js";
import { type Loop, type Loops, loopsOf } from "./loops.js";

export interface MessagesPlan {
  readonly rounds: number;
  /** Of one loop in one round, at least. */
  readonly roundMs: number;
}

export interface MessageRow {
  readonly message: string;
  readonly operation: "write" | "read";
  readonly levels: number;
  /** Median over the rounds, with the ends of its 95 % interval. */
  readonly ns: number;
  readonly lowNs: number;
  readonly highNs: number;
  readonly budgetNs: number;
  /** Whether the interval's bad end is within the budget. */
  readonly met: boolean;
  /** Null when it could not be told. */
  readonly bytesPerMessage: number | null;
  readonly stockNs: number;
  readonly stockBytesPerMessage: number | null;
}

export interface MessagesResult {
  readonly plan: MessagesPlan;
  readonly rows: readonly MessageRow[];
  readonly controls: readonly NegativeControl[];
}

export const WRITE_BUDGET_NS = 15;
export const READ_BUDGET_NS = 10;
/** Of a message with twenty levels, levels included. */
export const LEVELS_BUDGET_NS = 100;
/** Messages in one call of a loop. In long calls V8 replaces the loop while it runs and never compiles it for good. */
const BATCH = 100;
const WARM_TURNS = 6;
const WARM_CALLS = 200;
const WARM_PAUSE_MS = 10;
const ALLOCATION_CALLS = 100;
const ALLOCATION_TRIES = 3;
const CONTROL_MESSAGE = "Trade";

export async function measureMessages(
  plan: MessagesPlan,
  note: (text: string) => void,
  cases = messageCases(),
): Promise<MessagesResult> {
  const rows: MessageRow[] = [];
  const controls: NegativeControl[] = [];
  for (const [index, message] of cases.entries()) {
    note(`messages: ${message.name}, ${index + 1} of ${cases.length}`);
    const isControl = message.name === CONTROL_MESSAGE;
    const { slowed, ...loops } = loopsOf(message);
    const costs = await measureLoops(isControl ? { slowed, ...loops } : loops, plan);
    rows.push(
      rowOf(message, "write", loops.write, loops.build, costs),
      rowOf(message, "read", loops.read, loops.access, costs),
    );
    if (isControl) controls.push(control(`read ${message.name}, each 64 times`, costs.slowed, costs.read));
  }
  return { plan, rows, controls };
}

type Costs = Readonly<Record<keyof Loops, number[]>>;

/** Nanoseconds a message by loop and round. */
async function measureLoops(loops: Partial<Loops>, { rounds, roundMs }: MessagesPlan): Promise<Costs> {
  const entries = Object.entries(loops) as [keyof Loops, Loop][];
  await warmUp(entries.map(([, loop]) => loop));
  const costs: Costs = { write: [], read: [], build: [], access: [], slowed: [] };
  const counts = new Map<keyof Loops, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, loop] of entries) {
      const { ns, count } = runOnce(loop, roundMs, counts.get(name) ?? 1);
      costs[name].push(ns);
      counts.set(name, count);
    }
    assertSameSums(loops);
  }
  return costs;
}

/** V8 compiles on a thread of its own and is given its turns. */
async function warmUp(loops: readonly Loop[]): Promise<void> {
  for (let turn = 0; turn < WARM_TURNS; turn += 1) {
    for (const loop of loops) for (let call = 0; call < WARM_CALLS; call += 1) loop(BATCH);
    await sleep(WARM_PAUSE_MS);
  }
}

/** One sample of the runner; `count` is how many calls filled its time, with which the next begins. */
function runOnce(loop: Loop, roundMs: number, initCount: number): { ns: number; count: number } {
  const minTime = roundMs / 1000;
  const bench = new Benchmark({ fn: () => loop(BATCH), initCount, minTime, maxTime: 0, minSamples: 1 });
  bench.run({ async: false });
  if (bench.error) throw bench.error as unknown as Error;
  return { ns: (bench.stats.mean * 1e9) / BATCH, count: bench.count };
}

function assertSameSums({ write, build, read, access, slowed }: Partial<Loops>): void {
  assert.equal(build!(BATCH), write!(BATCH), "the stock builder went through the same messages");
  assert.equal(access!(BATCH), read!(BATCH), "the stock accessors read the same numbers");
  if (slowed) assert.equal(slowed(BATCH), read!(BATCH), "the slowed reader reads the same numbers");
}

function rowOf(
  message: MessageCase,
  operation: MessageRow["operation"],
  own: Loop,
  stock: Loop,
  costs: Costs,
): MessageRow {
  const levels = message.levelsAt > 0 ? LEVELS : 0;
  const { median: ns, low, high } = medianOf(costs[operation]);
  const budgetNs = levels > 0 ? LEVELS_BUDGET_NS : operation === "write" ? WRITE_BUDGET_NS : READ_BUDGET_NS;
  return {
    ...{ message: message.name, operation, levels, ns, lowNs: low, highNs: high, budgetNs, met: high <= budgetNs },
    bytesPerMessage: bytesOf(own),
    stockNs: medianOf(costs[operation === "write" ? "build" : "access"]).median,
    stockBytesPerMessage: bytesOf(stock),
  };
}

/** A cost as its own ratio to one: the same medians and intervals as everywhere. */
const medianOf = (costs: readonly number[]) =>
  ratioOf(
    costs,
    costs.map(() => 1),
  );

/** The least of some tries: garbage comes again, what V8's compiler puts on the heap does not. */
function bytesOf(loop: Loop): number | null {
  const tries = Array.from({ length: ALLOCATION_TRIES }, () =>
    allocatedBytes(() => {
      for (let call = 0; call < ALLOCATION_CALLS; call += 1) loop(BATCH);
    }),
  ).filter((bytes) => bytes !== null);
  return tries.length === 0 ? null : Math.round((10 * Math.min(...tries)) / (ALLOCATION_CALLS * BATCH)) / 10;
}

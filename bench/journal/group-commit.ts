/**
 * From an event's due moment to its order being safe on disk, with the real journal's thread: this thread stands for
 * the engine and writes an input and its order into the log on a schedule, whether or not the journal keeps up. What an
 * engine does in between is not counted; a record that is written late is, from the moment it was due.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import type { JournalMode } from "../../actors/journal/journal-agent.js";
import { SegmentPreparer } from "../../actors/journal/segment-preparer.js";
import {
  type OrderStampWriter,
  STAMP_PASSED,
  STAMP_RECEIVED,
  STAMP_SEQUENCE,
} from "../../actors/metrics/order-stamps.js";
import { prepareMemory } from "../../actors/prepare-memory.js";
import type { LogWriter } from "../../actors/ring/log-ring.js";
import { spawnThread } from "../../actors/spawn-thread.js";
import type { JournalThreadData } from "../../actors/threads/journal.js";
import { ThreadContext } from "../../actors/threads/thread-data.js";
import { MessageType } from "../../schemas/index.js";
import { nextMessage } from "../built-worker.js";
import { type Percentiles, percentilesOf } from "../latency.js";

export interface CommitPlan {
  readonly modes: readonly JournalMode[];
  readonly ordersPerSecond: readonly number[];
  readonly seconds: number;
}

export interface CommitRow {
  readonly mode: JournalMode;
  readonly ordersPerSecond: number;
  /** From the due moment to safe: synced in durable mode, written in fast mode. */
  readonly tickToSafe: Percentiles;
  readonly syncs: number;
  /** Orders whose records one sync covered, in the mean. */
  readonly ordersPerSync: number;
}

const INPUT_BYTES = 96;
const ORDER_BYTES = 80;
const WARM_UP = { ordersPerSecond: 2_000, count: 1_000 };
const DRAIN_MS = 10_000;

export async function measureCommits(
  parent: string,
  { modes, ordersPerSecond, seconds }: CommitPlan,
  note: (text: string) => void,
): Promise<CommitRow[]> {
  const rows: CommitRow[] = [];
  for (const mode of modes) {
    for (const rate of ordersPerSecond) {
      note(`journal: ${mode}, ${rate} orders/s`);
      rows.push(await measure(parent, mode, rate, Math.round(rate * seconds)));
    }
  }
  return rows;
}

async function measure(parent: string, mode: JournalMode, rate: number, count: number): Promise<CommitRow> {
  const directory = mkdtempSync(join(parent, "commit-"));
  const memory = prepareMemory("shared");
  const context = new ThreadContext("main", memory);
  const disk = new NodeDisk();
  const refuse = (error: unknown): never => {
    throw error;
  };
  new SegmentPreparer({ disk, directory, nowUs: context.nowUs, recordError: refuse }).prepare();
  const data: JournalThreadData = { ...memory, directory, mode, firstSegment: 0, previousCrc: 0 };
  const journal = spawnThread("journal", data);
  const ended = once(journal, "exit");
  try {
    await nextMessage(journal);
    const source = new OrderSource(context);
    await source.write(WARM_UP.count, WARM_UP.ordersPerSecond, MessageType.CancelOrder, journal);
    const syncsBefore = context.counters.get("journal.syncs");
    await source.write(count, rate, MessageType.SubmitOrder, journal);
    const tickToSafe = percentilesOf(context.histograms["tick-to-durable"].snapshot());
    assert.equal(tickToSafe.count, count, "every order was timed, and no other record");
    const syncs = context.counters.get("journal.syncs") - syncsBefore;
    return { mode, ordersPerSecond: rate, tickToSafe, syncs, ordersPerSync: count / syncs };
  } finally {
    context.controls.journal.requestStop();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Stands for the engine. */
class OrderSource {
  private readonly context: ThreadContext;
  private readonly log: LogWriter;
  private readonly stamps: OrderStampWriter;
  private sequence = 0;

  constructor(context: ThreadContext) {
    this.context = context;
    this.log = context.logWriter();
    this.stamps = context.stampWriter("commands");
  }

  /** The order was due when its tick was, and is shown now: what comes behind counts from the schedule. */
  private stamp(dueUs: number): void {
    const { row, doubles } = this.stamps;
    doubles[row + STAMP_SEQUENCE] = this.sequence;
    doubles[row + STAMP_RECEIVED] = dueUs;
    doubles[row + STAMP_PASSED] = dueUs;
    this.stamps.publish();
  }

  /** Writes inputs with an output of this type each, on schedule; settles when the journal has synced the last. */
  async write(count: number, perSecond: number, type: number, journal: Worker): Promise<void> {
    const { nowUs, controls, counters } = this.context;
    const { log } = this;
    const startUs = nowUs() + 1_000;
    for (let each = 0; each < count; each += 1) {
      const dueUs = startUs + (each * 1e6) / perSecond;
      while (nowUs() < dueUs);
      this.sequence += 1;
      log.claim(MessageType.Trade, 0, this.sequence, dueUs, INPUT_BYTES);
      log.commit();
      log.claim(type, 1, this.sequence, dueUs, ORDER_BYTES);
      log.commit();
      if (type === MessageType.SubmitOrder) this.stamp(dueUs);
      log.publish();
      controls.journal.doorbell.ring();
    }
    const untilMs = performance.now() + DRAIN_MS;
    while (counters.get("journal.durableSequence") < this.sequence) {
      if (performance.now() > untilMs) throw new Error(`the journal did not end within ${DRAIN_MS / 1000} s`);
      if (journal.threadId === -1) throw new Error("the journal's thread ended during the benchmark");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/**
 * Follows the log and makes it durable: seals each record with the next link of the CRC chain, in the ring itself,
 * writes the bytes as they stand there, and syncs once a batch. The cursor that others wait on moves only over records
 * that are safe: synced in `durable` mode; in `fast` mode written, and synced within 2 ms.
 *
 * A disk that is full or fails is waited out: what is not safe stays in the log, the agent tries again ten times a
 * second and goes on by itself. Meanwhile the log fills and takes no more inputs, so nothing goes on unrecorded.
 */
import type { Fabric } from "../../wasm/index.js";
import type { Agent } from "../agent/agent.js";
import type { AgentErrorHandler } from "../agent/blocking-runner.js";
import type { NowUs } from "../clock.js";
import type { CounterName } from "../counter-names.js";
import { type CrashPoint, crashPoint } from "../crash-point.js";
import type { Counters } from "../metrics/counters.js";
import type { LogReader } from "../ring/log-reader.js";
import { Batch } from "./batch.js";
import { Committer } from "./committer.js";
import { mayPass, SLOW_US, troubleText, UnsavedRecords } from "./disk-trouble.js";
import type { SafeOrders } from "./safe-orders.js";
import type { SegmentWriter } from "./segment-writer.js";

/** What makes a record safe: that it survives a loss of power, or that it survives our own end. */
export type JournalMode = "durable" | "fast";

/** Values of the counter journal.state. */
export const JournalState = { ok: 0, slow: 1, blocked: 2 } as const;

const RETRY_US = 100_000;
/** In `fast` mode a sync begins at the latest when the oldest record has waited for it this long. */
const SYNC_AFTER_US = 1_000;

export interface JournalAgentParts {
  readonly log: LogReader;
  readonly writer: SegmentWriter;
  readonly fabric: Fabric;
  readonly nowUs: NowUs;
  readonly counters: Pick<Counters<CounterName>, "set">;
  /** Measures when orders become safe; left out where nobody looks. */
  readonly orders?: Pick<SafeOrders, "passed">;
  /** Told of trouble that is waited out. */
  readonly recordError: AgentErrorHandler;
  /** Called when more records are safe: somebody waits to send what they order. */
  readonly onSafe?: () => void;
  /** Default: durable. */
  readonly mode?: JournalMode;
  /** CRC of the journal's last record, which the log continues; default 0, for a new journal. */
  readonly previousCrc?: number;
}

export class JournalAgent implements Agent {
  readonly role = "journal";
  private readonly parts: JournalAgentParts;
  private readonly isFast: boolean;
  private readonly batch: Batch;
  private readonly committer: Committer;
  /** What is to be done next with the batch. */
  private step: "gather" | "write" | "sync" = "gather";
  private unsyncedSinceUs = 0;
  /** Why the disk does not take what is to be written; empty when it does. */
  private trouble = "";
  private retryAtUs = 0;
  private lagUs = 0;
  private syncsSeen = 0;
  private records = 0;
  private inputs = 0;

  constructor(parts: JournalAgentParts) {
    const { log, fabric, writer, nowUs, mode, previousCrc = 0 } = parts;
    this.parts = parts;
    this.isFast = mode === "fast";
    this.batch = new Batch(log, fabric, previousCrc);
    this.committer = new Committer(writer, nowUs, this.isFast);
  }

  work(): number {
    if (this.trouble !== "" && this.parts.nowUs() < this.retryAtUs) return this.wait();
    try {
      const done = this.proceed();
      this.trouble = "";
      return done;
    } catch (error) {
      this.block(error);
      return 0;
    }
  }

  /** What is still in the log is written before the file is closed. Throws UnsavedRecords when the disk refuses. */
  onClose(): void {
    this.retryAtUs = 0;
    while (this.work() > 0);
    try {
      if (this.trouble === "") this.committer.finish();
    } catch (error) {
      this.block(error);
    }
    if (this.trouble !== "") this.requireNothingUnsaved();
  }

  /** Throws what the disk throws, and then goes on there when it is called again. */
  private proceed(): number {
    const { batch, committer } = this;
    // What was written before the trouble is not to wait for its end.
    if (this.trouble !== "" && this.isFast) committer.sync();
    if (this.step === "gather") {
      if (!batch.gather(this.parts.writer)) return this.idle();
      this.step = "write";
    }
    if (this.step === "write") this.write();
    if (!this.isFast) this.sync();
    this.release();
    if (this.isFast && this.parts.nowUs() - this.unsyncedSinceUs >= SYNC_AFTER_US) this.sync();
    this.report();
    return batch.records;
  }

  /** Nothing is in the log: the moment to sync what `fast` mode has released already. */
  private idle(): number {
    const { committer } = this;
    const toSync = committer.isSynced ? 0 : 1;
    committer.sync();
    if (toSync > 0) this.report();
    if (this.lagUs > 0) this.showLag(0);
    return toSync;
  }

  private write(): void {
    const { committer } = this;
    const isFirst = committer.isSynced;
    this.passBy("journal.before-write");
    committer.write(this.batch);
    this.passBy("journal.written");
    if (isFirst) this.unsyncedSinceUs = this.parts.nowUs();
    this.step = "sync";
  }

  private sync(): void {
    this.committer.sync();
    this.passBy("journal.synced");
  }

  /** Only a batch with an order in it counts. */
  private passBy(point: CrashPoint): void {
    if (this.batch.orderSequences.length > 0) crashPoint(point);
  }

  /** The batch is safe. */
  private release(): void {
    const { batch } = this;
    const { log, nowUs, orders } = this.parts;
    const safeUs = nowUs();
    this.step = "gather";
    orders?.passed(batch.orderSequences, safeUs);
    // An input held back for the next batch is consumed, and would be released with this one.
    if (!batch.holds) log.release();
    this.parts.onSafe?.();
    this.records += batch.records;
    this.inputs += batch.inputs;
    this.lagUs = Math.max(safeUs - batch.firstTimeUs, 0);
  }

  private report(): void {
    const { counters, writer } = this.parts;
    const { written, durable, syncs, syncUs } = this.committer;
    const isSlow = syncUs > SLOW_US || this.lagUs > SLOW_US;
    if (syncUs > SLOW_US && syncs > this.syncsSeen) {
      this.complain(`a sync of the journal in ${writer.directory} took more than a second: the disk is too slow`);
    }
    this.syncsSeen = syncs;
    counters.set("journal.records", this.records);
    counters.set("journal.inputs", this.inputs);
    counters.set("journal.bytes", writer.bytesWritten);
    counters.set("journal.syncs", syncs);
    counters.set("journal.writtenSequence", written?.sequence ?? 0);
    counters.set("journal.durableSequence", durable?.sequence ?? 0);
    counters.set("journal.state", isSlow ? JournalState.slow : JournalState.ok);
    counters.set("journal.lagUs", this.lagUs);
  }

  /** Not yet time to try again. */
  private wait(): number {
    const { nowUs } = this.parts;
    const oldestUs = this.step === "gather" ? this.committer.unsynced.firstTimeUs : this.batch.firstTimeUs;
    this.showLag(nowUs() - oldestUs);
    return 0;
  }

  private showLag(lagUs: number): void {
    this.lagUs = Math.max(lagUs, 0);
    this.parts.counters.set("journal.lagUs", this.lagUs);
  }

  /** Throws what will not pass by itself. */
  private block(error: unknown): void {
    if (!mayPass(error)) throw error;
    const { writer, counters, nowUs } = this.parts;
    this.trouble = troubleText(writer.path, this.step === "write" ? "written" : "synced", error);
    this.retryAtUs = nowUs() + RETRY_US;
    this.report();
    counters.set("journal.state", JournalState.blocked);
    this.wait();
    this.complain(`${this.trouble}; the journal waits and goes on by itself`);
  }

  private complain(message: string): void {
    this.parts.recordError(new Error(message), this.role);
  }

  private requireNothingUnsaved(): void {
    const { batch, committer } = this;
    const gathered = this.step === "gather" ? 0 : batch.records;
    const released = this.isFast ? committer.unsynced.records : 0;
    const count = gathered + released + batch.countRest();
    if (count > 0) throw new UnsavedRecords(`${count} records of the journal are not saved: ${this.trouble}`);
  }
}

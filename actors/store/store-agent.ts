/**
 * Stores a journal in QuestDB: follows its segment files, sends their records as rows, and moves its cursor when the
 * server has acknowledged them. After a failure it goes back to the cursor and tries again, however long the server is
 * away; the tables' keys make what was sent twice one row. It reads files only, so nothing that trades waits for it.
 */
import { type Crc32c, TapeError } from "../../engine/index.js";
import { MessageType } from "../../schemas/index.js";
import type { Agent } from "../agent/agent.js";
import type { CounterName } from "../counter-names.js";
import { SegmentTail } from "../journal/segment-tail.js";
import { factsAt, factsOf, type JournalFacts } from "./journal-facts.js";
import { QuestdbSender, requireStoreUrl } from "./questdb-sender.js";
import { tableOf, writeRow } from "./rows.js";
import { addRows, isHeldBy, newCursor, readCursor, type StoreCursor, writeCursor } from "./store-cursor.js";
import { ensureTables, noRows, type RowCounts, tableProgress } from "./tables.js";

/** Rows of one flush at most. */
const BATCH_ROWS = 5_000;
/** Records read in one duty cycle at most; many have no row. */
const RECORDS_PER_CYCLE = 20_000;
/** How often the journal's files are looked at when they have not grown. */
const LOOK_MS = 20;
/** Fewer rows than a batch wait for more for this long. */
const LINGER_MS = 200;
const BACKOFF_MIN_MS = 250;
const BACKOFF_MAX_MS = 5_000;
/** A suspended table is noticed within this. */
const HEALTH_MS = 1_000;
/** Before a cursor is believed, the server may apply for this long what it acknowledged. */
const APPLY_MS = 10_000;
const APPLY_POLL_MS = 20;

export type StoreCounter = Extract<CounterName, `store.${string}`>;

export interface StoreAgentParts {
  readonly directory: string;
  /** The server's base address. */
  readonly url: string;
  readonly crc32c: Crc32c;
  readonly counters: { set(name: StoreCounter, value: number): void };
  /** Told of each failure; `final`: the journal itself cannot be stored, and the agent has given up. */
  readonly onFailure: (error: Error, final: boolean) => void;
  /** Sequence up to which records are durable; without it all that can be read are. */
  readonly durableSequence?: () => number;
  /** Called when something asynchronous has ended and there may be work. */
  readonly wake?: () => void;
}

interface Drain {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class StoreAgent implements Agent {
  readonly role = "store";
  /** Settles when the first look at the server has ended, well or not. */
  readonly opened: Promise<void>;
  private readonly parts: StoreAgentParts;
  private readonly tail: SegmentTail;
  private reportOpened!: () => void;
  private facts: JournalFacts | null = null;
  /** What the server has acknowledged. */
  private confirmed: StoreCursor;
  /** What is behind it in the sender. */
  private pending: Omit<StoreCursor, "format" | "url" | "position"> = { rows: noRows(), fromUs: null, toUs: null };
  /** Null until the tables are there, and after each failure. */
  private sender: QuestdbSender | null = null;
  private restored = false;
  /** Something asynchronous is under way; at most one thing is. */
  private inFlight = false;
  private failures = 0;
  private failuresInRow = 0;
  private resumeAtMs = 0;
  private flushedAtMs = 0;
  private checkedAtMs = 0;
  private fault: Error | null = null;
  private drains: Drain[] = [];
  private closed = false;

  /** Throws ConfigError for an address that is none. */
  constructor(parts: StoreAgentParts) {
    requireStoreUrl(parts.url);
    this.parts = parts;
    this.confirmed = newCursor(parts.url);
    this.tail = new SegmentTail(parts.directory, parts.crc32c);
    if (parts.durableSequence) this.tail.limit = parts.durableSequence;
    this.opened = new Promise((resolve) => {
      this.reportOpened = resolve;
    });
  }

  /** Rows and place that the server has acknowledged; rows are of the whole journal, also those of earlier runs. */
  get cursor(): StoreCursor {
    return this.confirmed;
  }

  work(): number {
    if (this.inFlight || this.fault !== null || performance.now() < this.resumeAtMs) return 0;
    if (this.sender === null) return this.depart(this.open());
    try {
      return this.follow(this.sender);
    } catch (error) {
      this.giveUp(error as Error);
      return 0;
    }
  }

  /** What is asynchronous wakes the thread when it has ended; that the journal's files have grown says nobody. */
  nextWorkMs(): number {
    if (this.inFlight || this.fault !== null) return Number.POSITIVE_INFINITY;
    return Math.max(LOOK_MS, this.resumeAtMs - performance.now());
  }

  onClose(): void {
    this.closed = true;
    this.sender?.close();
    this.tail.close();
  }

  /**
   * Settles when all of the journal is acknowledged; its writer must have finished. Rejects when the journal is
   * damaged; while the server is away it waits.
   */
  drain(): Promise<void> {
    if (this.fault !== null) return Promise.reject(this.fault);
    this.parts.wake?.();
    return new Promise((resolve, reject) => this.drains.push({ resolve, reject }));
  }

  /** Reads on; sends when the batch is full or has waited long enough. */
  private follow(sender: QuestdbSender): number {
    const records = this.gather(sender);
    if (sender.rows === 0) {
      this.confirmed = { ...this.confirmed, position: this.tail.position };
      return records > 0 || this.drains.length === 0 ? records : this.depart(this.finishDrain());
    }
    const isDue = records === 0 && this.drains.length > 0;
    const hasLingered = performance.now() - this.flushedAtMs >= LINGER_MS;
    return sender.rows >= BATCH_ROWS || isDue || hasLingered ? this.depart(this.flush(sender)) : records;
  }

  /** Puts rows of the next records into the sender; returns how many records it read. */
  private gather(sender: QuestdbSender): number {
    let records = 0;
    while (records < RECORDS_PER_CYCLE && sender.rows < BATCH_ROWS) {
      const record = this.tail.next();
      if (record === null) break;
      records += 1;
      if (record.type === MessageType.Config) this.facts = factsOf(record);
      const table = tableOf(record.type);
      if (table === null) continue;
      writeRow(sender, table, record, this.factsHere());
      this.count(table, Math.trunc(record.timeUs));
    }
    return records;
  }

  private factsHere(): JournalFacts {
    const { directory, crc32c } = this.parts;
    this.facts ??= factsAt(directory, this.tail.segmentNumber, crc32c);
    if (this.facts === null) throw new TapeError(`${directory} does not say which instruments its records mean`);
    return this.facts;
  }

  private count(table: keyof RowCounts, timeUs: number): void {
    this.pending.rows[table] += 1;
    this.pending.fromUs ??= timeUs;
    this.pending.toUs = timeUs;
  }

  /** Starts something asynchronous; its failure is handled here, whatever it was. */
  private depart(flight: Promise<void>): number {
    this.inFlight = true;
    void flight
      .catch((error: unknown) => this.startOver(error as Error))
      .then(() => {
        this.inFlight = false;
        this.reportOpened();
        this.parts.wake?.();
      });
    return 1;
  }

  private async open(): Promise<void> {
    const { url } = this.parts;
    await ensureTables(url);
    await tableProgress(url);
    if (!this.restored) await this.restore();
    if (!this.closed) this.sender = new QuestdbSender(url);
  }

  /** Goes on where an earlier run got to, if the server still has what that run sent. */
  private async restore(): Promise<void> {
    const { directory, url } = this.parts;
    const cursor = readCursor(directory, url);
    if (cursor !== null) {
      await awaitApplied(url, APPLY_MS);
      if (await isHeldBy(url, cursor)) this.confirmed = cursor;
    }
    this.restored = true;
    this.tail.rewind(this.confirmed.position);
    this.report();
  }

  private async flush(sender: QuestdbSender): Promise<void> {
    this.flushedAtMs = performance.now();
    await sender.flush();
    if (performance.now() - this.checkedAtMs >= HEALTH_MS) {
      await tableProgress(this.parts.url);
      this.checkedAtMs = performance.now();
    }
    this.confirm();
  }

  private confirm(): void {
    const { rows, fromUs, toUs } = this.pending;
    this.confirmed = {
      ...this.confirmed,
      position: this.tail.position,
      rows: addRows(this.confirmed.rows, rows),
      fromUs: this.confirmed.fromUs ?? fromUs,
      toUs: toUs ?? this.confirmed.toUs,
    };
    this.forgetPending();
    this.failuresInRow = 0;
    this.report();
    writeCursor(this.parts.directory, this.confirmed);
  }

  private async finishDrain(): Promise<void> {
    try {
      this.tail.ending();
    } catch (error) {
      this.giveUp(error as Error);
      return;
    }
    await tableProgress(this.parts.url);
    this.report();
    writeCursor(this.parts.directory, this.confirmed);
    for (const { resolve } of this.drains.splice(0)) resolve();
  }

  /** The world failed: back to what is confirmed, and the tables are looked at again before anything is sent. */
  private startOver(error: Error): void {
    if (this.closed) return;
    this.release();
    this.facts = null;
    this.tail.rewind(this.confirmed.position);
    this.resumeAtMs = performance.now() + Math.min(BACKOFF_MIN_MS * 2 ** this.failuresInRow, BACKOFF_MAX_MS);
    this.failuresInRow += 1;
    this.countFailure(error, false);
  }

  /** The journal cannot be stored: trying again would not help. */
  private giveUp(error: Error): void {
    this.fault = error;
    this.release();
    this.countFailure(error, true);
    for (const { reject } of this.drains.splice(0)) reject(error);
  }

  private release(): void {
    this.sender?.close();
    this.sender = null;
    this.forgetPending();
  }

  private forgetPending(): void {
    this.pending = { rows: noRows(), fromUs: null, toUs: null };
  }

  private countFailure(error: Error, final: boolean): void {
    this.failures += 1;
    this.parts.counters.set("store.failures", this.failures);
    this.parts.onFailure(error, final);
  }

  private report(): void {
    const { rows, position } = this.confirmed;
    this.parts.counters.set("store.sequence", position.sequence);
    this.parts.counters.set(
      "store.rows",
      Object.values(rows).reduce((sum, count) => sum + count, 0),
    );
  }
}

/** Waits until the server shows all that it acknowledged; false when it has not within `deadlineMs`. */
export async function awaitApplied(url: string, deadlineMs: number): Promise<boolean> {
  const untilMs = performance.now() + deadlineMs;
  while ((await tableProgress(url)).pendingTransactions > 0) {
    if (performance.now() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, APPLY_POLL_MS));
  }
  return true;
}

/**
 * Stores a finished journal from end to end: the store's agent, stepped by hand until the server has everything and
 * shows it. A short absence of the server is waited out; a refusal, a damaged journal or a long absence ends it with an
 * error, and the next call goes on from there.
 */
import { QuestdbUnreachable } from "../../feeds/questdb/query.js";
import { createCrc32c } from "../../wasm/index.js";
import { segmentPaths } from "../journal/journal-directory.js";
import type { TailPosition } from "../journal/segment-tail.js";
import { FlushFailed } from "./questdb-sender.js";
import { awaitApplied, StoreAgent, type StoreCounter } from "./store-agent.js";
import { countRows, ensureTables, noRows, type RowCounts, TABLE_NAMES } from "./tables.js";

/** Longest absence of the server that is waited out. */
const OUTAGE_MS = 30_000;
const VISIBLE_MS = 60_000;
const POLL_MS = 2;

export interface StoreJournalOptions {
  readonly directory: string;
  /** The server's base address. */
  readonly url: string;
  readonly onProgress?: (position: TailPosition) => void;
  /** Told once of each kind of trouble that is waited out. */
  readonly onTrouble?: (message: string) => void;
}

export interface StoredJournal {
  /** Rows of the whole journal, all acknowledged. */
  readonly rows: RowCounts;
  /** Those of them that this call sent; the rest was there from an earlier one. */
  readonly sent: RowCounts;
  /** What the server shows in the time that the journal spans. */
  readonly held: RowCounts;
  readonly lastSequence: number;
}

/** Throws ConfigError, TapeError, TableFault, FlushFailed, QuestdbUnreachable or QuestdbRefused. */
export async function storeJournal(options: StoreJournalOptions): Promise<StoredJournal> {
  const { directory, url } = options;
  segmentPaths(directory);
  const run = new StoreRun(options);
  await ensureTables(url);
  await run.untilDrained();
  if (!(await awaitApplied(url, VISIBLE_MS))) {
    throw new Error(
      `QuestDB at ${url} has all rows but does not show them after ${VISIBLE_MS / 1000} s; see: sluice questdb status`,
    );
  }
  const { rows, fromUs, toUs, position } = run.agent.cursor;
  const held = fromUs === null || toUs === null ? noRows() : await countRows(url, [fromUs, toUs]);
  return { rows, sent: run.sent, held, lastSequence: position.sequence };
}

/** Steps an agent, and gives up where the agent would not. */
class StoreRun {
  readonly agent: StoreAgent;
  private readonly options: StoreJournalOptions;
  private atStart: RowCounts | null = null;
  private newestTrouble = "";
  private failure: Error | null = null;
  private troubleSinceMs: number | null = null;

  constructor(options: StoreJournalOptions) {
    this.options = options;
    this.agent = new StoreAgent({
      directory: options.directory,
      url: options.url,
      crc32c: createCrc32c(),
      counters: { set: (name) => this.onCounter(name) },
      onFailure: (error) => this.onFailure(error),
    });
  }

  get sent(): RowCounts {
    const sent = noRows();
    for (const name of TABLE_NAMES) sent[name] = this.agent.cursor.rows[name] - (this.atStart?.[name] ?? 0);
    return sent;
  }

  async untilDrained(): Promise<void> {
    let drained = false;
    const drain = this.agent.drain().then(() => {
      drained = true;
    });
    // Its rejection is the failure that onFailure was told of, which is thrown below.
    drain.catch(() => {});
    try {
      while (!drained) {
        if (this.failure !== null) throw this.failure;
        if (this.agent.work() === 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } finally {
      this.agent.onClose();
    }
  }

  /** The first report comes when the cursor of an earlier run has been taken up, or not. */
  private onCounter(name: StoreCounter): void {
    if (name !== "store.rows") return;
    this.atStart ??= this.agent.cursor.rows;
    this.troubleSinceMs = null;
    this.newestTrouble = "";
    this.options.onProgress?.(this.agent.cursor.position);
  }

  private onFailure(error: Error): void {
    const isOutage = error instanceof QuestdbUnreachable || (error instanceof FlushFailed && !error.isRefusal);
    this.troubleSinceMs ??= performance.now();
    if (!isOutage || performance.now() - this.troubleSinceMs > OUTAGE_MS) this.failure = error;
    else if (error.message !== this.newestTrouble) this.options.onTrouble?.(error.message);
    this.newestTrouble = error.message;
  }
}

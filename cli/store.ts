/** `sluice store`: puts a finished journal into QuestDB. Storing it again, or going on, changes no row. */
import { statSync } from "node:fs";
import { SingleBar } from "cli-progress";
import { segmentPaths } from "../actors/journal/journal-directory.js";
import type { TailPosition } from "../actors/journal/segment-tail.js";
import { storeJournal } from "../actors/store/store-journal.js";
import { TABLE_NAMES } from "../actors/store/tables.js";
import { type Output, plural } from "./output.js";
import { defaultQuestdbUrl } from "./questdb.js";

export interface StoreCommandOptions {
  /** The server's base address; default: the one that runs here. */
  readonly url?: string;
  readonly json: boolean;
}

export async function runStore(directory: string, options: StoreCommandOptions, output: Output): Promise<void> {
  const progress = new StoreProgress(directory, options.json ? null : output);
  const url = options.url ?? (await defaultQuestdbUrl());
  const startedMs = performance.now();
  const { rows, sent, held, lastSequence } = await progress.during((onProgress) =>
    storeJournal({ directory, url, onProgress, onTrouble: (message) => output.note(`${message} (trying again)`) }),
  );
  const seconds = Number(((performance.now() - startedMs) / 1000).toFixed(3));
  if (options.json) return output.json({ journal: directory, url, lastSequence, rows, sent, held, seconds });
  output.line(`${directory} is stored at ${url} up to sequence ${lastSequence}, in ${seconds.toFixed(2)} s`);
  for (const name of TABLE_NAMES) {
    const here = plural(sent[name], "row").padStart(16);
    output.line(`  ${name.padEnd(10)} ${here} sent, ${plural(held[name], "row")} of this time on the server`);
  }
}

/** A bar over the journal's bytes, on stderr, where a person is watching. */
class StoreProgress {
  private readonly bar: SingleBar | null;
  private readonly sizes: readonly number[];

  constructor(directory: string, output: Output | null) {
    this.sizes = segmentPaths(directory).map((path) => statSync(path).size);
    const format = "store {bar} {percentage} %  {eta_formatted}";
    this.bar = output?.isTerminal ? new SingleBar({ format, stream: process.stderr, clearOnComplete: true }) : null;
  }

  async during<T>(work: (onProgress: (position: TailPosition) => void) => Promise<T>): Promise<T> {
    this.bar?.start(this.bytesBefore(this.sizes.length), 0);
    try {
      return await work(({ segment, offset }) => this.bar?.update(this.bytesBefore(segment) + offset));
    } finally {
      this.bar?.stop();
    }
  }

  private bytesBefore(segment: number): number {
    return this.sizes.slice(0, segment).reduce((sum, size) => sum + size, 0);
  }
}

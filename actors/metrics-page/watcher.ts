/**
 * Finds the pages of this user's engines and follows one of them. It asks nothing of the engine: not whether it still
 * works, which its page tells, nor whether it still runs, which the system does.
 */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { makeClock } from "../clock.js";
import { folderFault, pageFolders, pagesIn } from "./directory.js";
import { type EngineFigures, type EngineState, engineFigures, type FigureParts } from "./figures.js";
import { isRunning } from "./process.js";
import { type PageCopy, PageError, PageReader } from "./reader.js";

/** A page that is older, of a process that runs, is not being written. */
const SILENT_US = 2_000_000;
/** The same for all processes of the host. */
const monotonicUs = makeClock({ wallUsAtZero: 0 });

export interface FoundPage {
  readonly pid: number;
  readonly path: string;
  readonly isRunning: boolean;
}

/** All pages, those of running engines first. */
export function findPages(folders: readonly string[] = pageFolders()): FoundPage[] {
  const found = folders.flatMap(pagesIn).map(({ pid, path }) => ({ pid, path, isRunning: runs(pid, path) }));
  return found.sort((one, other) => Number(other.isRunning) - Number(one.isRunning));
}

/** Whether the process that wrote the page runs; a page that cannot be read is its process's. */
function runs(pid: number, path: string): boolean {
  if (!isRunning(pid, null)) return false;
  try {
    const page = PageReader.open(path);
    page.close();
    return isRunning(pid, page.description.process.born);
  } catch {
    return true;
  }
}

export class PageWatcher {
  private readonly page: PageReader;
  private newer: PageCopy | null = null;
  private older: PageCopy | null = null;

  /** Throws a PageError when there is no page of ours at `path`. */
  constructor(path: string) {
    const fault = existsSync(dirname(path)) ? folderFault(dirname(path)) : null;
    if (fault !== null) throw new PageError(`${path} is not believed: ${fault}`);
    this.page = PageReader.open(path);
    const { pid } = this.page.description.process;
    if (basename(path) !== String(pid)) throw new PageError(`${path} is of process ${pid}, and not what its name says`);
  }

  /** The figures of now; rates are since the look before or, at the first, since the start. */
  look(): EngineFigures {
    const { description } = this.page;
    const { pid, born } = description.process;
    // First whether it runs: what it writes while it ends is then in the copy.
    const isAlive = isRunning(pid, born);
    const copy = this.page.read();
    if (copy.sequence !== this.newer?.sequence) [this.older, this.newer] = [this.newer, copy];
    const nowUs = monotonicUs();
    const state = stateOf(copy, isAlive, nowUs);
    return figuresOrFault(this.page, { description, newer: copy, older: this.older, state, nowUs });
  }

  close(): void {
    this.page.close();
  }
}

/** A page may pass all checks and still hold what no engine writes. */
function figuresOrFault({ path }: PageReader, parts: FigureParts): EngineFigures {
  try {
    return engineFigures(parts);
  } catch (error) {
    throw new PageError(`${path} is damaged: ${(error as Error).message}`);
  }
}

function stateOf({ hasEnded, monotonicUs }: PageCopy, isAlive: boolean, nowUs: number): EngineState {
  if (hasEnded) return "ended";
  if (!isAlive) return "gone";
  return nowUs - monotonicUs > SILENT_US ? "silent" : "running";
}

/**
 * Leaves the engine's figures in a file in memory, some times a second, from shared memory as it stands: nothing is
 * asked of the other threads, and nothing is copied on the way to the system call. The file goes when the engine ends;
 * after a crash it stays, and holds the last words. A page that cannot be written is no reason not to trade.
 */
import { Buffer } from "node:buffer";
import { closeSync, fstatSync, lstatSync, openSync, renameSync, rmSync, writevSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../disk/disk.js";
import type { PageContents } from "./contents.js";
import { openFolder, pageFolders, removeOldPages } from "./directory.js";
import {
  aligned,
  COPIES,
  COPY_END_BYTES,
  COPY_MONOTONIC_US,
  COPY_REGION,
  COPY_SEQUENCE,
  COPY_STATE,
  COPY_WALL_US,
  HEAD_BYTES,
  HEAD_COPIES,
  HEAD_COPY_BYTES,
  HEAD_FORMAT,
  HEAD_JSON_BYTES,
  HEAD_MAGIC,
  PAGE_FORMAT,
  PAGE_MAGIC,
  PageState,
} from "./layout.js";

/** Between two copies. */
const PAGE_INTERVAL_MS = 200;

export interface PageClocks {
  /** Microseconds of the host's monotonic clock, and since the epoch. */
  readonly monotonicUs: () => number;
  readonly wallUs: () => number;
}

export class PageWriter {
  readonly path: string;
  private readonly contents: PageContents;
  private readonly clocks: PageClocks;
  private readonly file: number;
  private readonly copies: number;
  private readonly copyBytes: number;
  private readonly head = new Float64Array(COPY_REGION / 8);
  private readonly end = new Float64Array(COPY_END_BYTES / 8);
  private sequence = 0;

  private constructor(path: string, file: number, contents: PageContents, clocks: PageClocks) {
    this.path = path;
    this.file = file;
    this.contents = contents;
    this.clocks = clocks;
    const json = Buffer.from(JSON.stringify(contents.description), "utf8");
    this.copies = aligned(HEAD_BYTES + json.length);
    this.copyBytes = aligned(COPY_REGION + contents.description.regionBytes + COPY_END_BYTES);
    writevSync(file, [this.fileHead(json.length), json, new Uint8Array(this.copies - HEAD_BYTES - json.length)], 0);
    this.write(PageState.running);
    this.write(PageState.running);
  }

  /**
   * Makes the page of a process in the first folder that can be used, in place of what an earlier process of that
   * number left. Throws when there is no such folder.
   */
  static create(
    pid: number,
    contents: PageContents,
    clocks: PageClocks,
    folders: readonly string[] = pageFolders(),
  ): PageWriter {
    const faults: string[] = [];
    for (const folder of folders) {
      const fault = openFolder(folder);
      if (fault !== "") {
        faults.push(fault);
        continue;
      }
      removeOldPages(folder, Date.now());
      return PageWriter.createIn(folder, pid, contents, clocks);
    }
    throw new Error(`there is no place for a metrics page: ${faults.join("; ")}`);
  }

  /** The page is named when it is whole, so that nobody sees half of one. */
  private static createIn(folder: string, pid: number, contents: PageContents, clocks: PageClocks): PageWriter {
    const unnamed = join(folder, `${pid}.new`);
    const path = join(folder, String(pid));
    rmSync(unnamed, { force: true });
    const file = openSync(unnamed, "wx", 0o600);
    try {
      const writer = new PageWriter(path, file, contents, clocks);
      renameSync(unnamed, path);
      return writer;
    } catch (error) {
      closeSync(file);
      rmSync(unnamed, { force: true });
      throw error;
    }
  }

  /** Writes a copy over the older of the two. */
  write(state: number = PageState.running): void {
    const { head, end, contents, clocks, copyBytes } = this;
    const nowUs = clocks.monotonicUs();
    contents.observer.look(nowUs);
    this.sequence += 1;
    head[COPY_SEQUENCE >> 3] = this.sequence;
    head[COPY_MONOTONIC_US >> 3] = nowUs;
    head[COPY_WALL_US >> 3] = clocks.wallUs();
    head[COPY_STATE >> 3] = state;
    end[0] = this.sequence;
    const at = this.copies + (this.sequence % COPIES) * copyBytes;
    // Three calls, for one alone promises nothing about the order in which its bytes are seen.
    writevSync(this.file, [head], at);
    writevSync(this.file, contents.parts as Uint8Array[], at + COPY_REGION);
    writevSync(this.file, [end], at + copyBytes - COPY_END_BYTES);
  }

  /** The last copy, for who has the file open; then the page is gone, unless another has taken its name. */
  close(): void {
    this.write(PageState.ended);
    const isOwn = lstatSync(this.path, { throwIfNoEntry: false })?.ino === fstatSync(this.file).ino;
    if (isOwn) rmSync(this.path, { force: true });
    closeSync(this.file);
  }

  private fileHead(jsonBytes: number): Uint8Array {
    const head = new DataView(new ArrayBuffer(HEAD_BYTES));
    head.setUint32(HEAD_MAGIC, PAGE_MAGIC, true);
    head.setUint32(HEAD_FORMAT, PAGE_FORMAT, true);
    head.setUint32(HEAD_JSON_BYTES, jsonBytes, true);
    head.setUint32(HEAD_COPIES, this.copies, true);
    head.setUint32(HEAD_COPY_BYTES, this.copyBytes, true);
    return new Uint8Array(head.buffer);
  }
}

export interface RunningPage {
  /** Null when no page could be made. */
  readonly path: string | null;
  /** Ends it; calling it again changes nothing. */
  close(): void;
}

/** Writes a page until it is closed; what goes wrong is told once, and then there is no page. */
export function keepPage(make: () => PageWriter, onError: (error: unknown) => void): RunningPage {
  let writer: PageWriter | null = null;
  let timer: NodeJS.Timeout | undefined;
  const attempt = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      clearInterval(timer);
      writer = null;
      onError(new Error(`sluice top does not see this engine: ${codeOf(error)} ${(error as Error).message}`.trim()));
    }
  };
  attempt(() => {
    writer = make();
  });
  timer = setInterval(() => attempt(() => writer?.write()), PAGE_INTERVAL_MS).unref();
  return {
    path: (writer as PageWriter | null)?.path ?? null,
    close: () => {
      clearInterval(timer);
      attempt(() => writer?.close());
      writer = null;
    },
  };
}

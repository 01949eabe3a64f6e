/**
 * Reads a metrics page: checks that it is one, and takes copies of which no byte was overwritten meanwhile. It believes
 * nothing that it has not checked, for anybody may have left a file there. An open page can still be read when its name
 * is gone.
 */
import { Buffer } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { codeOf } from "../disk/disk.js";
import { type SharedViews, sharedViewsOf } from "../ring/views.js";
import { type PageDescription, readDescription } from "./description.js";
import { ownUser } from "./directory.js";
import {
  COPIES,
  COPY_BYTES_MAX,
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
  JSON_BYTES_MAX,
  PAGE_FORMAT,
  PAGE_MAGIC,
  PageState,
} from "./layout.js";

const ATTEMPTS_MAX = 50;

/** The file is no page that can be read; the message says why and what to do. */
export class PageError extends Error {
  override readonly name = "PageError";
}

/** What an engine's memory said of itself at one moment. */
export interface PageCopy {
  readonly sequence: number;
  readonly monotonicUs: number;
  readonly wallUs: number;
  /** The engine has ended as it should. */
  readonly hasEnded: boolean;
  /** The region: a copy of our own. */
  readonly views: SharedViews;
}

export class PageReader {
  readonly path: string;
  readonly description: PageDescription;
  private readonly file: number;
  private readonly copies: number;
  private readonly copyBytes: number;

  private constructor(path: string, file: number) {
    this.path = path;
    this.file = file;
    const bytes = checkOwner(path, file);
    const head = this.take(0, HEAD_BYTES);
    if (head.readUInt32LE(HEAD_MAGIC) !== PAGE_MAGIC) throw this.fault("is not a metrics page");
    const format = head.readUInt32LE(HEAD_FORMAT);
    if (format !== PAGE_FORMAT) {
      throw this.fault(
        `has format ${format}, this build reads ${PAGE_FORMAT}: use the sluice top of that engine's build`,
      );
    }
    const jsonBytes = head.readUInt32LE(HEAD_JSON_BYTES);
    this.copies = head.readUInt32LE(HEAD_COPIES);
    this.copyBytes = head.readUInt32LE(HEAD_COPY_BYTES);
    if (jsonBytes > JSON_BYTES_MAX || this.copyBytes > COPY_BYTES_MAX || this.copyBytes % 8 !== 0) {
      throw this.fault("has sizes that no page has");
    }
    const wanted = this.copies + COPIES * this.copyBytes;
    if (bytes < wanted) throw this.fault(`is cut short: it has ${bytes} of ${wanted} bytes`);
    const json = this.take(HEAD_BYTES, jsonBytes).toString("utf8");
    const description = readDescription(json, this.copyBytes - COPY_REGION - COPY_END_BYTES);
    if (typeof description === "string") throw this.fault(`cannot be read: ${description}`);
    this.description = description;
  }

  /** Throws a PageError for whatever is not a page of ours. */
  static open(path: string): PageReader {
    let file: number;
    try {
      file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      throw new PageError(`${path} cannot be opened (${codeOf(error)})`);
    }
    try {
      return new PageReader(path, file);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** The newest copy that is whole. Throws a PageError when there is none. */
  read(): PageCopy {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const newest = this.sequences().sort((one, other) => other.sequence - one.sequence);
      for (const { at, sequence } of newest) {
        const copy = sequence > 0 ? this.copyAt(at, sequence) : null;
        if (copy !== null) return copy;
      }
    }
    throw this.fault("holds no copy that is whole: its writer died while it made the first, or it is damaged");
  }

  close(): void {
    closeSync(this.file);
  }

  /** From the end of each copy. */
  private sequences(): { at: number; sequence: number }[] {
    return Array.from({ length: COPIES }, (_, copy) => {
      const at = this.copies + copy * this.copyBytes;
      return { at, sequence: this.take(at + this.copyBytes - COPY_END_BYTES, COPY_END_BYTES).readDoubleLE(0) };
    });
  }

  /** The copy whose end said `sequence`; null when it has been written since. */
  private copyAt(at: number, sequence: number): PageCopy | null {
    const { regionBytes } = this.description;
    const region = new SharedArrayBuffer(Math.ceil(regionBytes / 8) * 8);
    const read = readSync(this.file, new Uint8Array(region, 0, regionBytes), 0, regionBytes, at + COPY_REGION);
    if (read !== regionBytes) throw this.fault("was cut short while it was read");
    const head = this.take(at, COPY_REGION);
    if (head.readDoubleLE(COPY_SEQUENCE) !== sequence) return null;
    return {
      sequence,
      monotonicUs: head.readDoubleLE(COPY_MONOTONIC_US),
      wallUs: head.readDoubleLE(COPY_WALL_US),
      hasEnded: head.readDoubleLE(COPY_STATE) === PageState.ended,
      views: sharedViewsOf(region),
    };
  }

  private take(at: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes);
    const read = readSync(this.file, buffer, 0, bytes, at);
    if (read !== bytes) throw this.fault(`is cut short: it ends at byte ${at + read}`);
    return buffer;
  }

  private fault(why: string): PageError {
    return new PageError(`${this.path} ${why}`);
  }
}

/** Bytes of the file, which must be ours and a plain one. */
function checkOwner(path: string, file: number): number {
  const { uid, size, mode } = fstatSync(file);
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new PageError(`${path} is not a file`);
  if (uid !== ownUser()) throw new PageError(`${path} belongs to another user (${uid}): it is not believed`);
  return size;
}

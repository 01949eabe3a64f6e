/**
 * What only somebody who looks again and again can tell: when each heart last beat, and how many bytes went through
 * each ring, whose cursors wrap. It keeps its figures in doubles of its own that are copied into the page, and it looks
 * as often as a page is written.
 */
import type { ThreadControl } from "../agent/thread-control.js";
import type { SharedViews } from "../ring/views.js";
import { readRing } from "./ring-reading.js";

export interface ObservedThread {
  readonly name: string;
  readonly control: Pick<ThreadControl, "beats">;
}

export interface ObservedRing {
  readonly name: string;
  readonly kind: "spsc" | "log";
  /** Byte offset of its header. */
  readonly base: number;
}

const DOUBLE = 8;

export class Observer {
  /** By thread: the moment of its last beat; then by ring: bytes published. */
  readonly figures: Float64Array;
  private readonly views: SharedViews;
  private readonly threads: readonly ObservedThread[];
  private readonly rings: readonly ObservedRing[];
  private readonly beats: Float64Array;
  private readonly tails: Int32Array;

  constructor(views: SharedViews, threads: readonly ObservedThread[], rings: readonly ObservedRing[]) {
    this.views = views;
    this.threads = threads;
    this.rings = rings;
    this.figures = new Float64Array(threads.length + rings.length);
    this.beats = new Float64Array(threads.length);
    this.tails = Int32Array.from(rings, ({ kind, base }) => readRing(views, kind, base).tail);
  }

  /** Bytes from the beginning of `figures`. */
  beatAt(thread: number): number {
    return thread * DOUBLE;
  }
  publishedAt(ring: number): number {
    return (this.threads.length + ring) * DOUBLE;
  }

  look(nowUs: number): void {
    this.threads.forEach(({ control: { beats } }, thread) => {
      if (beats === this.beats[thread]) return;
      this.beats[thread] = beats;
      this.figures[this.beatAt(thread) / DOUBLE] = nowUs;
    });
    this.rings.forEach(({ kind, base }, ring) => {
      const { tail } = readRing(this.views, kind, base);
      this.figures[this.publishedAt(ring) / DOUBLE] += (tail - this.tails[ring]) >>> 0;
      this.tails[ring] = tail;
    });
  }
}

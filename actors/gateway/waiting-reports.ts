/**
 * Reports on their way into the report ring. None is ever dropped: while the ring is full they wait here, and when too
 * many wait whoever makes them must stop reading.
 */
import { ReportQueue } from "../../engine/index.js";
import { NONE } from "../ring/layout.js";
import type { SpscProducer } from "../ring/spsc.js";

/** Half of what the queue holds: what one answer of the venue causes must fit into the rest. */
const WAITING_MAX = 32_768;

export class WaitingReports extends ReportQueue {
  /** Reports that wait. */
  size = 0;

  get isFull(): boolean {
    return this.size >= WAITING_MAX;
  }

  override commit(): void {
    super.commit();
    this.size += 1;
  }

  override advance(): void {
    super.advance();
    this.size -= 1;
  }

  /** Moves what fits into the ring and publishes it. Returns how many reports that were. */
  deliverTo(ring: SpscProducer): number {
    let moved = 0;
    for (; !this.isEmpty; moved += 1) {
      const at = ring.claim(this.type, this.bytes);
      if (at === NONE) break;
      const from = this.at >> 2;
      for (let word = 0; word < this.bytes >> 2; word += 1)
        ring.views.i32[(at >> 2) + word] = this.views.i32[from + word];
      ring.commit();
      this.advance();
    }
    if (moved > 0) ring.publish();
    return moved;
  }
}

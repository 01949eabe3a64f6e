/**
 * What a lane allocated in this thread and how often it was collected, counted from inside: the profiler is told of
 * each collection and of the heap before and after it, so that what was collected is counted as well.
 */
import { GCProfiler, getHeapStatistics } from "node:v8";

export interface Garbage {
  readonly allocatedBytes: number;
  readonly scavenges: number;
  /** Mark-sweep and the like. */
  readonly others: number;
}

export class GarbageWatch {
  private readonly profiler = new GCProfiler();
  private readonly usedBefore: number;

  constructor() {
    this.profiler.start();
    this.usedBefore = usedBytes();
  }

  stop(): Garbage {
    const grownBytes = usedBytes() - this.usedBefore;
    const { statistics } = this.profiler.stop();
    const freedBytes = statistics.reduce(
      (sum, { beforeGC, afterGC }) => sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
      0,
    );
    const scavenges = statistics.filter(({ gcType }) => gcType.startsWith("Scavenge")).length;
    return { allocatedBytes: grownBytes + freedBytes, scavenges, others: statistics.length - scavenges };
  }
}

export function totalGarbage(parts: readonly Garbage[]): Garbage {
  const sum = (key: keyof Garbage): number => parts.reduce((total, part) => total + part[key], 0);
  return { allocatedBytes: sum("allocatedBytes"), scavenges: sum("scavenges"), others: sum("others") };
}

const usedBytes = (): number => getHeapStatistics().used_heap_size;

/**
 * Bytes that a piece of work allocates: by how much the used heap grew while nothing was collected. Asked of V8 twice
 * around the work, less what asking itself allocates.
 */
import { GCProfiler, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Null when garbage was collected meanwhile, so that the growth says nothing. */
export function allocatedBytes(work: () => void): number | null {
  const idle = growth(() => {});
  const busy = growth(work);
  return idle === null || busy === null ? null : Math.max(0, busy - idle);
}

function growth(work: () => void): number | null {
  collect();
  const profiler = new GCProfiler();
  profiler.start();
  const before = getHeapStatistics().used_heap_size;
  work();
  const after = getHeapStatistics().used_heap_size;
  return profiler.stop().statistics.length === 0 ? after - before : null;
}

/** Node hides its collector; asking V8 for it by name needs no flag on the command line. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/**
 * Counts the garbage collections of the engine's thread while a window is open. The thread never returns to its event
 * loop, so nothing outside it can ask; it looks at a shared word once a duty cycle and answers through others.
 */
import { GCProfiler, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const ASKED = 0;
const DONE = 1;
const SCAVENGES = 2;
const OTHERS = 3;
const GROWTH_BYTES = 4;
const WORDS = 5;
export const PROBE_BYTES = WORDS * 4;
const WAIT_MS = 5_000;

export interface Collections {
  readonly scavenges: number;
  /** Mark-sweep and the like. */
  readonly others: number;
  /** By which the used heap grew; less than was allocated when anything was collected. */
  readonly growthBytes: number;
}

/** The asking side. Odd numbers open a window, even ones close it. */
export class CollectionProbe {
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  open(): void {
    this.ask();
  }

  close(): Collections {
    this.ask();
    const { words } = this;
    return { scavenges: words[SCAVENGES], others: words[OTHERS], growthBytes: words[GROWTH_BYTES] };
  }

  private ask(): void {
    const asked = Atomics.add(this.words, ASKED, 1) + 1;
    const untilMs = performance.now() + WAIT_MS;
    while (Atomics.load(this.words, DONE) !== asked) {
      if (performance.now() > untilMs) throw new Error(`the engine's thread did not answer within ${WAIT_MS / 1000} s`);
      Atomics.wait(this.words, DONE, asked - 1, 1);
    }
  }
}

/** The answering side: `look` is called once a duty cycle and costs one atomic load. */
export class CollectionCounter {
  private readonly words: Int32Array;
  private profiler = new GCProfiler();
  private answered = 0;
  private usedBytes = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  look(): void {
    const asked = Atomics.load(this.words, ASKED);
    if (asked !== this.answered) this.answer(asked);
  }

  private answer(asked: number): void {
    if (asked % 2 === 1) this.begin();
    else this.end();
    this.answered = asked;
    Atomics.store(this.words, DONE, asked);
  }

  /** The young generation starts empty: what it held before is not the window's. */
  private begin(): void {
    collect();
    this.profiler = new GCProfiler();
    this.profiler.start();
    this.usedBytes = getHeapStatistics().used_heap_size;
  }

  private end(): void {
    const { words } = this;
    words[GROWTH_BYTES] = getHeapStatistics().used_heap_size - this.usedBytes;
    const { statistics } = this.profiler.stop();
    words[SCAVENGES] = statistics.filter(({ gcType }) => gcType.startsWith("Scavenge")).length;
    words[OTHERS] = statistics.length - words[SCAVENGES];
  }
}

function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

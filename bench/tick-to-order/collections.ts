/**
 * Counts what a thread allocates, and how often it collects, while a window is open. A thread that never returns to its
 * event loop cannot be asked by message: it looks at a shared word once a duty cycle and answers through others.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Garbage, GarbageWatch } from "../fabric/garbage.js";

const ASKED = 0;
const DONE = 1;
const SCAVENGES = 2;
const OTHERS = 3;
/** A double, so that it may pass 2^31. */
const ALLOCATED_AT = 16;
export const PROBE_BYTES = 24;
const WAIT_MS = 5_000;

/** The asking side. Odd numbers open a window, even ones close it. */
export class CollectionProbe {
  private readonly words: Int32Array;
  private readonly allocated: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.allocated = new Float64Array(buffer, ALLOCATED_AT, 1);
  }

  open(): void {
    this.ask();
  }

  close(): Garbage {
    this.ask();
    const { words, allocated } = this;
    return { allocatedBytes: allocated[0], scavenges: words[SCAVENGES], others: words[OTHERS] };
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
  private readonly allocated: Float64Array;
  private watch: GarbageWatch | null = null;
  private answered = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.allocated = new Float64Array(buffer, ALLOCATED_AT, 1);
  }

  look(): void {
    const asked = Atomics.load(this.words, ASKED);
    if (asked !== this.answered) this.answer(asked);
  }

  private answer(asked: number): void {
    if (asked % 2 === 1) this.watch = openWindow();
    else this.end(this.watch!.stop());
    this.answered = asked;
    Atomics.store(this.words, DONE, asked);
  }

  private end({ allocatedBytes, scavenges, others }: Garbage): void {
    this.allocated[0] = allocatedBytes;
    this.words[SCAVENGES] = scavenges;
    this.words[OTHERS] = others;
  }
}

/** Of the calling thread. The young generation starts empty: what it held before is not the window's. */
export function openWindow(): GarbageWatch {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return new GarbageWatch();
}

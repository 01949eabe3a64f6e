/**
 * One clock for all threads: microseconds since the epoch, from the monotonic clock of the host, which is the same in
 * every thread. The wall time is read once, by the first thread. A clock that is stepped while we run therefore does
 * not step our times.
 *
 * What a reading leaves for the garbage collector depends on V8, in optimised code too. From Node 24 on a number that
 * performance.now returns is not boxed: nothing. Before, it is, 16 bytes, but the array that hrtime makes is left out
 * when it is taken apart at once: nothing again, as long as no ArrayBuffer of the thread was ever detached, by a
 * transfer or a memory that grew; after that 32 bytes. Indexing that array instead of taking it apart is never free.
 */
const { hrtime } = process;

const IS_UNBOXED = Number.parseInt(process.versions.node, 10) >= 24;
/** Enough that one of them is not disturbed. */
const ATTEMPTS = 64;

export interface ClockBasis {
  /** Wall time, in microseconds, at the zero of the monotonic clock. */
  readonly wallUsAtZero: number;
}

export type NowUs = () => number;

/** Reads the wall clock at the moment it ticks over, so that its millisecond resolution costs nothing. */
export function readClockBasis(): ClockBasis {
  const before = Date.now();
  let wallMs = before;
  while (wallMs === before) wallMs = Date.now();
  return { wallUsAtZero: wallMs * 1000 - makeClock({ wallUsAtZero: 0 })() };
}

/** The clock on a common basis, about 40 ns a call. The result may be boxed; on the hot path use a stamp. */
export function makeClock({ wallUsAtZero }: ClockBasis): NowUs {
  return () => {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e6 + nanoseconds / 1e3 + wallUsAtZero;
  };
}

/** Writes the moment, in microseconds, into an array. */
export type StampUs = (into: Float64Array, index: number) => void;

/**
 * The clock for the hot path, about 40 ns a call; see above for what it leaves behind. A proxy that catches nothing is
 * never inlined itself: inlined into a large function that has used up V8's budget, it would call what it is made of.
 */
export function makeStamp({ wallUsAtZero }: ClockBasis): StampUs {
  const stamp = IS_UNBOXED ? stampByPerformance(performanceZeroUs() + wallUsAtZero) : stampByHrtime(wallUsAtZero);
  return new Proxy(stamp, {});
}

/** For short times: since the epoch a double counts quarters of a microsecond, since the host's start nanoseconds. */
export interface StampClock extends ClockBasis {
  /** By the monotonic clock: what it lacks to the time since the epoch is `wallUsAtZero`. */
  readonly stamp: StampUs;
}

export function makeStampClock({ wallUsAtZero }: ClockBasis): StampClock {
  return { stamp: makeStamp({ wallUsAtZero: 0 }), wallUsAtZero };
}

function stampByHrtime(zeroUs: number): StampUs {
  return (into, index) => {
    const [seconds, nanoseconds] = hrtime();
    into[index] = seconds * 1e6 + nanoseconds / 1e3 + zeroUs;
  };
}

function stampByPerformance(zeroUs: number): StampUs {
  return (into, index) => {
    into[index] = performance.now() * 1e3 + zeroUs;
  };
}

/** The zero of performance.now on the monotonic clock, by the middle of the tightest of some readings around it. */
function performanceZeroUs(): number {
  const monotonicUs = makeClock({ wallUsAtZero: 0 });
  let tightestUs = Number.POSITIVE_INFINITY;
  let zeroUs = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const beforeUs = monotonicUs();
    const nowMs = performance.now();
    const afterUs = monotonicUs();
    if (afterUs - beforeUs >= tightestUs) continue;
    tightestUs = afterUs - beforeUs;
    zeroUs = (beforeUs + afterUs) / 2 - nowMs * 1e3;
  }
  return zeroUs;
}

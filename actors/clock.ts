/**
 * One clock for all threads: microseconds since the epoch, from the monotonic clock of the host. Each thread's own
 * performance.now starts elsewhere, so it is tied once to the process-wide monotonic clock; the wall time is read
 * once, by the first thread, and the same in all. A clock that is stepped while we run therefore does not step our
 * times.
 */
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
  return { wallUsAtZero: wallMs * 1000 - monotonicUs() };
}

/** This thread's clock on a common basis. A call costs about 45 ns and allocates nothing in optimised code. */
export function makeClock({ wallUsAtZero }: ClockBasis): NowUs {
  const zeroUs = wallUsAtZero + offsetUs();
  return () => performance.now() * 1000 + zeroUs;
}

/**
 * Monotonic time of the host minus this thread's performance clock: the smallest of several readings is least
 * disturbed.
 */
function offsetUs(): number {
  let best = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < 16; reading += 1) {
    const own = performance.now() * 1000;
    best = Math.min(best, monotonicUs() - own);
  }
  return best;
}

function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/**
 * One clock for all threads: microseconds since the epoch, from the monotonic clock of the host, which is the same in
 * every thread. The wall time is read once, by the first thread. A clock that is stepped while we run therefore does
 * not step our times.
 */
const { hrtime } = process;

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

/**
 * The clock on a common basis, about 40 ns a call. hrtime's array does not survive optimisation, so a call allocates
 * nothing; performance.now would box 16 bytes.
 */
export function makeClock({ wallUsAtZero }: ClockBasis): NowUs {
  return () => {
    const time = hrtime();
    return time[0] * 1e6 + time[1] / 1e3 + wallUsAtZero;
  };
}

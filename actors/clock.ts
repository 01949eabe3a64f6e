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

/** The clock on a common basis, about 40 ns a call. The result may be boxed; on the hot path use a stamp. */
export function makeClock({ wallUsAtZero }: ClockBasis): NowUs {
  return () => {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e6 + nanoseconds / 1e3 + wallUsAtZero;
  };
}

/** Writes the moment into an array. */
export type StampUs = (into: Float64Array, index: number) => void;

/**
 * The clock for the hot path: no number is boxed on the way. Where V8 inlines hrtime the array that it makes is left
 * out too; elsewhere a reading costs its 48 bytes, which is why the engine does not time every message of a batch.
 */
export function makeStamp({ wallUsAtZero }: ClockBasis): StampUs {
  return (into, index) => {
    const [seconds, nanoseconds] = hrtime();
    into[index] = seconds * 1e6 + nanoseconds / 1e3 + wallUsAtZero;
  };
}

/**
 * What ends a run from outside: its time is over, or a signal. Repeating a signal changes nothing; the way down is
 * orderly.
 */
export interface Interruption {
  readonly promise: Promise<void>;
  /** Why it came, once it has. */
  readonly reason: string | undefined;
  /** Starts the time that the run has. */
  limit(durationMs: number): void;
  /** Gives signals and timer back. */
  release(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function interruption(): Interruption {
  let timer: NodeJS.Timeout | undefined;
  let settle!: () => void;
  const state = { reason: undefined as string | undefined };
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const end = (reason: string): void => {
    state.reason ??= reason;
    settle();
  };
  const onSignal = (signal: string): void => end(signal);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    promise,
    get reason() {
      return state.reason;
    },
    limit: (durationMs) => {
      timer = setTimeout(() => end("the duration is over"), durationMs);
    },
    release: () => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

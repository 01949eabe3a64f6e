/**
 * What a thread does when its agents find nothing: spin for a while, then sleep at its doorbell. Spinning answers in a
 * fraction of a microsecond and takes a core; sleeping frees the core and answers in some tens of microseconds.
 */
export interface IdleStrategy {
  /** Idle duty cycles before the thread sleeps; Infinity never sleeps. */
  readonly spinsMax: number;
  /** Longest sleep, after which the thread looks at its agents unasked and its heart beats. */
  readonly parkMs: number;
}

export const IDLE = {
  /** For hosts whose cores are shared: sleeps after a short spin. */
  shared: { spinsMax: 50, parkMs: 20 },
  /** For a thread with an event loop: its sockets wait while it spins, and who has work for it wakes it. */
  eventLoop: { spinsMax: 2, parkMs: 1_000 },
  /** For a thread that looks at files, where each look is a system call, and that nobody waits for. */
  background: { spinsMax: 0, parkMs: 10 },
  /** For a thread that has a core to itself: never sleeps. Never run more of these than cores less one. */
  dedicated: { spinsMax: Infinity, parkMs: 0 },
} as const satisfies Record<string, IdleStrategy>;

/** Counts idle duty cycles in a row, and says when they are enough. */
export class IdleCount {
  private readonly spinsMax: number;
  private spins = 0;

  constructor(strategy: IdleStrategy) {
    this.spinsMax = strategy.spinsMax;
  }

  /** Takes what a duty cycle did; true when it is time to sleep. */
  shouldPark(done: number): boolean {
    this.spins = done > 0 ? 0 : this.spins + 1;
    return this.spins > this.spinsMax;
  }
}

/** Delays between attempts: the bound doubles up to a maximum, and each delay is drawn evenly below it. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

export class Backoff {
  private readonly options: BackoffOptions;
  private boundMs: number;

  constructor(options: BackoffOptions) {
    this.options = options;
    this.boundMs = options.firstMs;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const delayMs = this.options.random() * this.boundMs;
    this.boundMs = Math.min(this.boundMs * 2, this.options.maxMs);
    return delayMs;
  }

  /** An attempt succeeded. */
  reset(): void {
    this.boundMs = this.options.firstMs;
  }
}

/**
 * The replay's clock and the timer that acts on it. It turns real time into venue time (recorded pace × speed, from
 * start, without pauses) and asks for everything that is due; what fell behind goes out as fast as it can, in turns.
 */

const TICK_MS = 4;
const US_PER_MS = 1000;

export class Pacer {
  readonly #speed: number;
  readonly #sendDue: (nowUs: number) => boolean;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #started = false;
  #paused = false;
  /** Venue time when the clock last stopped, microseconds. */
  #elapsedUs = 0;
  #runningSinceMs = 0;

  /** `sendDue` sends what is due at a venue time and returns true when it left some for the next turn. */
  constructor(speed: number, sendDue: (nowUs: number) => boolean) {
    this.#speed = speed;
    this.#sendDue = sendDue;
  }

  /** Starts the clock; only the first call counts. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#run();
  }

  pause(): void {
    if (this.#paused) return;
    this.#elapsedUs = this.#nowUs();
    this.#paused = true;
    this.#stopTimers();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#run();
  }

  #run(): void {
    if (!this.#started || this.#paused || this.#speed === 0) return;
    this.#runningSinceMs = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    if (this.#immediate || !this.#sendDue(this.#nowUs())) return;
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      this.#tick();
    });
  }

  #nowUs(): number {
    if (!this.#timer) return this.#elapsedUs;
    return this.#elapsedUs + (performance.now() - this.#runningSinceMs) * US_PER_MS * this.#speed;
  }

  #stopTimers(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = this.#immediate = undefined;
  }
}

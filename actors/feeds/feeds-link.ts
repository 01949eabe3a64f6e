/**
 * The main thread's side of the feed. It asks for the instruments, tells the feed to go, and, when the feed's thread
 * was lost, settles what that one counted and sets its successor going. Until the engine has heard from the successor
 * that the books are old, the feed counts as away.
 */
import type { MessagePort } from "node:worker_threads";
import { ConfigError, type InstrumentSpec } from "../../engine/index.js";
import { ThreadFailure } from "../supervisor.js";
import type { FeedsMessage } from "../threads/feeds.js";
import type { ThreadContext } from "../threads/thread-data.js";
import { settleLedger, showFeedCounters } from "./feed-ledger.js";

export class FeedsLink {
  private readonly context: ThreadContext;
  private port: MessagePort | null = null;
  private specs: readonly InstrumentSpec[] = [];
  private hasGone = false;
  /** Market messages that the engine must have taken to know that the books are old; Infinity before that is said. */
  private knownAt = 0;

  constructor(context: ThreadContext) {
    this.context = context;
  }

  /** The port of the feed's thread, and of each that follows it. */
  readonly onPort = (port: MessagePort): void => {
    this.port = port;
    port.on("message", (message: FeedsMessage) => {
      if (message.type === "resumed" && port === this.port) this.knownAt = message.messages;
    });
    if (this.hasGone) this.go();
  };

  /** What the venue says of the instruments. Rejects with ConfigError for one that it does not have. */
  load(): Promise<readonly InstrumentSpec[]> {
    return new Promise((resolve, reject) => {
      this.port?.on("message", (received: FeedsMessage) => {
        if (received.type === "instruments") {
          this.specs = received.specs;
          resolve(received.specs);
        }
        if (received.type === "refused") reject(refusal(received.name, received.message));
      });
      this.tell({ type: "load" });
    });
  }

  go(): void {
    this.hasGone = true;
    this.tell({ type: "go", specs: this.specs });
  }

  /** The thread is gone, whatever it was at. */
  lost(): void {
    const { views, map, counters, controls } = this.context;
    this.port = null;
    this.knownAt = Number.POSITIVE_INFINITY;
    showFeedCounters(settleLedger(views, map.feedLedger, this.context.producer("market").publishedPosition), counters);
    // Whoever suspends trading runs on this thread, and may sleep.
    controls.main.doorbell.ring();
  }

  /** Whether the engine may still take books for live that nobody keeps. */
  readonly isAway = (): boolean => this.context.counters.get("engine.market") < this.knownAt;

  private tell(message: FeedsMessage): void {
    this.port?.postMessage(message);
  }
}

/** An error that crossed a thread comes back as its own class: exit codes depend on it. */
function refusal(name: string, message: string): Error {
  return name === "ConfigError" ? new ConfigError(message) : new ThreadFailure(message);
}

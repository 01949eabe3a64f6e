/**
 * Turns what other threads found into changes of the trading state, as an operator would: an alert nobody acts on is
 * decoration. A disk that cannot keep up, or a feed whose thread is gone, suspends trading until that is over; a
 * replica that does not come to the same results, or reports of the venue that the engine does not take, halt it.
 */
import { OperatorAction } from "../schemas/index.js";
import type { Agent } from "./agent/agent.js";
import type { CounterName } from "./counter-names.js";
import { JournalState } from "./journal/journal-agent.js";

export interface TradingGuardParts {
  readonly counters: { get(name: CounterName): number };
  readonly command: (action: number, reason: string) => void;
  /** Whether nobody keeps the books at the moment. */
  readonly isFeedAway: () => boolean;
}

/** What suspends trading, and the words of its end. */
const DISK = ["the journal's disk does not keep up", "the journal's disk keeps up again"] as const;
const FEED = ["the feed's thread is gone", "the feed's thread is back"] as const;

/** What halts trading once it is not 0. */
const HALTS = [
  ["archive.diverged", "the shadow engine came to other results from the same inputs"],
  ["gateway.overfull", "the engine does not take the venue's reports, and no more can wait"],
] as const satisfies readonly (readonly [CounterName, string])[];

export class TradingGuard implements Agent {
  readonly role = "guard";
  private readonly parts: TradingGuardParts;
  /** Why trading is suspended; null while nothing is wrong. */
  private trouble: typeof DISK | typeof FEED | null = null;
  /** Counters that have halted trading: an operator may resume, and is not halted again for the same. */
  private readonly halted = new Set<CounterName>();

  constructor(parts: TradingGuardParts) {
    this.parts = parts;
  }

  work(): number {
    return this.watchTroubles() + this.watchHalts();
  }

  /** The engine knows one suspension: it begins with the first trouble and ends with the last. */
  private watchTroubles(): number {
    const { counters, isFeedAway, command } = this.parts;
    const before = this.trouble;
    const isSlow = counters.get("journal.state") !== JournalState.ok;
    if (isFeedAway()) this.trouble = FEED;
    else this.trouble = isSlow ? DISK : null;
    if ((before === null) === (this.trouble === null)) return 0;
    if (this.trouble !== null) command(OperatorAction.Suspend, this.trouble[0]);
    else command(OperatorAction.Unsuspend, before![1]);
    return 1;
  }

  private watchHalts(): number {
    let done = 0;
    for (const [counter, reason] of HALTS) {
      if (this.halted.has(counter) || this.parts.counters.get(counter) === 0) continue;
      this.halted.add(counter);
      this.parts.command(OperatorAction.Halt, reason);
      done += 1;
    }
    return done;
  }
}

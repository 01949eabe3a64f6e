/**
 * Turns what other threads found into changes of the trading state, as an operator would: an alert nobody acts on is
 * decoration. A disk that cannot keep up suspends trading until it can; a replica that does not come to the same
 * results halts it.
 */
import { OperatorAction } from "../schemas/index.js";
import type { Agent } from "./agent/agent.js";
import type { CounterName } from "./counter-names.js";
import { JournalState } from "./journal/journal-agent.js";

export interface TradingGuardParts {
  readonly counters: { get(name: CounterName): number };
  readonly command: (action: number, reason: string) => void;
}

export class TradingGuard implements Agent {
  readonly role = "guard";
  private readonly parts: TradingGuardParts;
  private isSuspended = false;
  private hasHalted = false;

  constructor(parts: TradingGuardParts) {
    this.parts = parts;
  }

  work(): number {
    return this.watchDisk() + this.watchShadow();
  }

  private watchDisk(): number {
    const isSlow = this.parts.counters.get("journal.state") !== JournalState.ok;
    if (isSlow === this.isSuspended) return 0;
    this.isSuspended = isSlow;
    if (isSlow) this.parts.command(OperatorAction.Suspend, "the journal's disk does not keep up");
    else this.parts.command(OperatorAction.Unsuspend, "the journal's disk keeps up again");
    return 1;
  }

  private watchShadow(): number {
    if (this.hasHalted || this.parts.counters.get("archive.diverged") === 0) return 0;
    this.hasHalted = true;
    this.parts.command(OperatorAction.Halt, "the shadow engine came to other results from the same inputs");
    return 1;
  }
}

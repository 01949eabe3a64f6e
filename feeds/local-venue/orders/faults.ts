/**
 * The fault switchboard: which faults are armed, and whether one strikes now. A rule strikes the next few times, or
 * with a probability from a seeded generator of its own, so that the same plan over the same requests strikes the same.
 */
import type { FaultKind, FaultPlan, FaultRule } from "./fault-plan.js";

const UINT32 = 2 ** 32;

interface Occasion {
  /** Such as `POST /api/v3/order`; absent where no request is concerned. */
  readonly endpoint?: string;
}

interface Armed {
  readonly rule: FaultRule;
  readonly random: () => number;
  skip: number;
  left: number;
}

export class Faults {
  #armed: readonly Armed[] = [];
  readonly #struck = new Map<FaultKind, number>();

  /** How often each kind struck, since the venue started. */
  get struck(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#struck].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The rules in force, with what is left of those that are counted. */
  get rules(): readonly FaultRule[] {
    return this.#armed.map(({ rule, skip, left }) =>
      rule.next === undefined ? rule : { ...rule, next: left, ...(rule.skip !== undefined && { skip }) },
    );
  }

  /** Takes the place of all rules before. */
  arm({ seed, rules }: FaultPlan): void {
    this.#armed = rules.map((rule, index) => ({
      rule,
      random: generator(seed + index),
      skip: rule.skip ?? 0,
      left: rule.next ?? 0,
    }));
  }

  /** The first rule of the kind that strikes on this occasion, if one does; it is counted. */
  strike(kind: FaultKind, { endpoint }: Occasion = {}): FaultRule | undefined {
    const found = this.#armed.find(
      (armed) =>
        armed.rule.kind === kind && (endpoint === undefined || armed.rule.on!.includes(endpoint)) && fires(armed),
    );
    if (found) this.#struck.set(kind, (this.#struck.get(kind) ?? 0) + 1);
    return found?.rule;
  }
}

function fires(armed: Armed): boolean {
  if (armed.skip > 0) {
    armed.skip--;
    return false;
  }
  if (armed.rule.probability !== undefined) return armed.random() < armed.rule.probability;
  if (armed.left === 0) return false;
  armed.left--;
  return true;
}

/** Numbers in [0, 1) from a seed: a counter, mixed (Steele, Lea and Flood's splitmix, in 32 bits). */
function generator(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / UINT32;
  };
}

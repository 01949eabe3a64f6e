/**
 * Works off a plan. It sends nothing before its time and nothing beyond the plan; what to do with time that was missed
 * (a late start, a pause, an order that the venue refused) is a choice made at the beginning.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkOptions, choice, INTEGER_MAX, integer, integerAt, number } from "./arguments.js";
import { type Kernels, kernels } from "./kernels.js";
import type { Plan } from "./plan.js";
import { childOf, WorkingOrder } from "./working.js";

export interface FollowOptions {
  readonly plan: Plan;
  /** The end of the window, integer microseconds, not before the last child. */
  readonly endUs: number;
  /** The least that a child may have, as in the plan. Default 1. */
  readonly lotsMin?: number;
  /**
   * What was due and not sent is owed at once, `"catchUp"` (the default); or, `"spread"`, each later child takes its
   * share of what remains, so what was missed is spread over the children to come.
   */
  readonly late?: "catchUp" | "spread";
  /** At the end of the window, send nothing more (`"cancel"`, the default) or all that remains (`"complete"`). */
  readonly completion?: Completion;
}

export type Completion = "cancel" | "complete";

const NAMES = ["plan", "endUs", "lotsMin", "late", "completion"];
const SENT = 1;

/** Makes an order that follows the plan. Throws MathTypeError and MathArgumentError. */
export function follow(options: FollowOptions): PlanFollower {
  checkOptions(options, NAMES);
  const { plan, late = "catchUp", completion = "cancel" } = options;
  checkPlan(plan);
  const endUs = integer("endUs", options.endUs, plan.timesUs.at(-1) ?? 0);
  const lotsMin = integer("lotsMin", options.lotsMin ?? 1, 1);
  choice("late", late, ["catchUp", "spread"]);
  choice("completion", completion, ["cancel", "complete"]);
  return new PlanFollower(plan, endUs, lotsMin, late === "spread", completion === "complete");
}

export class PlanFollower extends WorkingOrder {
  readonly #timesUs: Float64Array;
  /** Lots of the first children, from none to all. */
  readonly #sums: Float64Array;
  readonly #endUs: number;
  readonly #lotsMin: number;
  readonly #spreads: boolean;
  readonly #completes: boolean;
  readonly #kernels: Kernels = kernels();

  /** For `follow` alone. */
  constructor(plan: Plan, endUs: number, lotsMin: number, spreads: boolean, completes: boolean) {
    const sums = new Float64Array(plan.lots.length + 1);
    plan.lots.forEach((lots, child) => {
      sums[child + 1] = sums[child]! + lots;
    });
    super(sums.at(-1)!, 1);
    this.#timesUs = plan.timesUs.slice();
    this.#sums = sums;
    this.#endUs = endUs;
    this.#lotsMin = lotsMin;
    this.#spreads = spreads;
    this.#completes = completes;
  }

  /**
   * Lots to send now; 0 when nothing is due. Times in microseconds, lots as WorkingOrder says. Throws MathTypeError and
   * MathArgumentError.
   */
  next(nowUs: number, executedLots: number, liveLots: number): number {
    number("nowUs", nowUs, 0, INTEGER_MAX);
    const remaining = this.remaining(executedLots, liveLots);
    if (!this.isWorking || remaining === 0) return 0;
    if (nowUs >= this.#endUs) {
      return this.#completes ? childOf(remaining, remaining, this.#lotsMin, INTEGER_MAX) : 0;
    }
    const due = this.#dueAt(nowUs);
    const wanted = this.#spreads ? this.#share(due, remaining) : this.#sums[due]! - (this.lots - remaining);
    const child = childOf(wanted, remaining, this.#lotsMin, INTEGER_MAX);
    if (child > 0) this.state[SENT] = due;
    return child;
  }

  /** How many children are due. They are found by halving, as a pause may have passed over many. */
  #dueAt(nowUs: number): number {
    let low = 0;
    let high = this.#timesUs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#timesUs[middle]! <= nowUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of what remains, the part that the latest due child has of all that are not yet past; 0 once it is sent. */
  #share(due: number, remaining: number): number {
    if (due === 0 || due === this.state[SENT]) return 0;
    const before = this.#sums[due - 1]!;
    return this.#kernels.floorOf(remaining, this.#sums[due]! - before, this.lots - before);
  }
}

function checkPlan(plan: Plan): void {
  checkOptionsOfPlan(plan);
  const { timesUs, lots } = plan;
  if (lots.length !== timesUs.length) {
    throw new MathArgumentError("plan.lots.length", lots.length, `the length of plan.timesUs, ${timesUs.length}`);
  }
  let sum = 0;
  lots.forEach((_, child) => {
    sum += integerAt("plan.lots", lots, child, 1, INTEGER_MAX - sum);
    integerAt("plan.timesUs", timesUs, child, child === 0 ? 0 : timesUs[child - 1]! + 1);
  });
}

function checkOptionsOfPlan(plan: Plan): void {
  if (typeof plan !== "object" || plan === null) throw new MathTypeError("plan", plan, "a plan");
  if (!(plan.timesUs instanceof Float64Array)) throw new MathTypeError("plan.timesUs", plan.timesUs, "a Float64Array");
  if (!(plan.lots instanceof Float64Array)) throw new MathTypeError("plan.lots", plan.lots, "a Float64Array");
}

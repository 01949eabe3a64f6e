/**
 * Percentage of volume: keeps our share of the trading at a rate, own / (own + market), where the market is everybody
 * else. It answers volume that has traded and never anticipates any.
 */
import { checkOptions, choice, INTEGER_MAX, integer, millionthsOf, number, parentLots, windowUs } from "./arguments.js";
import type { Completion } from "./follow.js";
import { type Kernels, kernels } from "./kernels.js";
import { MILLION } from "./layout.js";
import { childOf, WorkingOrder } from "./working.js";

export interface PovOptions {
  /** Of the parent, an integer of at least `childMin`. */
  readonly lots: number;
  /** 1e-6 to 1, in millionths: 0.1 is one lot of ours to nine of others. */
  readonly rate: number;
  /** Integer microseconds; volume before the start does not count. */
  readonly startUs: number;
  readonly endUs: number;
  /** The least that a child may have, an integer of 1 (the default) or more. */
  readonly childMin?: number;
  /** The most, an integer of at least 2 × childMin − 1, so that no remainder is stuck. Default: any number. */
  readonly childMax?: number;
  /** The most lots that we may be behind: what a burst of volume owes beyond that is forgiven. Default: any number. */
  readonly catchUpLots?: number;
  /** At the end of the window, send nothing more (`"cancel"`, the default) or all that remains (`"complete"`). */
  readonly completion?: Completion;
}

const NAMES = ["lots", "rate", "startUs", "endUs", "childMin", "childMax", "catchUpLots", "completion"];
const MARKET = 1;
const FORGIVEN = 2;

/** Makes an order that follows the volume. Throws MathTypeError and MathArgumentError. */
export function pov(options: PovOptions): Pov {
  checkOptions(options, NAMES);
  const childMin = integer("childMin", options.childMin ?? 1, 1, 2 ** 52);
  parentLots(options.lots, childMin);
  millionthsOf("rate", options.rate);
  windowUs(options.startUs, options.endUs);
  integer("childMax", options.childMax ?? INTEGER_MAX, 2 * childMin - 1);
  integer("catchUpLots", options.catchUpLots ?? INTEGER_MAX, childMin);
  choice("completion", options.completion ?? "cancel", ["cancel", "complete"]);
  return new Pov(options);
}

export class Pov extends WorkingOrder {
  readonly #millionths: number;
  readonly #startUs: number;
  readonly #endUs: number;
  readonly #childMin: number;
  readonly #childMax: number;
  readonly #catchUpLots: number;
  readonly #completes: boolean;
  readonly #kernels: Kernels = kernels();

  /** For `pov` alone: the options are checked. */
  constructor(options: PovOptions) {
    super(options.lots, 2);
    this.#millionths = millionthsOf("rate", options.rate);
    this.#startUs = options.startUs;
    this.#endUs = options.endUs;
    this.#childMin = options.childMin ?? 1;
    this.#childMax = options.childMax ?? INTEGER_MAX;
    this.#catchUpLots = options.catchUpLots ?? INTEGER_MAX;
    this.#completes = options.completion === "complete";
  }

  /**
   * Lots to send now; 0 when nothing is due. `marketLots` is what others have traded since the last call, our own fills
   * left out; volume that passes before the start or in a pause is not owed. Before the end, executed, live and this
   * child together are below rate / (1 − rate) × market + childMin. Throws MathTypeError and MathArgumentError.
   */
  next(nowUs: number, marketLots: number, executedLots: number, liveLots: number): number {
    number("nowUs", nowUs, 0, INTEGER_MAX);
    integer("marketLots", marketLots);
    const remaining = this.remaining(executedLots, liveLots);
    if (!this.isWorking || nowUs < this.#startUs) return 0;
    if (nowUs >= this.#endUs) {
      return this.#completes ? childOf(remaining, remaining, this.#childMin, this.#childMax) : 0;
    }
    const due = this.#owed(marketLots) - executedLots - liveLots;
    const excess = due - this.#catchUpLots;
    if (excess > 0) this.state[FORGIVEN] = Math.min(this.state[FORGIVEN]! + excess, INTEGER_MAX);
    return childOf(Math.min(due, this.#catchUpLots), remaining, this.#childMin, this.#childMax);
  }

  /** ⌊rate / (1 − rate) × market⌋ without what was forgiven; as much as can be counted when the rate is 1. */
  #owed(marketLots: number): number {
    const market = Math.min(this.state[MARKET]! + marketLots, INTEGER_MAX);
    this.state[MARKET] = market;
    const others = MILLION - this.#millionths;
    const owed = others === 0 ? Number.NaN : this.#kernels.floorOf(market, this.#millionths, others);
    return (Number.isNaN(owed) ? INTEGER_MAX : owed) - this.state[FORGIVEN]!;
  }
}

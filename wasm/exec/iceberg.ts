/**
 * An iceberg: one visible child at a time, and never more of it than the peak. When it is gone, the next one shows; its
 * size is drawn within a band, so that refills do not betray themselves.
 */
import { MathArgumentError } from "../errors.js";
import { checkOptions, choice, INTEGER_MAX, integer, number, parentLots, signOf } from "./arguments.js";
import { type Kernels, kernels } from "./kernels.js";
import { childOf, WorkingOrder } from "./working.js";

export interface IcebergOptions {
  readonly side: "buy" | "sell";
  /** Of the parent, an integer of at least `lotsMin`. */
  readonly lots: number;
  /** The most that is ever visible, an integer of at least 2 × lotsMin − 1, so that no remainder is stuck. */
  readonly peakLots: number;
  /** The price that is never passed, integer ticks. */
  readonly limitTicks: number;
  /** Visible sizes are drawn evenly from (1 − band) × peak to the peak: 0 (the default, always the peak) to 1. */
  readonly band?: number;
  /** The least that a child may have, an integer of 1 (the default) or more. */
  readonly lotsMin?: number;
  /** An integer from 0; needed with a band. */
  readonly seed?: number;
  /** `"stay"` at the limit (the default), or `"follow"` the touch on our side, never past the limit. */
  readonly priceRule?: "stay" | "follow";
}

const NAMES = ["side", "lots", "peakLots", "limitTicks", "band", "lotsMin", "seed", "priceRule"];
const DRAWN = 1;
const TICKS_MAX = 2 ** 31 - 1;

/** Makes an iceberg. Throws MathTypeError and MathArgumentError. */
export function iceberg(options: IcebergOptions): Iceberg {
  checkOptions(options, NAMES);
  const lotsMin = integer("lotsMin", options.lotsMin ?? 1, 1, 2 ** 52);
  parentLots(options.lots, lotsMin);
  integer("peakLots", options.peakLots, 2 * lotsMin - 1);
  integer("limitTicks", options.limitTicks, -TICKS_MAX, TICKS_MAX);
  const band = number("band", options.band ?? 0, 0, 1);
  if (band > 0 && options.seed === undefined) {
    throw new MathArgumentError("seed", options.seed, `an integer from 0 to ${INTEGER_MAX}, as there is a band`);
  }
  integer("seed", options.seed ?? 0);
  choice("priceRule", options.priceRule ?? "stay", ["stay", "follow"]);
  signOf(options.side);
  return new Iceberg(options);
}

export class Iceberg extends WorkingOrder {
  readonly #sign: number;
  readonly #peakLots: number;
  readonly #lotsMin: number;
  /** By how many lots a visible size may fall short of the peak. */
  readonly #bandLots: number;
  readonly #seed: number;
  readonly #limitTicks: number;
  readonly #follows: boolean;
  readonly #kernels: Kernels = kernels();

  /** For `iceberg` alone: the options are checked. */
  constructor({ side, lots, peakLots, limitTicks, band = 0, lotsMin = 1, seed = 0, priceRule }: IcebergOptions) {
    super(lots, 1);
    this.#sign = signOf(side);
    this.#peakLots = peakLots;
    this.#lotsMin = lotsMin;
    this.#bandLots = Math.min(Math.floor(band * peakLots), peakLots - lotsMin);
    this.#seed = seed;
    this.#limitTicks = limitTicks;
    this.#follows = priceRule === "follow";
  }

  /**
   * Lots to show now: 0 while anything is live, else the next visible size. Call it after each fill and each order
   * that ended. A remainder below `lotsMin`, left by a partial fill and a cancel, cannot be shown. Throws MathTypeError
   * and MathArgumentError.
   */
  next(executedLots: number, liveLots: number): number {
    const remaining = this.remaining(executedLots, liveLots);
    if (!this.isWorking || liveLots > 0 || remaining < this.#lotsMin) return 0;
    return childOf(this.#draw(), remaining, this.#lotsMin, this.#peakLots);
  }

  /**
   * Where a child belongs when the best price on our side is `touchTicks`. A caller who finds a live child elsewhere
   * may cancel it; the next one shows when the venue has confirmed that.
   */
  priceTicks(touchTicks: number): number {
    const touch = integer("touchTicks", touchTicks, -TICKS_MAX, TICKS_MAX);
    return this.#follows && this.#sign * touch < this.#sign * this.#limitTicks ? touch : this.#limitTicks;
  }

  #draw(): number {
    if (this.#bandLots === 0) return this.#peakLots;
    const drawn = this.state[DRAWN]!;
    this.state[DRAWN] = drawn + 1;
    return this.#peakLots - this.#kernels.draw(this.#seed, drawn, this.#bandLots + 1);
  }
}

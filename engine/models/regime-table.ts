/**
 * Every regime of an engine, by its number, with what was asked for each. Numbers are given once and never again in a
 * life, so that an answer finds its regime or nobody.
 */
import type { HmmFilter, HmmModel, MathCore } from "../../wasm/index.js";
import { OBSERVED_NUMBERS_MAX, Regime, type RegimeRow } from "./regime.js";

/** A model, or only its states and features while none is known. */
export type RegimeOptions = (HmmModel | Pick<HmmModel, "states" | "features">) & {
  /** Newest observations that are kept for a fit: up to 8000 numbers. Default 0, which is for a model that stays. */
  readonly window?: number;
};

const NONE: readonly Regime[] = [];

export class RegimeTable {
  readonly all: Regime[] = [];
  private readonly byStrategy: Regime[][] = [];
  /** How many want a model. */
  waiting = 0;
  /** Answers that were none: to no request that is open, or with what is no model of the regime's. */
  refused = 0;
  /** Requests that came to no model. */
  failed = 0;

  /** Throws MathArgumentError, MathTypeError or ArenaFullError. */
  make(math: MathCore, strategy: number, options: RegimeOptions): Regime {
    const { window = 0 } = options;
    if (window * options.features > OBSERVED_NUMBERS_MAX) {
      throw new RangeError(
        `a regime keeps up to ${OBSERVED_NUMBERS_MAX} numbers, was a window of ${window} × ${options.features}`,
      );
    }
    return this.add(math.hmmFilter(options, window), strategy);
  }

  /** A regime around a filter that there is. */
  add(filter: HmmFilter, strategy: number): Regime {
    const row: RegimeRow = { index: this.all.length, strategy, request: 0, wanted: false, outcome: 0 };
    const regime = new Regime(filter, row, (asking) => this.want(asking));
    this.all.push(regime);
    this.give(regime, strategy);
    return regime;
  }

  /** A strategy's, in the order they were made. */
  of(strategy: number): readonly Regime[] {
    return this.byStrategy[strategy] ?? NONE;
  }

  want(row: RegimeRow): void {
    row.wanted = true;
    this.waiting += 1;
  }

  /** It is asked for, or not wanted any more. */
  drop(row: RegimeRow): void {
    if (row.wanted) this.waiting -= 1;
    row.wanted = false;
  }

  /** Goes over to other strategies: `heirs` gives the new place of each old one, −1 for one that is gone. */
  move(heirs: readonly number[]): void {
    this.byStrategy.length = 0;
    for (const regime of this.all) {
      const { _row: row } = regime;
      const heir = heirs[row.strategy] ?? -1;
      if (heir >= 0) {
        this.give(regime, heir);
        continue;
      }
      // It keeps its number, and no answer is of use to it.
      this.drop(row);
      row.request = 0;
    }
  }

  private give(regime: Regime, strategy: number): void {
    regime._row.strategy = strategy;
    this.byStrategy[strategy] ??= [];
    this.byStrategy[strategy].push(regime);
  }

  /** What was asked for up to a sequence, and will not be answered, is asked for again; `onAsked` hears for whom. */
  askAgain(sequence: number, onAsked: (strategy: number) => void): void {
    for (const { _row: row } of this.all) {
      if (row.request === 0 || !(row.request <= sequence)) continue;
      row.request = 0;
      this.want(row);
      onAsked(row.strategy);
    }
  }
}

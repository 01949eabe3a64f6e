/**
 * What a strategy holds of a hidden Markov model that follows the market: the filter in the math core, and whether a
 * new model was asked for. Fitting takes long and is done elsewhere; the answer comes as an input of the engine.
 */
import { checkModel, type HmmFilter, type HmmModel, names, type RegimeName } from "../../wasm/index.js";

/** Numbers that a request can hold: every observation is as many as the model has features. */
export const OBSERVED_NUMBERS_MAX = 8_000;

/** What the newest request came to. */
export type RefitOutcome = "none" | "fitted" | "unconverged" | "failed" | "busy";

/** What the engine knows of a regime beside its filter. */
export interface RegimeRow {
  readonly index: number;
  strategy: number;
  /** Sequence of the record that asked for a model and has no answer yet; 0 without one. */
  request: number;
  /** A model is to be asked for as soon as there is room. */
  wanted: boolean;
  outcome: number;
}

/** Told when a regime wants a model. */
export type OnWanted = (row: RegimeRow) => void;

export class Regime {
  /** @internal */
  readonly _row: RegimeRow;
  /** @internal */
  readonly _filter: HmmFilter;
  readonly #onWanted: OnWanted;
  #names: readonly RegimeName[] = [];

  /** For the table alone. */
  constructor(filter: HmmFilter, row: RegimeRow, onWanted: OnWanted) {
    this._filter = filter;
    this._row = row;
    this.#onWanted = onWanted;
    this._nameStates();
    // What is added to it would be lost by a snapshot.
    Object.freeze(this);
  }

  /**
   * Takes the next observation, a number for each feature, and returns the most probable state; −1 while there is no
   * model. Throws for NaN, an infinity, a magnitude above 1e150, and another count of numbers than the features.
   */
  push(a: number, b?: number, c?: number, d?: number): number {
    return this._filter.push(a, b, c, d);
  }

  /** Whether there is a model, and an observation by it. */
  get ready(): boolean {
    return this._filter.ready;
  }

  /** The most probable state, from 0; −1 until ready. */
  get state(): number {
    return this._filter.state;
  }

  /** What that state is by its moments; "unknown" until ready. */
  get name(): RegimeName | "unknown" {
    return this.#names[this._filter.state] ?? "unknown";
  }

  /** How probable a state is, or all states of a name together; NaN until ready. */
  probability(state: number | RegimeName): number {
    if (typeof state === "number") return this._filter.probability(state);
    let sum = this.ready ? 0 : Number.NaN;
    for (let at = 0; at < this.#names.length; at += 1) {
      if (this.#names[at] === state) sum += this._filter.probability(at);
    }
    return sum;
  }

  /** Log of the density of all observations since the first model, each by the model of its time. */
  get logLikelihood(): number {
    return this._filter.logLikelihood;
  }

  /** A copy; null while there is none. */
  get model(): HmmModel | null {
    return this._filter.model;
  }

  /** The name of each state; empty without a model. */
  get names(): readonly RegimeName[] {
    return this.#names;
  }

  get states(): number {
    return this._filter.states;
  }

  get features(): number {
    return this._filter.features;
  }

  /** Observations that are kept for the next fit, at most the window. */
  get observed(): number {
    return this._filter.observed;
  }

  /**
   * Asks for a model of the observations that are kept. It comes later, as an event: `onModel`. False when one was
   * asked for already, or when there are no more observations than states.
   */
  refit(): boolean {
    const { _row, _filter } = this;
    if (_filter.window === 0) throw new Error("this regime keeps no observations to fit: make it with a window");
    if (this.isRefitting || _filter.observed <= _filter.states) return false;
    this.#onWanted(_row);
    return true;
  }

  /** Whether a model was asked for and has not come. */
  get isRefitting(): boolean {
    return this._row.wanted || this._row.request !== 0;
  }

  /** What the newest request came to; "none" before the first. */
  get outcome(): RefitOutcome {
    return OUTCOMES[this._row.outcome] ?? "none";
  }

  /** @internal Takes a model up. Throws what `checkModel` throws, or for another shape, changing nothing. */
  _takeModel(model: HmmModel): void {
    checkModel(model);
    this._filter.replaceModel(model);
    this._nameStates();
  }

  /** @internal After the filter got a model, or a state from a snapshot. */
  _nameStates(): void {
    const { model } = this._filter;
    if (model !== null) this.#names = names(model);
  }
}

/** By the schema's numbers. */
const OUTCOMES: readonly RefitOutcome[] = ["none", "fitted", "unconverged", "failed", "busy"];

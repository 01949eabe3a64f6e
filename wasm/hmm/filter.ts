/**
 * The streaming filter of a hidden Markov model: after each observation, how probable every state is given all that
 * came so far. It lives in the arena like an indicator, and can keep the newest observations, from which a model may be
 * fitted anew. It fits nothing itself. A push costs O(K²) and allocates nothing.
 */
import { MathArgumentError, MathInputError } from "../errors.js";
import {
  HMM_CAPACITY,
  HMM_FEATURES,
  HMM_INPUT,
  HMM_LENGTH,
  HMM_LOG_LIKELIHOOD,
  HMM_MODEL,
  HMM_MODELLED,
  HMM_POSITION,
  HMM_PRODUCT,
  HMM_STATE,
  HMM_STATES,
} from "../layout.js";
import type { MathExports } from "../math-module.js";
import { INPUT_MAX, StreamingIndicator } from "../streaming.js";
import { partsOf } from "./filter-state.js";
import { checkModel, type HmmModel } from "./model.js";

const INPUT = HMM_INPUT >> 3;
const LOG_LIKELIHOOD = HMM_LOG_LIKELIHOOD >> 3;
const PRODUCT = HMM_PRODUCT >> 3;
const MODEL = HMM_MODEL >> 3;

export class HmmFilter extends StreamingIndicator {
  /** K, 2 to 6. */
  readonly states: number;
  /** F, numbers in an observation, 1 to 4. */
  readonly features: number;
  /** How many observations can be kept. */
  readonly window: number;
  readonly #words: Int32Array;
  readonly #parts: ReturnType<typeof partsOf>;
  readonly #brief: Uint8Array;
  readonly #log: (x: number) => number;
  readonly #deriveModel: () => void;

  /** For the core alone: `pointer` is an initialised state. */
  constructor({ memory, hmmPush, hmmModel, log }: MathExports, pointer: number, index: number) {
    super(memory, pointer, index, hmmPush);
    this.#words = new Int32Array(memory.buffer, pointer, HMM_MODEL >> 2);
    this.states = this.#words[HMM_STATES >> 2]!;
    this.features = this.#words[HMM_FEATURES >> 2]!;
    this.window = this.#words[HMM_CAPACITY >> 2]!;
    this.#parts = partsOf(this);
    this.#brief = this.stateBytes.subarray(0, 8 * this.#parts.circle);
    this.#log = log;
    this.#deriveModel = () => hmmModel(pointer);
  }

  /**
   * Takes the next observation, a number for each feature, and returns the most probable state, of equals the lowest;
   * −1 while there is no model. Throws MathInputError or MathArgumentError, changing nothing.
   */
  override push(a: number, b?: number, c?: number, d?: number): number {
    const { doubles } = this;
    this.#refuseUnfit(a, b, c, d);
    doubles[INPUT] = a;
    if (b !== undefined) doubles[INPUT + 1] = b;
    if (c !== undefined) doubles[INPUT + 2] = c;
    if (d !== undefined) doubles[INPUT + 3] = d;
    this.advance();
    return this.#words[HMM_STATE >> 2]!;
  }

  /** The most probable state after the last push; −1 before the first with a model. */
  get state(): number {
    return this.#words[HMM_STATE >> 2]!;
  }

  override get value(): number {
    return this.state;
  }

  /** How probable a state is, 0 to 1; NaN until ready. Throws MathArgumentError for a state that there is not. */
  probability(state: number): number {
    if (!(Number.isInteger(state) && state >= 0 && state < this.states)) {
      throw new MathArgumentError("state", state, `an integer from 0 to ${this.states - 1}`);
    }
    return this.ready ? this.doubles[this.#parts.probabilities + state]! : Number.NaN;
  }

  /** Log of the density of all observations since the first model, each by the model there was; 0 before any. */
  get logLikelihood(): number {
    return this.doubles[LOG_LIKELIHOOD]! + this.#log(this.doubles[PRODUCT]!);
  }

  /** A copy of the model; null while there is none. */
  get model(): HmmModel | null {
    if (!this.hasModel) return null;
    const { states, features, doubles } = this;
    const { transition, means, variances, constants } = this.#parts;
    return {
      states,
      features,
      start: doubles.slice(MODEL, transition),
      transition: doubles.slice(transition, means),
      means: doubles.slice(means, variances),
      variances: doubles.slice(variances, constants),
    };
  }

  get hasModel(): boolean {
    return this.#words[HMM_MODELLED >> 2] === 1;
  }

  /**
   * Goes on by another model of the same states and features, from the probabilities there are. The first model is run
   * over the observations that are kept. Throws MathArgumentError or MathTypeError, changing nothing.
   */
  replaceModel(model: HmmModel): void {
    checkModel(model);
    for (const name of ["states", "features"] as const) {
      if (model[name] !== this[name]) throw new MathArgumentError(`model.${name}`, model[name], `${this[name]}`);
    }
    const { transition, means, variances } = this.#parts;
    this.doubles.set(model.start, MODEL);
    this.doubles.set(model.transition, transition);
    this.doubles.set(model.means, means);
    this.doubles.set(model.variances, variances);
    this.#deriveModel();
  }

  /** All but the observations that are kept. */
  override get briefBytes(): Uint8Array {
    return this.#brief;
  }

  /** Observations that are kept. */
  get observed(): number {
    return this.#words[HMM_LENGTH >> 2]!;
  }

  /** Writes the observations that are kept into `target` from `at` on, oldest first, F numbers each. */
  copyObservations(target: Float64Array, at = 0): void {
    const { doubles, features, observed } = this;
    if (target.length - at < observed * features) {
      throw new MathArgumentError("target.length", target.length, `at least ${at + observed * features}`);
    }
    const { circle } = this.#parts;
    const end = circle + observed * features;
    const oldest = observed < this.window ? circle : circle + this.#words[HMM_POSITION >> 2]! * features;
    target.set(doubles.subarray(oldest, end), at);
    target.set(doubles.subarray(circle, oldest), at + end - oldest);
  }

  #refuseUnfit(a: number, b?: number, c?: number, d?: number): void {
    const given = d !== undefined ? 4 : c !== undefined ? 3 : b !== undefined ? 2 : 1;
    if (given !== this.features) throw new MathArgumentError("numbers in an observation", given, `${this.features}`);
    if (!isTaken(a)) throw new MathInputError(a, -1);
    if (given > 1 && !isTaken(b)) throw new MathInputError(b, -1);
    if (given > 2 && !isTaken(c)) throw new MathInputError(c, -1);
    if (given > 3 && !isTaken(d)) throw new MathInputError(d, -1);
  }
}

function isTaken(x: unknown): boolean {
  return typeof x === "number" && x >= -INPUT_MAX && x <= INPUT_MAX;
}

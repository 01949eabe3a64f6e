/** A hidden Markov model as its readers see it: states by name and in order, and the runs of a decoding. */
import type { HmmModel } from "../../wasm/hmm/model.js";
import { type RegimeName, stats } from "../../wasm/stats/index.js";

export interface Regime {
  /** Its number in the model. */
  readonly state: number;
  /** Several states in between are numbered: `sideways 2`. */
  readonly name: string;
  readonly kind: RegimeName;
  readonly mean: number;
  readonly deviation: number;
  /** The probability that the next observation is of the same state. */
  readonly stays: number;
  /** A class of the charts' style sheet. */
  readonly colour: string;
}

export interface Run {
  readonly regime: Regime;
  /** Observations, the second not included. */
  readonly from: number;
  readonly to: number;
}

const BETWEEN_COLOURS = ["amber", "violet", "teal", "grey"];

/** From the highest mean to the lowest. */
export function regimesOf(model: HmmModel): Regime[] {
  const kinds = stats.hmm.names(model);
  const states = Array.from({ length: model.states }, (_, state) => state);
  const mean = (state: number): number => model.means[state * model.features];
  const between = kinds.filter((kind) => kind === "sideways").length;
  let count = 0;
  return states
    .sort((a, b) => rankOf(kinds[a]) - rankOf(kinds[b]) || mean(b) - mean(a))
    .map((state) => {
      const kind = kinds[state];
      const number = kind === "sideways" ? count++ : 0;
      return {
        ...{ state, kind, mean: mean(state), deviation: Math.sqrt(model.variances[state * model.features]) },
        name: kind === "sideways" && between > 1 ? `${kind} ${number + 1}` : kind,
        stays: model.transition[state * model.states + state],
        colour: kind === "bull" ? "up" : kind === "bear" ? "down" : BETWEEN_COLOURS[number],
      };
    });
}

function rankOf(kind: RegimeName): number {
  return ["bull", "sideways", "bear"].indexOf(kind);
}

/** Neighbouring observations of one state. */
export function runsOf(states: Uint8Array, regimes: readonly Regime[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let at = 1; at <= states.length; at += 1) {
    if (at < states.length && states[at] === states[from]) continue;
    runs.push({ regime: regimes.find(({ state }) => state === states[from])!, from, to: at });
    from = at;
  }
  return runs;
}

/**
 * What becomes of a request: its answer is an input, and nothing in it is believed before it was looked at. A request
 * has one answer. What answers none that is open, or holds no model of the regime's, is counted and refused.
 */
import {
  FitOutcome,
  type MessageViews,
  MODEL_FIT_BYTES,
  MODEL_FIT_MODEL,
  MODEL_FIT_MODEL_COUNT,
  MODEL_FIT_OUTCOME,
  MODEL_FIT_REGIME,
  MODEL_FIT_REQUEST,
  VALUE_BYTES,
  writeModelFit,
} from "../../schemas/index.js";
import { MathArgumentError } from "../../wasm/index.js";
import type { Engine } from "../engine.js";
import type { Input } from "../input.js";
import { dispatchModel } from "../strategy/dispatch.js";
import type { FitAnswer } from "./fit.js";
import { modelOf, numbersIn, valuesOf } from "./model-values.js";
import type { Regime } from "./regime.js";

export function onModelFit(engine: Engine, { views, at }: Input): void {
  const { regimes, touched } = engine;
  const request = views.f64[(at + MODEL_FIT_REQUEST) >> 3];
  const outcome = views.u8[at + MODEL_FIT_OUTCOME];
  if (outcome === FitOutcome.Unread) return regimes.askAgain(request, (strategy) => touched.strategies.mark(strategy));
  const regime = regimes.all[views.u32[(at + MODEL_FIT_REGIME) >> 2]];
  if (regime === undefined || request === 0 || regime._row.request !== request) {
    regimes.refused += 1;
    return;
  }
  const { _row: row } = regime;
  row.request = 0;
  row.outcome = outcomeOf(engine, regime, outcome, views, at);
  touched.strategies.mark(row.strategy);
  if (row.outcome !== FitOutcome.Fitted && row.outcome !== FitOutcome.Unconverged) regimes.failed += 1;
  dispatchModel(engine, regime);
}

function outcomeOf(engine: Engine, regime: Regime, outcome: number, views: MessageViews, at: number): FitOutcome {
  if (outcome === FitOutcome.Failed || outcome === FitOutcome.Busy) return outcome;
  const holdsModel = outcome === FitOutcome.Fitted || outcome === FitOutcome.Unconverged;
  if (holdsModel && takesModel(regime, views, at)) return outcome;
  engine.regimes.refused += 1;
  return FitOutcome.Failed;
}

function takesModel(regime: Regime, { u32, f64 }: MessageViews, at: number): boolean {
  const { states, features } = regime;
  const count = u32[(at + MODEL_FIT_MODEL_COUNT) >> 2];
  if (count !== numbersIn(states, features)) return false;
  const first = (at + MODEL_FIT_MODEL) >> 3;
  try {
    regime._takeModel(modelOf(states, features, f64.slice(first, first + count)));
    return true;
  } catch (error) {
    if (error instanceof MathArgumentError) return false;
    throw error;
  }
}

/** Bytes of the message that an answer becomes. */
export function answerBytes({ model }: FitAnswer): number {
  return MODEL_FIT_BYTES + (model === null ? 0 : VALUE_BYTES * numbersIn(model.states, model.features));
}

export function writeAnswer(views: MessageViews, at: number, timeUs: number, answer: FitAnswer): void {
  const { request, logLikelihood, workUs, regime, iterations, outcome, model } = answer;
  const values = model === null ? new Float64Array(0) : valuesOf(model);
  writeModelFit(views, at, timeUs, request, logLikelihood, workUs, regime, iterations, outcome, values.length);
  views.f64.set(values, (at + MODEL_FIT_MODEL) >> 3);
}

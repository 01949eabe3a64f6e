/**
 * How a model is asked for: a record with all that a fit needs, so that whoever fits need know nothing else of the
 * engine. It is written behind everything else that an input caused, one a regime, and only as long as what is left
 * of the input's room would do for orders; the others wait for the next input.
 */
import {
  MessageType,
  type MessageViews,
  MODEL_REQUEST_BYTES,
  MODEL_REQUEST_FEATURES,
  MODEL_REQUEST_OBSERVATIONS,
  MODEL_REQUEST_REGIME,
  MODEL_REQUEST_SEED,
  MODEL_REQUEST_STATES,
  MODEL_REQUEST_VALUES,
  MODEL_REQUEST_VALUES_COUNT,
  VALUE_BYTES,
  writeModelRequest,
} from "../../schemas/index.js";
import type { HmmModel } from "../../wasm/index.js";
import type { Engine } from "../engine.js";
import type { FitJob } from "./fit.js";
import { modelOf, numbersIn } from "./model-values.js";
import type { Regime } from "./regime.js";

/** Writes the requests that wait, as far as there is room. */
export function askForModels(engine: Engine): void {
  const { regimes, strategies } = engine;
  for (const regime of regimes.all) {
    const { _row: row } = regime;
    if (!row.wanted) continue;
    const isOver = !strategies[row.strategy].enabled;
    if (!isOver && !engine.hasRoomFor(requestBytes(regime))) continue;
    regimes.drop(row);
    engine.touched.strategies.mark(row.strategy);
    if (isOver) continue;
    row.request = engine.sequence;
    emitRequest(engine, regime);
  }
}

function emitRequest(engine: Engine, regime: Regime): void {
  const { _row: row, _filter: filter } = regime;
  const at = engine.emit(MessageType.ModelRequest, requestBytes(regime));
  const { views } = engine.log;
  const { states, features, observed } = filter;
  const count = valuesIn(regime);
  writeModelRequest(
    views,
    at,
    engine.timeUs,
    row.index,
    seedOf(engine),
    observed,
    row.strategy,
    states,
    features,
    count,
  );
  const first = (at + MODEL_REQUEST_VALUES) >> 3;
  const { model } = filter;
  if (model !== null) writeModel(views.f64, first, model);
  filter.copyObservations(views.f64, first + count - observed * features);
  engine.emitted();
}

function writeModel(f64: Float64Array, first: number, { start, transition, means, variances }: HmmModel): void {
  let at = first;
  for (const values of [start, transition, means, variances]) {
    f64.set(values, at);
    at += values.length;
  }
}

/** The job that a request asks for, copied. */
export function readFitJob({ u8, u32, f64 }: MessageViews, at: number): FitJob {
  const states = u8[at + MODEL_REQUEST_STATES];
  const features = u8[at + MODEL_REQUEST_FEATURES];
  const first = (at + MODEL_REQUEST_VALUES) >> 3;
  const end = first + u32[(at + MODEL_REQUEST_VALUES_COUNT) >> 2];
  const observed = end - features * u32[(at + MODEL_REQUEST_OBSERVATIONS) >> 2];
  return {
    observations: f64.slice(observed, end),
    states,
    features,
    previous: observed === first ? undefined : modelOf(states, features, f64.slice(first, observed)),
    seed: u32[(at + MODEL_REQUEST_SEED) >> 2],
  };
}

export const regimeOfRequest = ({ u32 }: MessageViews, at: number): number => u32[(at + MODEL_REQUEST_REGIME) >> 2];

const requestBytes = (regime: Regime): number => MODEL_REQUEST_BYTES + VALUE_BYTES * valuesIn(regime);

function valuesIn({ _filter: { states, features, observed, hasModel } }: Regime): number {
  return (hasModel ? numbersIn(states, features) : 0) + observed * features;
}

/** Another with each request, the same in every replay. */
const seedOf = ({ config, sequence }: Engine): number => (config.seed + sequence) >>> 0;

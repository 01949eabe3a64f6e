/**
 * A strategy's own state as plain JSON of bounded size: indicators become their values, collections are cut where they
 * are long. It is for a reader; the state hash covers everything.
 */
import { Regime } from "../../engine/index.js";
import { describeStream, RollingMoments, type StreamDescription, StreamingIndicator } from "../../wasm/index.js";

const DEPTH_MAX = 6;
const ENTRIES_MAX = 32;
const TEXT_MAX = 200;

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export function plainValue(value: unknown, depth = 0): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return value.length <= TEXT_MAX ? value : `${value.slice(0, TEXT_MAX)}…`;
  if (typeof value === "boolean") return value;
  if (typeof value !== "object") return String(value);
  if (value instanceof StreamingIndicator) return plainIndicator(value);
  if (value instanceof Regime) return plainRegime(value);
  if (depth === DEPTH_MAX) return "…";
  if (Array.isArray(value)) return plainList(value, depth);
  if (value instanceof Map) return plainEntries(value.entries(), value.size, depth);
  if (value instanceof Set) return plainList([...value], depth);
  if (ArrayBuffer.isView(value)) return plainList([...(value as Float64Array)], depth);
  const entries = Object.entries(value);
  return plainEntries(entries, entries.length, depth);
}

function plainIndicator(indicator: StreamingIndicator): Plain {
  const { period, ready } = indicator;
  const described = describeStream(indicator);
  if (described) return plainStream(described, ready);
  const value = plainValue(indicator.value);
  if (!(indicator instanceof RollingMoments)) return { indicator: "ema", period, ready, value };
  return { indicator: "rolling", period, ready, mean: value, variance: plainValue(indicator.variance) };
}

/** One output is a value; several have their names. */
function plainStream({ indicator, parameters, outputs }: StreamDescription, ready: boolean): Plain {
  const shown = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, plainValue(value)]));
  return { indicator, parameters, ready, ...("value" in shown ? shown : { outputs: shown }) };
}

function plainRegime(regime: Regime): Plain {
  const { name, ready, state, states, observed, isRefitting, outcome, logLikelihood } = regime;
  const probabilities = Array.from({ length: states }, (_, at) => plainValue(regime.probability(at)));
  const refit = isRefitting ? "asked for" : outcome;
  return { regime: name, ready, state, probabilities, names: regime.names, observed, refit, logLikelihood };
}

function plainList(values: readonly unknown[], depth: number): Plain {
  const shown = values.slice(0, ENTRIES_MAX).map((each) => plainValue(each, depth + 1));
  return values.length > ENTRIES_MAX ? [...shown, `… ${values.length - ENTRIES_MAX} more`] : shown;
}

function plainEntries(entries: Iterable<readonly [unknown, unknown]>, size: number, depth: number): Plain {
  const shown: Record<string, Plain> = {};
  let count = 0;
  for (const [key, value] of entries) {
    if (count === ENTRIES_MAX) break;
    shown[String(key)] = plainValue(value, depth + 1);
    count += 1;
  }
  if (size > ENTRIES_MAX) shown["…"] = `${size - ENTRIES_MAX} more`;
  return shown;
}

/** In one line for a terminal, with an indicator as `ema(20) = 61686.12`, or with its options: `rsi({ … }) = 55.1`. */
export function plainText(value: Plain): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(plainText).join(", ")}]`;
  const fields = value as { readonly [key: string]: Plain };
  if (typeof fields.indicator === "string" && "ready" in fields) return indicatorText(fields);
  if (typeof fields.regime === "string" && Array.isArray(fields.probabilities)) return regimeText(fields);
  return `{ ${Object.entries(fields)
    .map(([key, each]) => `${key}: ${plainText(each)}`)
    .join(", ")} }`;
}

function indicatorText({ indicator, period, parameters, ready, ...shown }: { readonly [key: string]: Plain }): string {
  const made = `${indicator}(${parameters === undefined ? period : plainText(parameters)})`;
  if (!ready) return `${made} = not ready`;
  const results = typeof shown.outputs === "object" ? (shown.outputs as { readonly [key: string]: Plain }) : shown;
  if ("value" in results) return `${made} = ${results.value}`;
  const named = Object.entries(results).map(([name, value]) => `${name} ${value}`);
  return `${made} = ${named.join(", ")}`;
}

/** Such as `hmm(3) = bull 0.93 (state 1), 500 kept, refit asked for`. */
function regimeText(fields: { readonly [key: string]: Plain }): string {
  const { regime, ready, state, probabilities, observed, refit } = fields;
  const all = probabilities as readonly Plain[];
  const shown = ready === true ? `${regime} ${Number(all[Number(state)]).toFixed(2)} (state ${state})` : "not ready";
  return `hmm(${all.length}) = ${shown}, ${observed} kept, refit ${refit}`;
}

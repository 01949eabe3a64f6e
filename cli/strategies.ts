/**
 * Strategies from where they come: bundles beside a journal, or files of a user. Loading always happens in the realm.
 */
import {
  ConfigError,
  loadStrategy,
  type ParamValue,
  type StrategyConfig,
  type StrategyDefinition,
} from "../engine/index.js";
import { createDeterministicMath, type MathCore } from "../wasm/index.js";
import { bundleStrategy } from "./strategy-bundle.js";

export interface BundledStrategy {
  readonly config: StrategyConfig;
  readonly text: string;
  readonly definition: StrategyDefinition;
}

/** Bundles and loads strategy files, so that a fault in one shows before anything starts. */
export async function bundleStrategies(
  paths: readonly string[],
  params: Readonly<Record<string, string>>,
  math: MathCore,
): Promise<BundledStrategy[]> {
  const strategyMath = createDeterministicMath(math);
  const bundled: BundledStrategy[] = [];
  const unused = new Set(Object.keys(params));
  for (const path of paths) {
    const { bundle, sha256 } = await bundleStrategy(path);
    const definition = loadStrategy(bundle, path, strategyMath);
    const own = Object.entries(params).filter(([key]) => key in definition.params);
    for (const [key] of own) unused.delete(key);
    const typed = own.map(([key, text]) => [key, valueLike(definition.params[key], key, text)] as const);
    const id = uniqueId(definition.id, bundled);
    bundled.push({ config: { id, bundle: sha256, params: Object.fromEntries(typed) }, text: bundle, definition });
  }
  for (const key of unused) throw new ConfigError(`no strategy of this run has a parameter "${key}"`);
  return bundled;
}

/** Text as the type that the parameter's default has. */
function valueLike(model: ParamValue, key: string, text: string): ParamValue {
  if (typeof model === "string") return text;
  if (typeof model === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (typeof model === "number" && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  throw new ConfigError(`parameter ${key} is a ${typeof model} such as ${model}, was "${text}"`);
}

/** Two runs of one file are told apart by a number. */
function uniqueId(id: string, others: readonly BundledStrategy[]): string {
  const same = others.filter(({ config }) => config.id === id || config.id.startsWith(`${id}-`)).length;
  return same === 0 ? id : `${id}-${same + 1}`;
}

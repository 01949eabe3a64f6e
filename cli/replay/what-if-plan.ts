/**
 * What a what-if changes in a journal's configurations: the code or the parameters of one strategy, the limits, the
 * seed. A configuration in which nothing changes stays the very same object.
 */
import { readBundle } from "../../actors/journal/journal-directory.js";
import {
  ConfigError,
  type EngineConfig,
  loadStrategy,
  moneyFromText,
  type Params,
  type ParamValue,
  type RiskLimits,
  type StrategyConfig,
  type StrategyDefinition,
} from "../../engine/index.js";
import { createDeterministicMath, createMathCore, type MathCore } from "../../wasm/index.js";
import { type BundledStrategy, bundleStrategies } from "../strategies.js";

export interface WhatIfChanges {
  /** A strategy file in place of one of the journal's. */
  readonly strategy?: string;
  /** Values for parameters of the strategy that is replaced or changed. */
  readonly params?: Readonly<Record<string, string>>;
  /** Limits by name, as decimal text. */
  readonly risk?: Readonly<Record<string, string>>;
  readonly seed?: number;
  /** Id of the journal's strategy that is replaced or changed. */
  readonly replace?: string;
}

/** One thing that is another in the modelled run. */
export interface Change {
  /** Null of what concerns every strategy. */
  readonly strategy: string | null;
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

export class WhatIfPlan {
  /** Id of the strategy that is replaced or changed. */
  readonly target: string | null;
  private readonly directory: string;
  private readonly wanted: WhatIfChanges;
  private readonly bundled: BundledStrategy | null;

  private constructor(
    directory: string,
    wanted: WhatIfChanges,
    bundled: BundledStrategy | null,
    target: string | null,
  ) {
    this.directory = directory;
    this.wanted = wanted;
    this.bundled = bundled;
    this.target = target;
  }

  /** `recorded` is the journal's first configuration. Throws ConfigError for what cannot be, with what can. */
  static async make(directory: string, wanted: WhatIfChanges, recorded: EngineConfig): Promise<WhatIfPlan> {
    checkLimits(wanted.risk ?? {}, recorded.risk);
    const paths = wanted.strategy === undefined ? [] : [wanted.strategy];
    const [bundled = null] = await bundleStrategies(paths, {}, createMathCore());
    const target = targetOf(directory, wanted, bundled, recorded);
    const plan = new WhatIfPlan(directory, wanted, bundled, target);
    plan.change(recorded);
    return plan;
  }

  change(recorded: EngineConfig): EngineConfig {
    const { risk, seed } = this.wanted;
    const changed: EngineConfig = {
      ...recorded,
      seed: seed ?? recorded.seed,
      strategies: recorded.strategies.map((each) => (each.id === this.target ? this.changeStrategy(each) : each)),
      risk: { ...recorded.risk, ...risk },
    };
    return JSON.stringify(changed) === JSON.stringify(recorded) ? recorded : changed;
  }

  /** Strategies of a configuration that `change` made. */
  load({ strategies }: EngineConfig, core: MathCore): StrategyDefinition[] {
    const math = createDeterministicMath(core);
    return strategies.map(({ id, bundle }) => loadStrategy(this.codeOf(bundle), id, math));
  }

  /** Parameters that the run had and the new code has too stay as they were. */
  private changeStrategy(recorded: StrategyConfig): StrategyConfig {
    const bundle = this.bundled?.config.bundle ?? recorded.bundle;
    const defaults = definitionOf(this.codeOf(bundle), recorded.id).params;
    const kept = Object.entries(recorded.params).filter(([key, value]) => typeof defaults[key] === typeof value);
    const given = Object.entries(this.wanted.params ?? {}).map(
      ([key, text]) => [key, valueLike(defaults, key, text, recorded.id)] as const,
    );
    return { id: recorded.id, bundle, params: { ...Object.fromEntries(kept), ...Object.fromEntries(given) } };
  }

  private codeOf(bundle: string): string {
    return bundle === this.bundled?.config.bundle ? this.bundled.text : readBundle(this.directory, bundle);
  }
}

/** What a changed configuration says that the recorded one did not. */
export function changesIn(directory: string, recorded: EngineConfig, changed: EngineConfig): Change[] {
  const changes: Change[] = [];
  for (const [index, was] of recorded.strategies.entries()) {
    changes.push(...strategyChanges(directory, was, changed.strategies[index]));
  }
  for (const key of Object.keys(recorded.risk) as (keyof RiskLimits)[]) {
    changes.push({ strategy: null, what: `limit ${key}`, was: recorded.risk[key], is: changed.risk[key] });
  }
  changes.push({ strategy: null, what: "seed", was: String(recorded.seed), is: String(changed.seed) });
  return changes.filter(({ was, is }) => was !== is);
}

function strategyChanges(directory: string, was: StrategyConfig, is: StrategyConfig): Change[] {
  const strategy = was.id;
  const changes: Change[] = [{ strategy, what: "code", was: was.bundle.slice(0, 8), is: is.bundle.slice(0, 8) }];
  const defaults = was.bundle === is.bundle ? definitionOf(readBundle(directory, was.bundle), strategy).params : {};
  for (const key of new Set([...Object.keys(was.params), ...Object.keys(is.params)])) {
    const [before, after] = [was.params[key] ?? defaults[key], is.params[key] ?? defaults[key]];
    changes.push({ strategy, what: `parameter ${key}`, was: String(before), is: String(after) });
  }
  return changes;
}

function targetOf(
  directory: string,
  { replace, params = {}, strategy }: WhatIfChanges,
  bundled: BundledStrategy | null,
  { strategies }: EngineConfig,
): string | null {
  const ids = strategies.map(({ id }) => id);
  const all = ids.join(", ");
  if (replace !== undefined) {
    if (ids.includes(replace)) return replace;
    throw new ConfigError(`--replace names a strategy of the journal: ${all}; was "${replace}"`);
  }
  if (strategy === undefined && Object.keys(params).length === 0) return null;
  if (ids.length === 1) return ids[0];
  if (bundled !== null) {
    if (ids.includes(bundled.config.id)) return bundled.config.id;
    throw new ConfigError(`say which of ${all} ${strategy} replaces, such as --replace ${ids[0]}`);
  }
  return ownerOf(directory, Object.keys(params), strategies);
}

/** The one strategy that has all of these parameters. */
function ownerOf(directory: string, keys: readonly string[], strategies: readonly StrategyConfig[]): string {
  const known = strategies.map(({ id, bundle }) => ({
    id,
    params: definitionOf(readBundle(directory, bundle), id).params,
  }));
  const owners = known.filter(({ params }) => keys.every((key) => Object.hasOwn(params, key)));
  if (owners.length === 1) return owners[0].id;
  if (owners.length > 1) {
    throw new ConfigError(
      `${owners.map(({ id }) => id).join(" and ")} have these parameters; add --replace ${owners[0].id}, or another`,
    );
  }
  const have = known.map(({ id, params }) => `${id} has ${Object.keys(params).join(", ") || "none"}`).join("; ");
  throw new ConfigError(`no strategy of the journal has all of the parameters ${keys.join(", ")}: ${have}`);
}

const definitionOf = (code: string, id: string): StrategyDefinition =>
  loadStrategy(code, id, createDeterministicMath(createMathCore()));

function checkLimits(given: Readonly<Record<string, string>>, recorded: RiskLimits): void {
  for (const [key, text] of Object.entries(given)) {
    if (!Object.hasOwn(recorded, key)) {
      throw new ConfigError(`--risk knows ${Object.keys(recorded).join(", ")}; was ${key}`);
    }
    if (!(moneyFromText(text) > 0))
      throw new ConfigError(`--risk ${key} is a positive amount such as 500, was "${text}"`);
  }
}

/** Text as the type that the parameter's default has. */
function valueLike(defaults: Params, key: string, text: string, id: string): ParamValue {
  if (!Object.hasOwn(defaults, key)) {
    throw new ConfigError(
      `strategy ${id} has no parameter "${key}"; it has ${Object.keys(defaults).join(", ") || "none"}`,
    );
  }
  const model = defaults[key];
  if (typeof model === "string") return text;
  if (typeof model === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (typeof model === "number" && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  throw new ConfigError(`parameter ${key} is a ${typeof model} such as ${model}, was "${text}"`);
}

/**
 * How the life after a recovery begins: as the first; where the last one ended; or with strategies that begin anew,
 * because the configuration, their code or the build is another. What changed is told in words, and the journal gets it
 * with the new configuration.
 */
import { carryOver, type Engine, type EngineConfig, type StrategyConfig } from "../../engine/index.js";
import { LifeStart } from "../../schemas/index.js";
import type { Recovered } from "./recover.js";

export interface NextLife {
  readonly engine: Engine;
  readonly epoch: number;
  readonly start: number;
  /** Why strategies begin anew, a line each. */
  readonly changes: readonly string[];
}

/** Throws ConfigError when something that is open has no place in the new configuration. */
export function nextLife({ engine, execution }: Recovered, asked: EngineConfig): NextLife {
  if (engine === null) {
    return { engine: execution.replayer.build(asked), epoch: 1, start: LifeStart.Fresh, changes: [] };
  }
  const config = inPlace(engine.config, asked);
  const changes = differences(engine.config, config);
  if (!execution.isExact) changes.push("another build wrote the newest records: they were taken over, not executed");
  const epoch = engine.epoch + 1;
  engine.stopped = false;
  if (changes.length === 0) return { engine, epoch, start: LifeStart.Resumed, changes };
  const successor = execution.replayer.build(config);
  carryOver(engine, successor);
  return { engine: successor, epoch, start: LifeStart.Refreshed, changes };
}

/**
 * A strategy's place among the others is part of its orders' names at the venue, so it is its own for ever: one that is
 * not asked for any more keeps it, retired, and a new one comes behind all others.
 */
function inPlace(was: EngineConfig, asked: EngineConfig): EngineConfig {
  const kept = was.strategies.map((old) => find(asked, old.id) ?? { ...old, retired: true as const });
  const added = asked.strategies.filter(({ id }) => !find(was, id));
  return { ...asked, strategies: [...kept, ...added] };
}

function differences(was: EngineConfig, is: EngineConfig): string[] {
  const changes: string[] = [];
  for (const id of new Set([...was.strategies, ...is.strategies].map((each) => each.id))) {
    changes.push(...strategyChanges(id, find(was, id), find(is, id)));
  }
  for (const key of ["currency", "seed", "risk", "paper", "instruments"] as const) {
    const [before, after] = [JSON.stringify(was[key]), JSON.stringify(is[key])];
    if (before !== after) changes.push(`${key} was ${shortened(before)}, is ${shortened(after)}`);
  }
  return changes;
}

const find = (config: EngineConfig, id: string) => config.strategies.find((each) => each.id === id);

function strategyChanges(id: string, was: StrategyConfig | undefined, is: StrategyConfig | undefined): string[] {
  if (!was) return [`strategy ${id} is new`];
  if (!is || (is.retired && !was.retired)) return [`strategy ${id} is retired`];
  if (was.retired && !is.retired) return [`strategy ${id} is back`];
  const changes: string[] = [];
  if (was.bundle !== is.bundle)
    changes.push(`the code of ${id} was ${was.bundle.slice(0, 8)}, is ${is.bundle.slice(0, 8)}`);
  const [before, after] = [JSON.stringify(was.params), JSON.stringify(is.params)];
  if (before !== after) changes.push(`the parameters of ${id} were ${before}, are ${after}`);
  return changes;
}

const SHOWN = 120;
const shortened = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`);

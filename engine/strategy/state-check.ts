/**
 * Switches off strategies whose state could not be kept. A state that no snapshot can hold would be lost by the next
 * start without a word; so the strategy ends at the first checkpoint that sees it, in every replay at the same one.
 */
import type { Engine } from "../engine.js";
import type { StrategyHost } from "./host.js";
import { type StateVisitor, StateWalk } from "./state-walk.js";

/** Takes note of nothing: the walk itself refuses. */
const NOBODY: StateVisitor = {
  constant() {},
  number() {},
  text() {},
  big() {},
  indicator() {},
  regime() {},
  again() {},
  begin() {},
  key() {},
  end() {},
  view() {},
  buffer() {},
};
const check = new StateWalk(NOBODY);

/** Of all strategies. It sees hidden properties too, and allocates. */
export function checkAllStates(engine: Engine): void {
  for (const host of engine.strategies) if (host.enabled) checkState(engine, host, true);
}

/** Before the hash of a checkpoint: of those strategies that were called since the last one. */
export function checkTouchedStates(engine: Engine): void {
  const { rows, count } = engine.touched.strategies;
  let faults = 0;
  for (let at = 0; at < count; at += 1) if (!isSound(engine, engine.strategies[rows[at]])) faults += 1;
  // In their own order: a replay that began between two checkpoints marks them in another.
  if (faults > 0) for (const host of engine.strategies) if (!isSound(engine, host)) checkState(engine, host, false);
}

function isSound(engine: Engine, host: StrategyHost): boolean {
  if (!host.enabled) return true;
  try {
    check.walk(host.state, engine.math.indicators, false);
    return true;
  } catch {
    return false;
  }
}

export function checkState(engine: Engine, host: StrategyHost, thorough: boolean): void {
  try {
    check.walk(host.state, engine.math.indicators, thorough);
  } catch (error) {
    host.disable("state", error);
  }
}

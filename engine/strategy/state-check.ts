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
  again() {},
  begin() {},
  key() {},
  end() {},
  view() {},
  buffer() {},
};
const check = new StateWalk(NOBODY);

/** Before the hash of a checkpoint. A thorough check sees hidden properties too, and allocates. */
export function checkStates(engine: Engine, thorough: boolean): void {
  for (const host of engine.strategies) if (host.enabled) checkState(engine, host, thorough);
}

export function checkState(engine: Engine, host: StrategyHost, thorough: boolean): void {
  try {
    check.walk(host.state, engine.math.indicators, thorough);
  } catch (error) {
    host.disable("state", error);
  }
}

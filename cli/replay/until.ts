/** `sluice replay --until`: goes on to the first input after which a condition holds. */
import type { Engine } from "../../engine/index.js";
import type { ReplayWalk, Step } from "../../research/replay/replay-walk.js";
import { plural } from "../output.js";
import { compileCondition } from "./expression.js";
import { namedValues, type Vantage } from "./named-values.js";

/** The condition was not met up to the end of the journal. */
export class NeverTrue extends Error {
  override readonly name = "NeverTrue";
}

/** A condition that goes along from life to life, whose instruments and strategies may be others. */
export class Condition {
  private readonly text: string;
  private compiledFor: Engine | null = null;
  private holds: (view: Vantage) => boolean = () => false;
  private readonly firstUs: number;

  constructor(text: string, firstUs: number) {
    this.text = text;
    this.firstUs = firstUs;
  }

  /** Throws ConfigError, the first time, when the text is no condition. */
  isMet(engine: Engine, step: Step): boolean {
    if (this.compiledFor !== engine) {
      this.holds = compileCondition(this.text, namedValues(engine, this.firstUs));
      this.compiledFor = engine;
    }
    return this.holds({ engine, step });
  }
}

/** Takes at least one step. Throws NeverTrue at the end of the journal. */
export function travelUntil(walk: ReplayWalk, text: string, firstUs: number): Step {
  const condition = new Condition(text, firstUs);
  let inputs = 0;
  for (let step = walk.next(); step !== null; step = walk.next()) {
    inputs += 1;
    if (condition.isMet(walk.engine, step)) return step;
  }
  throw new NeverTrue(`never true: ${text}, after any of ${plural(inputs, "input")}`);
}

/** `sluice replay --until`: goes on to the first input after which a condition holds. */
import { runNames } from "../../actors/stream/message-fields.js";
import type { Engine } from "../../engine/index.js";
import { configIn } from "../../research/replay/journal-records.js";
import type { ReplayWalk, Step } from "../../research/replay/replay-walk.js";
import { MessageType } from "../../schemas/index.js";
import { plural } from "../output.js";
import { namesOf } from "./engine-report.js";
import { compileCondition } from "./expression.js";
import { namedValues, type Vantage } from "./named-values.js";

/** The condition was not met up to the end of the journal. */
export class NeverTrue extends Error {
  override readonly name = "NeverTrue";
  /** The journal's last; null when there was none left. */
  readonly newest: Step | null;

  constructor(message: string, newest: Step | null) {
    super(message);
    this.newest = newest;
  }
}

/** Takes at least one step. Throws ConfigError before it does, and NeverTrue at the end of the journal. */
export function travelUntil(walk: ReplayWalk, text: string, firstUs: number): Step {
  let inputs = 0;
  let newest: Step | null = null;
  let known: Engine | null = null;
  let holds = compileCondition<Vantage>(text, namedValues(namesAhead(walk), firstUs));
  for (let step = walk.next(); step !== null; step = walk.next()) {
    const { engine } = walk;
    // Another life may have other instruments and strategies.
    if (known !== null && known !== engine) holds = compileCondition(text, namedValues(namesOf(engine), firstUs));
    if (holds({ engine, step })) return step;
    known = engine;
    newest = step;
    inputs += 1;
  }
  throw new NeverTrue(`never true: ${text}, after any of ${plural(inputs, "input")}`, newest);
}

/** Names of the life to which the next input belongs. */
function namesAhead(walk: ReplayWalk) {
  const next = walk.peek();
  return next?.type === MessageType.Config ? runNames(configIn(next)) : namesOf(walk.engine);
}

/** The math core behind `stats`: it is made when it is first needed, and its arena holds the filters of `stats.hmm`. */
import { createMathCore, type MathCore } from "../math.js";

let made: MathCore | undefined;

export function statsCore(): MathCore {
  made ??= createMathCore();
  return made;
}

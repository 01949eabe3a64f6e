/**
 * A `Math` for code that must give the same bits everywhere. Functions that IEEE 754 and ECMAScript fix exactly come
 * from the host, the others from the math module; `random` is refused. Functions newer than Node 20's are left out,
 * so that code cannot behave one way on one version and another on the next.
 */
import type { Libm } from "./libm.js";

const { abs, ceil, clz32, floor, fround, imul, max, min, round, sign, sqrt, trunc } = Math;
const { E, LN10, LN2, LOG10E, LOG2E, PI, SQRT1_2, SQRT2 } = Math;

const EXACT = { abs, ceil, clz32, floor, fround, imul, max, min, round, sign, sqrt, trunc };
const CONSTANTS = { E, LN10, LN2, LOG10E, LOG2E, PI, SQRT1_2, SQRT2 };

/** A frozen object with the members of `Math`, made from a core's `libm`. */
export function createDeterministicMath(core: { readonly libm: Libm }): Math {
  const { libm } = core;
  return Object.freeze({
    ...CONSTANTS,
    ...EXACT,
    ...libm,
    hypot: (...sides: number[]) => hypotOf(libm, sides),
    random: refuseRandom,
    [Symbol.toStringTag]: "Math",
  });
}

/** Folds from the left. An infinite side gives Infinity even beside NaN, as ECMAScript has it. */
function hypotOf(libm: Libm, sides: readonly number[]): number {
  let result = 0;
  for (const side of sides) result = libm.hypot(result, side);
  return result;
}

function refuseRandom(): never {
  throw new Error(
    "Math.random was called where results must repeat; draw from the seeded generator instead: ctx.random()",
  );
}

/**
 * Streaming indicators of the table. There is a class for each number of inputs, because a push with a fixed number of
 * arguments allocates nothing, and from it one for each indicator, whose getters are named for its outputs.
 */
import { MathArgumentError, MathInputError } from "../errors.js";
import { INDICATOR_INPUTS, INDICATOR_OUTPUTS } from "../layout.js";
import { INPUT_MAX, StreamingIndicator } from "../streaming.js";
import { leastInput } from "./arguments.js";
import type { AnySpec, Each } from "./spec.js";

const INPUT = INDICATOR_INPUTS >> 3;
const OUTPUT = INDICATOR_OUTPUTS >> 3;

/**
 * What a user holds. A push takes a number for each input, in the table's order, and returns the first output; there is
 * a getter for each, NaN until it is ready.
 */
export type Stream<S extends AnySpec> = Omit<StreamingIndicator, "push" | "period"> & {
  push(...inputs: Each<S["inputs"], number>): number;
} & { readonly [K in keyof S["outputs"]]: number };

type StreamClass = new (...made: ConstructorParameters<typeof StreamingIndicator>) => StreamingIndicator;

/** The class of an indicator's streams; the same one for every call. */
export function streamClass(spec: AnySpec): StreamClass {
  let made = classes.get(spec);
  if (!made) {
    made = makeClass(spec);
    classes.set(spec, made);
  }
  return made;
}

const classes = new Map<AnySpec, StreamClass>();

function makeClass(spec: AnySpec): StreamClass {
  const made = class extends (BY_INPUTS[spec.inputs.length - 1] as typeof OneInput) {};
  Object.defineProperty(made.prototype, "least", { value: leastInput(spec, INPUT_MAX) });
  Object.keys(spec.outputs).forEach((name, index) => {
    const at = OUTPUT + index;
    Object.defineProperty(made.prototype, name, {
      enumerable: true,
      get(this: OneInput): number {
        return this.doubles[at]!;
      },
    });
  });
  return made;
}

class OneInput extends StreamingIndicator {
  /** The least input it takes; kept by the prototype. */
  declare readonly least: number;

  override push(a: number): number {
    if (!this.takes(a)) this.refuse(a);
    this.doubles[INPUT] = a;
    this.advance();
    return this.doubles[OUTPUT]!;
  }

  override get value(): number {
    return this.doubles[OUTPUT]!;
  }

  protected takes(x: number): boolean {
    return x >= this.least && x <= INPUT_MAX && typeof x === "number";
  }

  protected refuse(...inputs: unknown[]): never {
    const x = inputs.find((each) => !this.takes(each as number));
    if (typeof x === "number" && x <= 0 && x >= -INPUT_MAX) {
      throw new MathArgumentError("input", x, "a number above 0 and up to 1e150");
    }
    throw new MathInputError(x, -1);
  }
}

class TwoInputs extends OneInput {
  override push(a: number, b = Number.NaN): number {
    if (!(this.takes(a) && this.takes(b))) this.refuse(a, b);
    this.doubles[INPUT] = a;
    this.doubles[INPUT + 1] = b;
    this.advance();
    return this.doubles[OUTPUT]!;
  }
}

class ThreeInputs extends OneInput {
  override push(a: number, b = Number.NaN, c = Number.NaN): number {
    if (!(this.takes(a) && this.takes(b) && this.takes(c))) this.refuse(a, b, c);
    this.doubles[INPUT] = a;
    this.doubles[INPUT + 1] = b;
    this.doubles[INPUT + 2] = c;
    this.advance();
    return this.doubles[OUTPUT]!;
  }
}

class FourInputs extends OneInput {
  override push(a: number, b = Number.NaN, c = Number.NaN, d = Number.NaN): number {
    if (!(this.takes(a) && this.takes(b) && this.takes(c) && this.takes(d))) this.refuse(a, b, c, d);
    this.doubles[INPUT] = a;
    this.doubles[INPUT + 1] = b;
    this.doubles[INPUT + 2] = c;
    this.doubles[INPUT + 3] = d;
    this.advance();
    return this.doubles[OUTPUT]!;
  }
}

const BY_INPUTS = [OneInput, TwoInputs, ThreeInputs, FourInputs] as const;

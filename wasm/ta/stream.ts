/**
 * Streaming indicators of the table. There is a class for each number of inputs and not for each indicator, because
 * code that meets many classes at one place becomes slow. So the getters of all output names are the same for all: a
 * name has the same place among the outputs wherever it occurs, and reads NaN where it does not.
 */
import { MathArgumentError, MathInputError } from "../errors.js";
import { INDICATOR_INPUTS, INDICATOR_OUTPUTS } from "../layout.js";
import { INPUT_MAX, StreamingIndicator } from "../streaming.js";
import type { AnySpec, Each } from "./spec.js";
import { table } from "./table.js";

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

/** The class of an indicator's streams. */
export function streamClass(spec: AnySpec): StreamClass {
  return BY_INPUTS[spec.inputs.length - 1]!;
}

class OneInput extends StreamingIndicator {
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
    // 1e150 is INPUT_MAX; a constant of another module is fetched and looked at every time.
    return typeof x === "number" && Math.abs(x) <= 1e150 && (x > 0 || !this.positive);
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

for (const spec of Object.values<AnySpec>(table)) Object.keys(spec.outputs).forEach(defineOutput);

function defineOutput(name: string, index: number): void {
  if (name === "value") return;
  const at = OUTPUT + index;
  Object.defineProperty(OneInput.prototype, name, {
    configurable: true,
    get(this: OneInput): number {
      return this.doubles[at]!;
    },
  });
}

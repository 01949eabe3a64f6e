/**
 * What the table says of an indicator, and the types that follow from it. A specification is data: the streams, the
 * batches, the checks of arguments and the tests are all made from it, and none of them knows an indicator by name.
 */
import { PERIOD_MAX } from "../layout.js";

/** A parameter that is a number, from `min` to `max`, both included. */
export interface NumberParameter {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  readonly meaning: string;
}

/** A parameter that picks one of the ways in which an indicator is commonly computed. */
export interface Choice<C extends string = string> {
  readonly default: C;
  readonly choices: readonly C[];
  readonly meaning: string;
}

export type Parameter = NumberParameter | Choice;
export type ParameterTable = Readonly<Record<string, Parameter>>;

/** The values of all parameters. */
export type Values<P extends ParameterTable> = {
  readonly [K in keyof P]: P[K] extends Choice<infer C> ? C : number;
};

export interface Spec<
  P extends ParameterTable = ParameterTable,
  I extends readonly string[] = readonly string[],
  O extends string = string,
  L extends boolean = boolean,
> {
  /** Its number in states; never given again. */
  readonly kind: number;
  readonly meaning: string;
  /** The series it takes, in this order. */
  readonly inputs: I;
  /** Whether its inputs must be above 0. */
  readonly positive?: boolean;
  /** In the order in which the kernel takes them. */
  readonly parameters: P;
  /** Of each output the number of inputs before its first value. The first output is what a push returns. */
  readonly outputs: Readonly<Record<O, (values: Values<P>) => number>>;
  /** Whose definition it is. */
  readonly source: string;
  /** In plain text with Unicode mathematics. */
  readonly formula: string;
  /** What its values were compared with. */
  readonly oracle: string;
  /** Outputs that are prices, which a chart draws over those. */
  readonly prices?: readonly NoInfer<O>[];
  /** Values of the other outputs that their readers watch. */
  readonly levels?: readonly number[];
  /** Whether it is also computed over many series at once. */
  readonly lanes?: L;
}

/** Any specification, when only its data matter. */
export type AnySpec = Omit<Spec, "outputs" | "prices"> & {
  readonly prices?: readonly string[];
  readonly outputs: Readonly<Record<string, (values: never) => number>>;
};

/** A T for each input. */
export type Each<I extends readonly string[], T> = { -readonly [K in keyof I]: T };

/** Gives a specification its exact type. */
export function indicator<
  const P extends ParameterTable,
  const I extends readonly string[],
  const O extends string,
  const L extends boolean = false,
>(spec: Spec<P, I, O, L>): Spec<P, I, O, L> {
  return spec;
}

/** The longest window of an indicator that keeps several. */
const WINDOW_MAX = 10_000;

/** A number of inputs. */
export function period(standard: number, min = 1, max = WINDOW_MAX, meaning = "inputs in the window"): NumberParameter {
  return { default: standard, min, max, integer: true, meaning };
}

/** A number of inputs of an indicator that needs little memory for each. */
export function longPeriod(standard: number): NumberParameter {
  return period(standard, 1, PERIOD_MAX);
}

export function factor(standard: number, min: number, max: number, meaning: string): NumberParameter {
  return { default: standard, min, max, integer: false, meaning };
}

/** The first choice is the default. */
export function choice<const C extends readonly [string, ...string[]]>(choices: C, meaning: string): Choice<C[number]> {
  return { default: choices[0], choices, meaning };
}

/** The number of inputs before the last output has its first value. */
export function warmUpOf(spec: AnySpec, values: Readonly<Record<string, number | string>>): number {
  return Math.max(...Object.values(spec.outputs).map((warmUp) => warmUp(values as never)));
}

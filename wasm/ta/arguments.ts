/**
 * Checks of what users hand to an indicator, by its specification. Errors name the argument, what it was, and what
 * would do; nothing is changed before everything has been checked.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import type { AnySpec, Choice, NumberParameter, Parameter } from "./spec.js";

export type ParameterValues = Readonly<Record<string, number | string>>;

/** All parameters, defaults filled in. Throws MathArgumentError and MathTypeError. */
export function valuesOf(spec: AnySpec, options: Readonly<Record<string, unknown>> = {}): ParameterValues {
  const { parameters } = spec;
  if (typeof options !== "object" || options === null || ArrayBuffer.isView(options)) {
    throw new MathTypeError("options", options, `an object with any of ${namesOf(parameters)}`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(parameters, name))
      throw new MathArgumentError("an option", name, `any of ${namesOf(parameters)}`);
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      options[name] === undefined ? parameter.default : checked(name, parameter, options[name]),
    ]),
  );
}

/** The values as the kernel takes them: numbers in the table's order, a choice as its place. */
export function numbersOf(spec: AnySpec, values: ParameterValues): number[] {
  return Object.entries(spec.parameters).map(([name, parameter]) => {
    const value = values[name]!;
    return isChoice(parameter) ? parameter.choices.indexOf(value as string) : (value as number);
  });
}

/** Undoes `numbersOf`; undefined for numbers that no values can have given. */
export function valuesFrom(spec: AnySpec, numbers: readonly number[]): ParameterValues | undefined {
  const entries = Object.entries(spec.parameters).map(([name, parameter], index): [string, number | string] | null => {
    const number = numbers[index]!;
    if (!isChoice(parameter)) return isWithin(parameter, number) ? [name, number] : null;
    const value = parameter.choices[number];
    return value === undefined ? null : [name, value];
  });
  return entries.includes(null) ? undefined : Object.fromEntries(entries as [string, number | string][]);
}

function isChoice(parameter: Parameter): parameter is Choice {
  return "choices" in parameter;
}

function checked(name: string, parameter: Parameter, value: unknown): number | string {
  if (isChoice(parameter)) {
    if (typeof value === "string" && parameter.choices.includes(value)) return value;
    throw new MathArgumentError(name, value, `one of ${parameter.choices.map((each) => `"${each}"`).join(", ")}`);
  }
  const allowed = `${parameter.integer ? "an integer" : "a number"} from ${parameter.min} to ${parameter.max}`;
  if (typeof value !== "number") throw new MathTypeError(name, value, allowed);
  if (!isWithin(parameter, value)) throw new MathArgumentError(name, value, allowed);
  return value;
}

function isWithin({ integer, min, max }: NumberParameter, value: number): boolean {
  return value >= min && value <= max && (!integer || Number.isInteger(value));
}

function namesOf(parameters: AnySpec["parameters"]): string {
  return Object.keys(parameters).join(", ") || "none";
}

/** Throws unless there is one Float64Array for each input, all of one length, which is returned. */
export function lengthOf(spec: AnySpec, series: readonly unknown[]): number {
  const [leader] = spec.inputs;
  spec.inputs.forEach((name, index) => {
    const each = series[index];
    if (!(each instanceof Float64Array)) throw new MathTypeError(name, each, "a Float64Array");
    const { length } = series[0] as Float64Array;
    if (each.length !== length) {
      throw new MathArgumentError(`${name}.length`, each.length, `the length of ${leader}, ${length}`);
    }
  });
  return (series[0] as Float64Array).length;
}

/** Throws unless there is one Float64Array of `length` for each output. */
export function checkTargets(spec: AnySpec, into: readonly unknown[], length: number): void {
  Object.keys(spec.outputs).forEach((name, index) => {
    const each = into[index];
    if (!(each instanceof Float64Array)) throw new MathTypeError(`into ${name}`, each, "a Float64Array");
    if (each.length !== length) {
      throw new MathArgumentError(`into ${name}.length`, each.length, `the length of the inputs, ${length}`);
    }
  });
}

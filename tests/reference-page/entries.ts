/** One entry of the page: an indicator of the table, or any other function. */
import type { AnySpec } from "../../wasm/index.js";
import type { FunctionReference } from "../../wasm/reference.js";
import { valuesOf } from "../../wasm/ta/arguments.js";
import type { Choice, NumberParameter, Parameter } from "../../wasm/ta/spec.js";
import type { Comparison, IndicatorTime } from "./measures.js";

interface IndicatorFacts {
  readonly example: string;
  readonly printed: string;
  readonly comparison: Comparison | undefined;
  readonly time: IndicatorTime | undefined;
}

export function indicatorEntry(name: string, spec: AnySpec, facts: IndicatorFacts): string {
  const { example, printed, comparison, time } = facts;
  const parameters = Object.entries(spec.parameters).map(
    ([key, parameter]) => `* \`${key}\` ${parameterText(parameter)}`,
  );
  return [
    `### ta.${name}`,
    `${spec.meaning}. ${flow(spec)}`,
    fenced("text", clauses(spec.formula)),
    fenced("js", `${example}${printed.includes(",") ? "\n" : " "}// ${printed}`),
    ...(parameters.length > 0 ? [parameters.join("\n")] : []),
    proof([
      `Source: ${spec.source}`,
      `compared with ${spec.oracle}`,
      errorText(comparison),
      time ? `${time.batchNs.toFixed(1)} ns a bar, ${time.streamNs.toFixed(1)} ns a push` : "time –",
    ]),
  ].join("\n\n");
}

export function functionEntry(
  entry: FunctionReference,
  { printed, comparison }: { readonly printed: string; readonly comparison: Comparison | undefined },
): string {
  const takes = Object.entries(entry.takes).map(([key, text]) => `* \`${key}\`: ${text}`);
  return [
    `### ${entry.name}`,
    entry.meaning,
    fenced("text", clauses(entry.formula)),
    fenced("js", entry.example),
    fenced("text", printed),
    [...takes, `* returns ${entry.returns}`, `* throws ${entry.throws}`].join("\n"),
    proof([`Source: ${entry.source}`, `compared with ${entry.oracle}`, errorText(comparison)]),
  ].join("\n\n");
}

/** From what to what: the inputs, and the outputs with the inputs before their first values, at the defaults. */
function flow(spec: AnySpec): string {
  const values = valuesOf(spec) as never;
  const byWarmUp = new Map<number, string[]>();
  for (const [name, warmUp] of Object.entries(spec.outputs)) {
    const count = warmUp(values);
    byWarmUp.set(count, [...(byWarmUp.get(count) ?? []), `\`${name}\``]);
  }
  const given = [...byWarmUp].map(([count, names]) => {
    return `${names.join(", ")} ${count === 0 ? "from the first input on" : `after ${count} inputs`}`;
  });
  const taken = spec.inputs.map((input) => `\`${input}\``).join(", ");
  const above = spec.positive ? " above 0" : "";
  const lanes = spec.lanes ? " Over many series too: `ta.lanes`." : "";
  return `Takes ${taken}${above}; gives ${given.join(", ")}.${lanes}`;
}

function parameterText(parameter: Parameter): string {
  if ("choices" in parameter) {
    const { choices, meaning } = parameter as Choice;
    return `${choices.map((each) => `\`"${each}"\``).join(" or ")}: ${meaning}`;
  }
  const { default: standard, min, max, meaning } = parameter as NumberParameter;
  return `${figure(standard)}, from ${figure(min)} to ${figure(max)}: ${meaning}`;
}

/** Thin groups of three, as everywhere. */
function figure(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9))
    return value.toExponential().replace("e+", "e");
  return String(value).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, "\u2009");
}

function errorText(comparison: Comparison | undefined): string {
  if (comparison === undefined) return "worst error –";
  return `worst error ${comparison.error === 0 ? "0" : comparison.error.toExponential(1)} (${comparison.oracle})`;
}

/** A line for each. */
const clauses = (formula: string): string => formula.replaceAll("; ", ";\n");
const proof = (facts: readonly string[]): string => `${facts.join(" · ")}`;
export const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

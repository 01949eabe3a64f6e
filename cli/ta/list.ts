/** `sluice ta list`: the table of indicators, for people in columns, for programs as JSON. */
import { type AnySpec, families, warmUpOf } from "../../wasm/index.js";
import { valuesOf } from "../../wasm/ta/arguments.js";
import type { Choice, NumberParameter, Parameter } from "../../wasm/ta/spec.js";
import type { Output } from "../output.js";
import { kebab } from "./names.js";

const NAME_COLUMNS = 22;

export function runTaList({ json }: { readonly json: boolean }, output: Output): void {
  const members = Object.entries(families).flatMap(([family, specs]) =>
    Object.entries(specs).map(([name, spec]) => ({ family, name, spec })),
  );
  if (json) return output.json(members.map(({ family, name, spec }) => entry(family, name, spec)));
  let shown = "";
  for (const { family, name, spec } of members) {
    if (family !== shown) output.line(`${shown && "\n"}${family}`);
    shown = family;
    output.line(`  ${kebab(name).padEnd(NAME_COLUMNS)}${spec.meaning}`);
    output.line(`  ${"".padEnd(NAME_COLUMNS)}${signatureOf(spec)}`);
  }
  output.line(`\n${members.length} indicators; their options: sluice ta <name> --help`);
}

function entry(family: string, name: string, spec: AnySpec) {
  const { meaning, inputs, positive = false, lanes = false, parameters, formula, source, oracle } = spec;
  const outputs = Object.entries(spec.outputs).map(([output, warmUp]) => ({
    name: output,
    warmUp: warmUp(valuesOf(spec) as never),
  }));
  const warmUp = warmUpOf(spec, valuesOf(spec));
  return {
    name,
    command: kebab(name),
    family,
    meaning,
    inputs,
    positive,
    lanes,
    parameters,
    outputs,
    warmUp,
    formula,
    source,
    oracle,
  };
}

/** `close · period 14 (1 – 100000), seed sma|zero → value`. */
function signatureOf({ inputs, parameters, outputs }: AnySpec): string {
  const options = Object.entries(parameters).map(([key, parameter]) => `${kebab(key)} ${rangeOf(parameter)}`);
  return [inputs.join(" "), ...options].join(" · ") + ` → ${Object.keys(outputs).join(" ")}`;
}

function rangeOf(parameter: Parameter): string {
  if ("choices" in parameter) return (parameter as Choice).choices.join("|");
  const { default: standard, min, max } = parameter as NumberParameter;
  return `${standard} (${min}–${max})`;
}

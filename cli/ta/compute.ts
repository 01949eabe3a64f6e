/** An indicator computed over the bars of a file: which columns were its inputs, and all its outputs. */
import { ConfigError } from "../../engine/index.js";
import { type AnySpec, createIndicators, createMathCore, table, warmUpOf } from "../../wasm/index.js";
import { type ParameterValues, valuesOf } from "../../wasm/ta/arguments.js";
import type { Bars, Series, Times } from "../csv/bars.js";

export interface Computed {
  readonly indicator: string;
  readonly spec: AnySpec;
  readonly parameters: ParameterValues;
  readonly rows: number;
  /** Rows before the last output has its first value. */
  readonly warmUp: number;
  readonly times: Times | null;
  readonly inputs: Readonly<Record<string, Series>>;
  /** NaN in the warm-up. */
  readonly outputs: Readonly<Record<string, Float64Array>>;
}

type AnyBatch = (...given: unknown[]) => Float64Array | Readonly<Record<string, Float64Array>>;

/** `columns` are the texts of --column. Throws ConfigError and CsvError. */
export function compute(
  indicator: string,
  given: Readonly<Record<string, unknown>>,
  bars: Bars,
  columns: readonly string[],
): Computed {
  const spec: AnySpec = table[indicator as keyof typeof table];
  const parameters = valuesOf(spec, given);
  const named = columnsOf(spec, columns);
  const inputs = Object.fromEntries(
    spec.inputs.map((input) => [input, bars.series(input, named[input], spec.positive)]),
  );
  const batch = createIndicators(createMathCore())[indicator as keyof typeof table] as unknown as AnyBatch;
  const result = batch(...Object.values(inputs).map(({ values }) => values), parameters);
  const outputs = result instanceof Float64Array ? { value: result } : result;
  const warmUp = warmUpOf(spec, parameters);
  return { indicator, spec, parameters, rows: bars.length, warmUp, times: bars.times, inputs, outputs };
}

/** The column of each input that was named: `volume=Volume BTC`, or, where there is one input alone, just its name. */
function columnsOf({ inputs }: AnySpec, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      const input = at < 0 ? inputs[0] : text.slice(0, at);
      if (at < 0 && inputs.length > 1) {
        const example = `--column ${inputs[0]}=${text}`;
        throw new ConfigError(`--column ${text}: there are the inputs ${inputs.join(", ")}; say which, as ${example}`);
      }
      if (!inputs.includes(input)) {
        throw new ConfigError(`--column ${text}: there is no input ${input}; there are ${inputs.join(", ")}`);
      }
      return [input, text.slice(at + 1)];
    }),
  );
}

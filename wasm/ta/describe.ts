/** What a stream is and shows, read from its state: for whoever looks at an engine from outside. */
import { INDICATOR_PARAMETERS, PARAMETERS_MAX, STATE_KIND } from "../layout.js";
import type { StreamingIndicator } from "../streaming.js";
import { type ParameterValues, valuesFrom } from "./arguments.js";
import type { AnySpec } from "./spec.js";
import { type IndicatorName, nameOfKind, table } from "./table.js";

export interface StreamDescription {
  readonly indicator: IndicatorName;
  readonly parameters: ParameterValues;
  /** NaN while warming up. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** Undefined for a stream that is of no indicator of the table. */
export function describeStream(stream: StreamingIndicator): StreamDescription | undefined {
  const { buffer, byteOffset, length } = stream.stateBytes;
  const state = new DataView(buffer, byteOffset, length);
  const indicator = nameOfKind(state.getUint32(STATE_KIND, true));
  if (indicator === undefined) return undefined;
  const spec: AnySpec = table[indicator];
  const numbers = Array.from({ length: PARAMETERS_MAX }, (_, index) =>
    state.getFloat64(INDICATOR_PARAMETERS + 8 * index, true),
  );
  const shown = stream as unknown as Readonly<Record<string, number>>;
  const outputs = Object.fromEntries(Object.keys(spec.outputs).map((name) => [name, shown[name]!]));
  return { indicator, parameters: valuesFrom(spec, numbers)!, outputs };
}

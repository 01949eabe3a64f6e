/** A strategy's state outside an engine: its hash, its way through the bytes of a snapshot, and why it is refused. */
import { ByteReader } from "../../engine/snapshot/byte-reader.js";
import { ByteWriter } from "../../engine/snapshot/byte-writer.js";
import { GraphHash } from "../../engine/snapshot/graph-hash.js";
import { readGraph } from "../../engine/snapshot/graph-reader.js";
import { GraphWriter } from "../../engine/snapshot/graph-writer.js";
import { Hasher } from "../../engine/snapshot/hasher.js";
import { StateFault, StateWalk } from "../../engine/strategy/state-walk.js";
import type { StreamingIndicator } from "../../wasm/index.js";

type Indicators = readonly StreamingIndicator[];

/** Sixteen hexadecimal digits. */
export function hashOfState(state: unknown, indicators: Indicators = []): string {
  const hasher = new Hasher();
  new StateWalk(new GraphHash(hasher)).walk(state, indicators, false);
  const lanes = new Uint32Array(2);
  hasher.finish(lanes);
  return [...lanes].map((lane) => lane.toString(16).padStart(8, "0")).join("");
}

export function bytesOfState(state: unknown, indicators: Indicators = []): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  new StateWalk(new GraphWriter(writer)).walk(state, indicators, true);
  return writer.finish();
}

export function stateOfBytes(bytes: Uint8Array, indicators: Indicators = []): unknown {
  const reader = new ByteReader(bytes);
  const state = readGraph(reader, { indicators, regimes: [] });
  reader.requireEnd();
  return state;
}

/** The words with which a state is refused; "" when it is not. */
export function refusalOfState(state: unknown, { indicators = [] as Indicators, thorough = true } = {}): string {
  try {
    new StateWalk(new GraphWriter(new ByteWriter())).walk(state, indicators, thorough);
    return "";
  } catch (error) {
    if (error instanceof StateFault) return error.message;
    throw error;
  }
}

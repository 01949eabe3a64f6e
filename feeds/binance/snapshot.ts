/** Turns the venue's answer to a depth request into levels in ticks and lots; anything unexpected is refused. */
import type { Instrument } from "../../engine/instrument.js";
import { PRICE_TICKS_MAX, type Step } from "../../engine/units.js";
import { LEVELS_MAX, LevelList } from "../level-list.js";
import { FIELDS, Field } from "./fields.js";
import { faultOf } from "./frame-reader.js";
import type { DepthFrame } from "./messages.js";
import { OUT_OF_RANGE, readDecimal, wholeSteps } from "./scan.js";

/** The snapshot, or undefined when the answer is not one of this instrument. */
export function readSnapshot(answer: unknown, instrument: Instrument, receiveTimeUs: number): DepthFrame | undefined {
  const { lastUpdateId, bids, asks } = (answer ?? {}) as Record<string, unknown>;
  const values = new Float64Array(FIELDS);
  // ccxt hands large numbers over as text.
  values[Field.LastId] = Number(lastUpdateId);
  values[Field.ReceiveTime] = receiveTimeUs;
  const bidLevels = readSide(bids, instrument);
  const askLevels = readSide(asks, instrument);
  if (!bidLevels || !askLevels || !(values[Field.LastId] > 0) || !Number.isSafeInteger(values[Field.LastId])) {
    return undefined;
  }
  return { values, bids: bidLevels, asks: askLevels };
}

function readSide(side: unknown, { tick, lot }: Instrument): LevelList | undefined {
  if (!Array.isArray(side) || side.length > LEVELS_MAX) return undefined;
  const levels = new LevelList(side.length);
  for (const texts of side) {
    if (!Array.isArray(texts)) return undefined;
    const level = Float64Array.of(unitsOf(texts[0], tick), wholeSteps(unitsOf(texts[1], lot)));
    if (faultOf(level, 0, 1, PRICE_TICKS_MAX) !== 0 || level[1] < 0) return undefined;
    // A quantity below one lot is no level.
    if (level[1] > 0) levels.push(level);
  }
  return levels;
}

/** By the same rules as the decoder's. */
function unitsOf(text: unknown, step: Step): number {
  const bytes = new TextEncoder().encode(JSON.stringify(text));
  const out = new Float64Array(1);
  return readDecimal(bytes, 0, bytes.length, step, out, 0) === bytes.length ? out[0] : OUT_OF_RANGE;
}

/**
 * Recorded Binance frames from the bundled capture, as the bytes that a socket would deliver, and their instruments.
 */
import { type Instrument, type InstrumentSpec, makeInstrument } from "../../engine/index.js";
import { unitsFromText } from "../../engine/units.js";
import { loadCapture } from "../../feeds/local-venue/capture.js";
import { type FrameKind, printFrame } from "../../feeds/local-venue/frame.js";

const NO_SHIFT = { updateId: 0, tradeId: 0, timeMs: 0 };

/** Fees are zero: what trading costs is no part of any benchmark. */
const spec = (base: string, lotSize: string): InstrumentSpec => ({
  id: `${base}/USDT.BINANCE`,
  venueSymbol: `${base}USDT`,
  tickSize: "0.01",
  lotSize,
  minQty: lotSize,
  minNotional: "5",
  makerFeePpm: 0,
  takerFeePpm: 0,
});

export const SPECS: readonly InstrumentSpec[] = [spec("BTC", "0.00001"), spec("ETH", "0.0001")];
export const INSTRUMENTS: readonly Instrument[] = SPECS.map(makeInstrument);

/**
 * The first `count` frames of a kind, of both symbols in the order received. Left out are the few with a quantity
 * finer than a lot, left by orders older than the present lot size: the scanner rounds it down, the others do not.
 */
export function framesOf(kind: FrameKind, count: number): Buffer[] {
  const texts = loadCapture()
    .frames.filter((frame) => frame.kind === kind)
    .map((frame) => printFrame(frame, NO_SHIFT));
  return texts
    .filter(isWholeLots)
    .slice(0, count)
    .map((text) => Buffer.from(text));
}

function isWholeLots(text: string): boolean {
  const { e, s, b, a } = JSON.parse(text) as { e?: string; s: string; b: string[][]; a: string[][] };
  if (e !== "depthUpdate") return true;
  const { lot } = INSTRUMENTS.find(({ venueSymbol }) => venueSymbol === s)!;
  return [...b, ...a].every(([, quantity]) => unitsFromText(quantity, lot) >= 0);
}

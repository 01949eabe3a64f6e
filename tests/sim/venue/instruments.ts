/** The two instruments of every run, and the venue's own writing of their prices and quantities. */
import { type Instrument, type InstrumentSpec, makeInstrument } from "../../../engine/index.js";

const BTC: InstrumentSpec = {
  id: "BTC/USDT.BINANCE",
  venueSymbol: "BTCUSDT",
  tickSize: "0.01",
  lotSize: "0.001",
  minQty: "0.001",
  minNotional: "0.5",
  makerFeePpm: 200,
  takerFeePpm: 1_000,
};

export const SPECS: readonly InstrumentSpec[] = [BTC, { ...BTC, id: "ETH/USDT.BINANCE", venueSymbol: "ETHUSDT" }];
export const INSTRUMENTS: readonly Instrument[] = SPECS.map((spec, index) => makeInstrument(spec, index));
/** Where the walk of each price begins, in ticks. */
export const FIRST_TICKS = [6_500_000, 350_000] as const;

const texts = new Map<number, string>();

/** Both have ticks of 0.01. Written again and again, so kept. */
export function priceText(ticks: number): string {
  const known = texts.get(ticks);
  if (known !== undefined) return known;
  const text = decimal(ticks, 2);
  texts.set(ticks, text);
  return text;
}

const LOTS_KEPT = 2_048;
const lotTexts: string[] = [];

/** Both have lots of 0.001. */
export function quantityText(lots: number): string {
  if (lots >= LOTS_KEPT) return decimal(lots, 3);
  lotTexts[lots] ??= decimal(lots, 3);
  return lotTexts[lots];
}

/** Money units of 10^-8. */
export const moneyText = (money: number): string => decimal(money, 8);

/** A whole number of 10^-`places`, with the eight places that the venue writes. */
function decimal(units: number, places: number): string {
  const digits = String(Math.abs(units)).padStart(places + 1, "0");
  const cut = digits.length - places;
  return `${units < 0 ? "-" : ""}${digits.slice(0, cut)}.${digits.slice(cut).padEnd(8, "0")}`;
}

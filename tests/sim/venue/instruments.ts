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

/** Both have ticks of 0.01. */
export const priceText = (ticks: number): string => decimal(ticks, 2);
/** Both have lots of 0.001. */
export const quantityText = (lots: number): string => decimal(lots, 3);
/** Money units of 10^-8. */
export const moneyText = (money: number): string => decimal(money, 8);

/** A whole number of 10^-`places`, with the eight places that the venue writes. */
function decimal(units: number, places: number): string {
  const digits = String(Math.abs(units)).padStart(places + 1, "0");
  const cut = digits.length - places;
  return `${units < 0 ? "-" : ""}${digits.slice(0, cut)}.${digits.slice(cut).padEnd(8, "0")}`;
}

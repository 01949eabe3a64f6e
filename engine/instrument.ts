/**
 * What the engine knows of an instrument. Instruments are numbered densely at start; everything below uses the index.
 * The id that people write is SYMBOL.VENUE, such as BTC/USDT.BINANCE.
 */
import { ConfigError } from "./assert.js";
import { MONEY_DECIMALS, moneyFromText } from "./money.js";
import { parseStep, powerOfTen, type Step, unitsFromText } from "./units.js";

/** As configured and journaled: plain JSON, decimals as text. */
export interface InstrumentSpec {
  readonly id: string;
  /** The venue's own name, such as BTCUSDT. */
  readonly venueSymbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  /** Smallest order, as a decimal quantity. */
  readonly minQty: string;
  /** Smallest order value in the quote currency, as a decimal. */
  readonly minNotional: string;
  /** Fees in parts per million of the value. */
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
}

export interface Instrument extends InstrumentSpec {
  readonly index: number;
  readonly symbol: string;
  readonly venue: string;
  readonly base: string;
  readonly quote: string;
  readonly tick: Step;
  readonly lot: Step;
  /** Money units of one tick times one lot: a whole number, so that every value is one too. */
  readonly moneyPerTickLot: number;
  readonly minLots: number;
  readonly minNotionalMoney: number;
}

/** Checks a spec and derives the exact scales. Throws ConfigError when values could not be kept exactly. */
export function makeInstrument(spec: InstrumentSpec, index: number): Instrument {
  const match = /^([A-Z0-9]+)\/([A-Z0-9]+)\.([A-Z0-9]+)$/.exec(spec.id);
  if (!match) throw new ConfigError(`instrument id must look like BTC/USDT.BINANCE, was "${spec.id}"`);
  const [, base, quote, venue] = match;
  const tick = parseStep(spec.tickSize, `tickSize of ${spec.id}`);
  const lot = parseStep(spec.lotSize, `lotSize of ${spec.id}`);
  const spareDecimals = MONEY_DECIMALS - tick.decimals - lot.decimals;
  if (spareDecimals < 0) {
    throw new ConfigError(
      `${spec.id}: tick ${spec.tickSize} × lot ${spec.lotSize} is finer than 10^-${MONEY_DECIMALS}; ` +
        "its values cannot be exact",
    );
  }
  const moneyPerTickLot = tick.units * lot.units * powerOfTen(spareDecimals);
  if (!Number.isSafeInteger(moneyPerTickLot)) {
    throw new ConfigError(
      `${spec.id}: tick ${spec.tickSize} × lot ${spec.lotSize} is too coarse; its values would pass 2^53`,
    );
  }
  const minLots = unitsFromText(spec.minQty, lot);
  const minNotionalMoney = moneyFromText(spec.minNotional);
  if (!(minLots >= 0))
    throw new ConfigError(`minQty of ${spec.id} must be a multiple of its lot, was "${spec.minQty}"`);
  if (!(minNotionalMoney >= 0))
    throw new ConfigError(`minNotional of ${spec.id} must be an amount, was "${spec.minNotional}"`);
  const symbol = `${base}/${quote}`;
  return { ...spec, index, symbol, venue, base, quote, tick, lot, moneyPerTickLot, minLots, minNotionalMoney };
}

/** Asks the venue for the exact steps and minima of instruments; whoever starts an engine journals the answer. */
import { ConfigError } from "../../engine/assert.js";
import type { InstrumentSpec } from "../../engine/instrument.js";
import type { BinanceExchange } from "./exchange.js";

export interface FeeOptions {
  /** Parts per million of the value; default 1000. */
  readonly makerFeePpm?: number;
  readonly takerFeePpm?: number;
}

type Filters = readonly Readonly<Record<string, unknown>>[];

/**
 * Specs of symbols such as BTC/USDT, in the order asked for. Rejects with ConfigError for a symbol the venue does not
 * trade, with VenueUnreachable when it does not answer.
 */
export async function loadInstruments(
  exchange: BinanceExchange,
  symbols: readonly string[],
  { makerFeePpm = 1000, takerFeePpm = 1000 }: FeeOptions = {},
): Promise<InstrumentSpec[]> {
  const markets = await exchange.markets();
  return symbols.map((symbol) => {
    const market = markets[symbol];
    if (!market) throw new ConfigError(`Binance has no market "${symbol}"; symbols look like BTC/USDT`);
    const filters = market.info.filters ?? [];
    return {
      id: `${symbol}.BINANCE`,
      venueSymbol: market.id,
      tickSize: decimal(filters, symbol, ["PRICE_FILTER"], "tickSize"),
      lotSize: decimal(filters, symbol, ["LOT_SIZE"], "stepSize"),
      minQty: decimal(filters, symbol, ["LOT_SIZE"], "minQty"),
      minNotional: decimal(filters, symbol, ["NOTIONAL", "MIN_NOTIONAL"], "minNotional"),
      makerFeePpm,
      takerFeePpm,
    };
  });
}

/** A filter's value without the zeros that carry nothing. */
function decimal(filters: Filters, symbol: string, types: readonly string[], key: string): string {
  const filter = filters.find(({ filterType }) => types.includes(String(filterType)));
  const text = String(filter?.[key] ?? "");
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new ConfigError(`Binance gives ${symbol} no ${types[0]} ${key}, was "${text}"`);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

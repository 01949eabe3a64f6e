/**
 * What a local venue may be asked for, and the check of it. Options come from code and from a command line, so a wrong
 * one is answered with a line that says what would be right.
 */
import type { ConnectionLimits } from "./connection.js";
import { hasTradingRules } from "./exchange-info.js";
import { parseAmount } from "./orders/amount.js";
import type { UsageLimits } from "./orders/usage.js";

export interface LocalVenueOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Multiple of the recorded pace, default 1. At 0 the clock stands and only `step` sends frames. */
  readonly speed?: number;
  /** As the venue names them; default all symbols of the capture. */
  readonly symbols?: readonly string[];
  /** Directory with `<symbol>.gz` files; default the capture that comes with the package. */
  readonly capture?: string;
  /** Where the venue should differ from what Binance allows a connection. */
  readonly limits?: Partial<ConnectionLimits>;
  /** What the account starts with, as decimals by asset; default 1000000 USDT, 10 BTC and 100 ETH. */
  readonly balances?: Readonly<Record<string, string>>;
  /** Where the account's limits should differ from Binance's. */
  readonly usage?: Partial<UsageLimits>;
  /** The clock of the order side, milliseconds since the epoch; default real time. */
  readonly nowMs?: () => number;
}

/** Binance's own limits, but for the send buffer, which Binance does not publish. */
export const BINANCE_LIMITS: ConnectionLimits = {
  messagesPerSecond: 5,
  streams: 1024,
  bufferedBytes: 16 * 1024 * 1024,
  pingMs: 20_000,
  pongMs: 60_000,
};

/** Throws RangeError for the first option the venue cannot run with. */
export function checkOptions({ port = 0, speed = 1, symbols, balances = {} }: LocalVenueOptions): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`the port must be an integer from 0 (any free one) to 65535, was ${port}`);
  }
  if (!Number.isFinite(speed) || speed < 0) {
    throw new RangeError(`the speed must be 0 (frames only by step) or a positive multiple, was ${speed}`);
  }
  if (symbols !== undefined) checkSymbols(symbols);
  for (const [asset, text] of Object.entries(balances)) {
    if (parseAmount(text) !== undefined && /^[A-Z0-9]+$/.test(asset)) continue;
    throw new RangeError(`a balance must be an asset and a decimal such as USDT=1000.5, was "${asset}=${text}"`);
  }
}

/** Throws RangeError when the venue has no trading rules for one of the symbols. */
export function checkSymbols(symbols: readonly string[]): void {
  const unknown = symbols.find((symbol) => !hasTradingRules(symbol));
  if (unknown !== undefined) throw new RangeError(`the venue trades BTCUSDT and ETHUSDT, was asked for "${unknown}"`);
  if (symbols.length === 0) throw new RangeError("the venue must trade at least one symbol, was given none");
}

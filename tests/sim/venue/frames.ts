/**
 * The venue's writing: its books, trades and quotes as frames of its public stream, and frames that are not its own.
 */
import type { Random } from "../random.js";
import { priceText, quantityText } from "./instruments.js";
import type { Level } from "./true-book.js";

export interface BookChange {
  readonly firstId: number;
  readonly lastId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export function depthFrame(symbol: string, timeMs: number, { firstId, lastId, bids, asks }: BookChange): string {
  return wrap(
    `${symbol.toLowerCase()}@depth@100ms`,
    `{"e":"depthUpdate","E":${timeMs},"s":"${symbol}","U":${firstId},"u":${lastId},` +
      `"b":${levels(bids)},"a":${levels(asks)}}`,
  );
}

export function tradeFrame(
  symbol: string,
  timeMs: number,
  tradeId: number,
  ticks: number,
  lots: number,
  buyerIsMaker: boolean,
): string {
  return wrap(
    `${symbol.toLowerCase()}@trade`,
    `{"e":"trade","E":${timeMs},"s":"${symbol}","t":${tradeId},"p":"${priceText(ticks)}","q":"${quantityText(lots)}",` +
      `"T":${timeMs},"m":${buyerIsMaker},"M":true}`,
  );
}

export function quoteFrame(symbol: string, updateId: number, [bid, bidLots]: Level, [ask, askLots]: Level): string {
  return wrap(
    `${symbol.toLowerCase()}@bookTicker`,
    `{"u":${updateId},"s":"${symbol}","b":"${priceText(bid)}","B":"${quantityText(bidLots)}",` +
      `"a":"${priceText(ask)}","A":"${quantityText(askLots)}"}`,
  );
}

/** The venue's answer to a depth request, parsed as its client parses it. */
export function depthAnswer(lastUpdateId: number, bids: readonly Level[], asks: readonly Level[]): unknown {
  const texts = (side: readonly Level[]) => side.map(([ticks, lots]) => [priceText(ticks), quantityText(lots)]);
  return { lastUpdateId, bids: texts(bids), asks: texts(asks) };
}

const wrap = (stream: string, data: string): string => `{"stream":"${stream}","data":${data}}`;

const levels = (side: readonly Level[]): string =>
  `[${side.map(([ticks, lots]) => `["${priceText(ticks)}","${quantityText(lots)}"]`).join(",")}]`;

/** Ways in which a frame can be wrong so that it shows. Each gives the frame that arrives in the place of another. */
const SPOILINGS: Readonly<Record<string, (frame: string, random: Random) => string>> = {
  truncated: (frame, random) => frame.slice(0, random.integer(0, frame.length - 1)),
  "wrong-type": (frame) => frame.replace(/"(p|s)":"[^"]*"/, '"$1":true').replace(/"[bB]":[["]/, '"b":7,"x":["'),
  "not-a-number": (frame) => frame.replace(/"\d+\.\d+"/, '"NaN"'),
  "out-of-range": (frame) => frame.replace(/"\d+\.\d+"/, '"1e400"'),
  "minus-zero": (frame) => frame.replace(/"\d+\.\d+"/, '"-0"'),
  negative: (frame) => frame.replace(/"\d/, '"-1'),
  "off-tick": (frame) => frame.replace(/"(\d+\.\d\d)\d/, '"$17'),
  "wrong-symbol": (frame) => frame.replace(/"s":"[A-Z]+"/, '"s":"DOGEUSDT"'),
  deep: (frame) => `${frame.slice(0, -1)},"x":${"[".repeat(200)}${"]".repeat(200)}}`,
  garbage: (_frame, random) => Array.from({ length: 40 }, () => String.fromCharCode(random.integer(1, 255))).join(""),
};
const SPOILING_NAMES = Object.keys(SPOILINGS);

/** A wrong frame in the place of a right one, and the name of what is wrong. */
export function spoil(frame: string, random: Random): { readonly kind: string; readonly frame: string } {
  const kind = random.pick(SPOILING_NAMES);
  return { kind, frame: SPOILINGS[kind](frame, random) };
}

/** When a market message left its decoder: the receive time and, in the message, what decoding took. */

import { inputTimeUs } from "../../engine/index.js";
import {
  BOOK_DELTA_DECODE_NS,
  BOOK_SNAPSHOT_DECODE_NS,
  FEED_STATUS_DECODE_NS,
  MessageType,
  type MessageViews,
  QUOTE_DECODE_NS,
  TRADE_DECODE_NS,
} from "../../schemas/index.js";

export function decodedAtUs(type: number, views: MessageViews, at: number): number {
  return inputTimeUs(type, views, at) + decodeNs(type, views, at) / 1000;
}

/** From the socket to the market ring, nanoseconds. */
export function decodeNs(type: number, views: MessageViews, at: number): number {
  return views.i32[(at + decodeOffset(type)) >> 2];
}

function decodeOffset(type: number): number {
  // biome-ignore format: one arm a line
  switch (type) {
    case MessageType.Trade: return TRADE_DECODE_NS;
    case MessageType.Quote: return QUOTE_DECODE_NS;
    case MessageType.BookDelta: return BOOK_DELTA_DECODE_NS;
    case MessageType.BookSnapshot: return BOOK_SNAPSHOT_DECODE_NS;
    default: return FEED_STATUS_DECODE_NS;
  }
}

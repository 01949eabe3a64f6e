/** Where a market message says what its decoding took, in bytes: nanoseconds from the socket to the market ring. */
import {
  BOOK_DELTA_DECODE_NS,
  BOOK_SNAPSHOT_DECODE_NS,
  FEED_STATUS_DECODE_NS,
  MessageType,
  QUOTE_DECODE_NS,
  TRADE_DECODE_NS,
} from "../../schemas/index.js";

export function decodeOffset(type: number): number {
  // biome-ignore format: one arm a line
  switch (type) {
    case MessageType.Trade: return TRADE_DECODE_NS;
    case MessageType.Quote: return QUOTE_DECODE_NS;
    case MessageType.BookDelta: return BOOK_DELTA_DECODE_NS;
    case MessageType.BookSnapshot: return BOOK_SNAPSHOT_DECODE_NS;
    default: return FEED_STATUS_DECODE_NS;
  }
}

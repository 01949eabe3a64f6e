/**
 * The keys of Binance's frames that are read, and which of them each event must have. The number of a field is its slot
 * among the decoder's values and its bit in a mask. A key may stand for different things in different events: `b` is a
 * price in a bookTicker, a list in a depthUpdate and an order number in old trades.
 */
export const Field = {
  Event: 0,
  Symbol: 1,
  EventTime: 2,
  TradeTime: 3,
  TradeId: 4,
  /** The last id is behind it, as feeds/sync/binance.ts reads them. */
  FirstId: 5,
  LastId: 6,
  BuyerIsMaker: 7,
  Price: 8,
  Quantity: 9,
  Bid: 10,
  BidQuantity: 11,
  Ask: 12,
  AskQuantity: 13,
  /** Not keys: `b` and `a` as lists of levels. */
  Bids: 14,
  Asks: 15,
  Stream: 16,
  Data: 17,
  Result: 18,
  Error: 19,
  Id: 20,
  /** Not a key: when the frame was received, microseconds since the epoch. */
  ReceiveTime: 21,
} as const;
export const FIELDS = 22;
export const NO_FIELD = -1;

/** What a frame can be. */
export const Event = { None: 0, Trade: 1, Quote: 2, Depth: 3, Other: 4 } as const;

const LETTERS = { e: 0, s: 1, E: 2, T: 3, t: 4, U: 5, u: 6, m: 7, p: 8, q: 9, b: 10, B: 11, a: 12, A: 13 };
/** The field of a key of one letter, by its byte. */
export const FIELD_OF_LETTER = new Int8Array(256).fill(NO_FIELD);
for (const [letter, field] of Object.entries(LETTERS)) FIELD_OF_LETTER[letter.charCodeAt(0)] = field;

export const bit = (field: number): number => 1 << field;
export const mask = (...fields: readonly number[]): number => fields.reduce((all, field) => all | bit(field), 0);

/** Every key of a payload; none may stand beside a wrapped payload. */
export const PAYLOAD = bit(14) - 1;

const COMMON = mask(Field.Event, Field.Symbol, Field.EventTime);
export const TRADE_NEEDS =
  COMMON | mask(Field.TradeTime, Field.TradeId, Field.Price, Field.Quantity, Field.BuyerIsMaker);
export const DEPTH_NEEDS = COMMON | mask(Field.FirstId, Field.LastId, Field.Bids, Field.Asks);
/** Spot's bookTicker names no event and has no time. */
export const QUOTE_NEEDS = mask(Field.Symbol, Field.LastId, Field.Bid, Field.BidQuantity, Field.Ask, Field.AskQuantity);

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const WORDS: readonly (readonly [Uint8Array, number])[] = [
  [bytesOf("stream"), Field.Stream],
  [bytesOf("data"), Field.Data],
  [bytesOf("result"), Field.Result],
  [bytesOf("error"), Field.Error],
  [bytesOf("id"), Field.Id],
];
const EVENTS: readonly (readonly [Uint8Array, number])[] = [
  [bytesOf("trade"), Event.Trade],
  [bytesOf("depthUpdate"), Event.Depth],
  [bytesOf("bookTicker"), Event.Quote],
];

/** The field of a longer key, which only the outermost object has. */
export function fieldOfWord(bytes: Uint8Array, at: number, end: number): number {
  return find(WORDS, bytes, at, end, NO_FIELD);
}

export function eventOfName(bytes: Uint8Array, at: number, end: number): number {
  return find(EVENTS, bytes, at, end, Event.Other);
}

function find(
  table: readonly (readonly [Uint8Array, number])[],
  bytes: Uint8Array,
  at: number,
  end: number,
  otherwise: number,
): number {
  for (let row = 0; row < table.length; row += 1) if (sameBytes(table[row][0], bytes, at, end)) return table[row][1];
  return otherwise;
}

export function sameBytes(word: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (word.length !== end - at) return false;
  for (let index = 0; index < word.length; index += 1) if (word[index] !== bytes[at + index]) return false;
  return true;
}

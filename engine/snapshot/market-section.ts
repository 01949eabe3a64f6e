/** What the engine knows of the market, in a snapshot: every level of every book, best quotes, last trades, feeds. */
import type { Engine } from "../engine.js";
import type { Book } from "../market/book.js";
import { BOOK_LEVELS_MAX, type BookSide } from "../market/book-side.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

export function writeMarket(writer: ByteWriter, { market }: Engine): void {
  market.books.forEach((book, instrument) => {
    writer.i32(market.bidTicks[instrument]);
    writer.i32(market.askTicks[instrument]);
    writer.f64(market.bidLots[instrument]);
    writer.f64(market.askLots[instrument]);
    writer.i32(market.lastTicks[instrument]);
    writer.u8(market.feedState[instrument]);
    writeBook(writer, book);
  });
}

export function readMarket(reader: ByteReader, { market }: Engine): void {
  market.books.forEach((book, instrument) => {
    market.bidTicks[instrument] = reader.i32();
    market.askTicks[instrument] = reader.i32();
    market.bidLots[instrument] = reader.f64();
    market.askLots[instrument] = reader.f64();
    market.lastTicks[instrument] = reader.i32();
    market.feedState[instrument] = reader.u8();
    readBook(reader, book);
  });
}

function writeBook(writer: ByteWriter, book: Book): void {
  writer.f64(book.lastUpdateId);
  for (const { keys, lots, count, overflow } of [book.bids, book.asks]) {
    writer.f64(overflow);
    writer.u32(count);
    for (let level = 0; level < count; level += 1) {
      writer.i32(keys[level]);
      writer.f64(lots[level]);
    }
  }
}

function readBook(reader: ByteReader, book: Book): void {
  book.lastUpdateId = reader.f64();
  readSide(reader, book.bids);
  readSide(reader, book.asks);
}

/** Keys that do not rise would lose every search among them. */
function readSide(reader: ByteReader, side: BookSide): void {
  side.overflow = reader.whole(0, "a book's overflow");
  const count = reader.index(BOOK_LEVELS_MAX, "levels of a book");
  side.reserve(count);
  for (let level = 0; level < count; level += 1) {
    side.keys[level] = reader.i32();
    side.lots[level] = reader.f64();
    if (level > 0 && side.keys[level] <= side.keys[level - 1]) reader.refuse("a book's levels out of order");
  }
  side.count = count;
}

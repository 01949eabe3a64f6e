/** What market inputs do: update the market, then tell the strategies that asked for it. */
import {
  BOOK_DELTA_INSTRUMENT,
  BOOK_DELTA_LAST,
  BOOK_SNAPSHOT_INSTRUMENT,
  BOOK_SNAPSHOT_LAST,
  FEED_STATUS_INSTRUMENT,
  FeedState,
  QUOTE_INSTRUMENT,
  TRADE_INSTRUMENT,
} from "../../schemas/index.js";
import type { Engine } from "../engine.js";
import type { Input } from "../input.js";
import { dispatchBook, dispatchQuote, dispatchTrade } from "../strategy/dispatch.js";

export function onTrade(engine: Engine, { views, at }: Input): void {
  const instrument = views.u32[(at + TRADE_INSTRUMENT) >> 2];
  engine.market.applyTrade(views, at);
  engine.touched.instruments.mark(instrument);
  dispatchTrade(engine, instrument, views, at);
}

export function onQuote(engine: Engine, { views, at }: Input): void {
  const instrument = views.u32[(at + QUOTE_INSTRUMENT) >> 2];
  engine.market.applyQuote(views, at);
  engine.touched.instruments.mark(instrument);
  dispatchQuote(engine, instrument);
}

/** A book is shown when its last part has come, its feed is live and its sides do not cross. */
export function onBookDelta(engine: Engine, { views, at }: Input): void {
  const instrument = views.u32[(at + BOOK_DELTA_INSTRUMENT) >> 2];
  engine.market.books[instrument].applyDelta(views, at);
  engine.touched.instruments.mark(instrument);
  if (views.u16[(at + BOOK_DELTA_LAST) >> 1]) dispatchBook(engine, instrument);
}

export function onBookSnapshot(engine: Engine, { views, at }: Input): void {
  const instrument = views.u32[(at + BOOK_SNAPSHOT_INSTRUMENT) >> 2];
  engine.market.books[instrument].applySnapshot(views, at);
  engine.touched.instruments.mark(instrument);
  if (views.u16[(at + BOOK_SNAPSHOT_LAST) >> 1]) dispatchBook(engine, instrument);
}

export function onFeedStatus(engine: Engine, { views, at }: Input): void {
  const instrument = views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2];
  engine.market.applyFeedStatus(views, at);
  if (engine.market.feedState[instrument] === FeedState.Empty) engine.market.books[instrument].clear();
  engine.touched.instruments.mark(instrument);
}

/**
 * Runs in a process of its own, on built output: writes messages, reads them again, and prints, as JSON, the garbage
 * collections after warm-up. Each message has a loop of its own, into which V8 inlines writer and reader as it does in
 * the decoders and the engine; a double handed to a call that is not inlined would be the caller's garbage, not theirs.
 * The same count must see the garbage of a reader that is given a new object each time. Wants --expose-gc.
 */
import { GCProfiler } from "node:v8";
import * as schemas from "../../dist/schemas/index.js";

const CALL = 100;
const LEVELS = 20;
/** More of them than V8 inlines into one caller: there its budget would end before the writers' turn. */
const LOOPS = [trades, quotes, deltas, orderEvents, fills, submits];
const views = schemas.viewsOf(new ArrayBuffer(16_384));
// Times come from memory, as they do in the engine.
const time = Float64Array.of(1_767_571_200_000_000);
const trade = new schemas.TradeFields();
const quote = new schemas.QuoteFields();
const delta = new schemas.BookDeltaFields();
const level = new schemas.LevelFields();
const orderEvent = new schemas.OrderEventFields();
const fill = new schemas.FillFields();
const submit = new schemas.SubmitOrderFields();
/** Where sums go, so that no read can be left out. */
const sums = new Float64Array(1);
/** Where the wasteful reader's objects go, so that V8 cannot do without making them. */
const kept = new Array(64);

const rounds = Number(process.argv[2]) / CALL / LOOPS.length;
warmUp();
const collections = collectionsOf(() => run(LOOPS, rounds));
const isGarbageSeen = collectionsOf(() => run([wasteful], rounds)).length > 0;
console.log(JSON.stringify({ collections, isGarbageSeen }));

function collectionsOf(work) {
  globalThis.gc();
  const profiler = new GCProfiler();
  profiler.start();
  work();
  return profiler.stop().statistics.map(({ gcType }) => gcType);
}

/** V8 compiles on a thread of its own, which a busy machine keeps waiting: it is given its turns. */
function warmUp() {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let turn = 0; turn < 10; turn += 1) {
    run(LOOPS, 1_000);
    Atomics.wait(pause, 0, 0, 20);
  }
}

/**
 * Short calls, many of them. A long one is replaced while it runs, but each time anew: it begins half interpreted,
 * where every double that is handed on is garbage, and is then too seldom seen there to be compiled for good.
 */
function run(loops, rounds) {
  for (let round = 0; round < rounds; round += 1) for (const loop of loops) loop(CALL);
}

function trades(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    const at = (made & 31) * 512;
    schemas.writeTrade(views, at, us, us - 1.5, us + 3, 5.5, made, 1, 900, 1);
    schemas.readTrade(views, at, trade);
    sums[0] += trade.receiveTimeUs + trade.venueTimeUs + trade.tradeId + trade.qtyLots + trade.priceTicks;
  }
}

function quotes(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    const at = (made & 31) * 512;
    schemas.writeQuote(views, at, us, us - 1.5, us + 3, us * 2, us * 3, made, made, 1, 900);
    schemas.readQuote(views, at, quote);
    sums[0] += quote.receiveTimeUs + quote.updateId + quote.bidLots + quote.askLots + quote.bidTicks;
  }
}

function deltas(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    const start = (made & 31) * 512;
    schemas.writeBookDelta(views, start, us, us - 1.5, us + 3, us + 4, 1, 900, 10, 1, LEVELS);
    for (let index = 0, at = start + schemas.BOOK_DELTA_LEVELS; index < LEVELS; index += 1, at += schemas.LEVEL_BYTES) {
      schemas.writeLevel(views, at, index * 1.5, made);
    }
    schemas.readBookDelta(views, start, delta);
    for (let index = 0, at = start + schemas.BOOK_DELTA_LEVELS; index < delta.levelsCount; index += 1) {
      schemas.readLevel(views, at + index * schemas.LEVEL_BYTES, level);
      sums[0] += level.qtyLots + level.priceTicks;
    }
    sums[0] += delta.lastUpdateId;
  }
}

/** An instrument beyond 2^31 does not fit into a small integer: it, too, must be overwritten in place. */
function orderEvents(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    const at = (made & 31) * 512;
    const instrument = 3_000_000_000 + made;
    schemas.writeOrderEvent(views, at, us, us - 1.5, us + 3, us + 4, made, instrument, 0, 1, 1, 0, 2, 0, 0, 0);
    schemas.readOrderEvent(views, at, orderEvent);
    sums[0] += orderEvent.timeUs + orderEvent.instrument + orderEvent.qtyLots + orderEvent.reportReason;
  }
}

function fills(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    const at = (made & 31) * 512;
    schemas.writeFill(views, at, us, us - 1.5, us + 3, us + 4, us * 2, us * 3, us * 4, made, 1, 2, 3, 1, 2);
    schemas.readFill(views, at, fill);
    sums[0] += fill.timeUs + fill.tradeId + fill.feeMoney + fill.realisedMoney + fill.epoch;
  }
}

function submits(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    const at = (made & 31) * 512;
    schemas.writeSubmitOrder(views, at, us, us + 3, us * 2, made, 1, 2, 3, 1, 1, 2);
    schemas.readSubmitOrder(views, at, submit);
    sums[0] += submit.timeUs + submit.orderId + submit.qtyLots + submit.priceTicks + submit.timeInForce;
  }
}

function wasteful(count) {
  for (let made = 0; made < count; made += 1) {
    const fresh = new schemas.TradeFields();
    schemas.readTrade(views, (made & 31) * 512, fresh);
    kept[made & 63] = fresh;
  }
}

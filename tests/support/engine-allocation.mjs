/**
 * Runs in a process of its own, on built output: market messages by the million through an engine with both example
 * strategies, into one reused log buffer. Prints, as JSON, the garbage collections after warm-up and the time a message
 * took. Arguments: a JSON file with the bundles, and how many messages to measure. Wants
 * --expose-gc.
 */
import { readFileSync } from "node:fs";
import { GCProfiler } from "node:v8";
import { Engine, loadStrategy, MemoryLog } from "../../dist/engine/index.js";
import * as schemas from "../../dist/schemas/index.js";
import { createDeterministicMath, createMathCore } from "../../dist/wasm/index.js";

const [bundlesFile, count] = process.argv.slice(2);
const { config, bundles } = JSON.parse(readFileSync(bundlesFile, "utf8"));
const MESSAGES = Number(count);
const ROUNDS_MAX = 5;
const SLOT_BYTES = 512;
const SLOTS = 4096;
const START_US = 1_767_571_200_000_000;
/** Past 2^31, so that a quantity handed from call to call could not hide as a small integer. */
const LOTS = 30_000_000_000;

const views = schemas.viewsOf(new ArrayBuffer(SLOTS * SLOT_BYTES));
const types = new Uint16Array(SLOTS);
const lengths = new Uint16Array(SLOTS);
for (let slot = 0; slot < SLOTS; slot += 1) lengths[slot] = writeSlot(slot);

const math = createMathCore();
const strategies = bundles.map(({ id, bundle }) => loadStrategy(bundle, id, createDeterministicMath(math)));
const engine = new Engine({ config, math, strategies, log: new MemoryLog(() => {}) });
start();

const clockUs = Float64Array.of(START_US + 1_000_000);
let measured = measure();
// On a busy machine V8's compiler threads may still be at work; what counts is the state it comes to.
for (let round = 1; round < ROUNDS_MAX && measured.collections.length > 0; round += 1) measured = measure();
console.log(JSON.stringify({ ...measured, sequence: engine.sequence, ordersSent: engine.ordersSent }));

function measure() {
  run(MESSAGES / 2);
  globalThis.gc();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.hrtime.bigint();
  run(MESSAGES);
  const nsPerMessage = Number(process.hrtime.bigint() - before) / MESSAGES;
  return { collections: profiler.stop().statistics.map(({ gcType }) => gcType), nsPerMessage };
}

/** Messages move forward in time; all else repeats. */
function run(messages) {
  for (let made = 0; made < messages; made += 1) {
    const slot = made & (SLOTS - 1);
    const at = slot * SLOT_BYTES;
    const timeAt =
      types[slot] === schemas.MessageType.BookDelta
        ? schemas.BOOK_DELTA_RECEIVE_TIME_US
        : schemas.TRADE_RECEIVE_TIME_US;
    views.f64[(at + timeAt) >> 3] = clockUs[0] += 50;
    engine.take(types[slot], views, at, lengths[slot]);
  }
}

/** A trade, a quote, or a delta of eight levels; each instrument in turn. */
function writeSlot(slot) {
  const at = slot * SLOT_BYTES;
  const instrument = slot & 1;
  const mid = (instrument ? 350_000 : 6_500_000) + Math.round(40 * Math.sin(slot / 50));
  const kind = slot % 3;
  if (kind === 0) {
    types[slot] = schemas.MessageType.Trade;
    schemas.writeTrade(views, at, 0, START_US, slot, 5 * LOTS, mid, instrument, 900, 1 + (slot & 1));
    return schemas.TRADE_BYTES;
  }
  if (kind === 1) {
    types[slot] = schemas.MessageType.Quote;
    schemas.writeQuote(views, at, 0, START_US, slot, 5 * LOTS, 7 * LOTS, mid - 1, mid + 1, instrument, 900);
    return schemas.QUOTE_BYTES;
  }
  types[slot] = schemas.MessageType.BookDelta;
  schemas.writeBookDelta(views, at, 0, START_US, slot, slot, instrument, 900, 4, 1, 8);
  writeLevels(at + schemas.BOOK_DELTA_LEVELS, instrument ? 350_000 : 6_500_000, slot);
  return schemas.BOOK_DELTA_BYTES + 8 * schemas.LEVEL_BYTES;
}

function writeLevels(start, mid, slot) {
  for (let level = 0; level < 8; level += 1) {
    const at = start + level * schemas.LEVEL_BYTES;
    const depth = 1 + ((slot * 7 + level * 3) % 20);
    views.f64[(at + schemas.LEVEL_QTY_LOTS) >> 3] = (depth === 1 ? 50 : ((slot + level) % 4) * 10) * LOTS;
    views.i32[(at + schemas.LEVEL_PRICE_TICKS) >> 2] = level < 4 ? mid - depth : mid + depth;
  }
}

function start() {
  const at = 0;
  const scratch = schemas.viewsOf(new ArrayBuffer(4096));
  schemas.writeConfig(scratch, at, START_US, 1, 0, 0);
  engine.take(schemas.MessageType.Config, scratch, at, schemas.CONFIG_BYTES);
  for (const instrument of [0, 1]) {
    schemas.writeFeedStatus(scratch, at, START_US, instrument, 0, schemas.FeedState.Live, 0);
    engine.take(schemas.MessageType.FeedStatus, scratch, at, schemas.FEED_STATUS_BYTES);
  }
}

/**
 * Runs in a process of its own, on built output: captured frames by the million through the whole intake – decoder,
 * join and messages into a reused buffer. Prints, as JSON, the garbage collections after warm-up and the nanoseconds
 * a frame of each kind took, beside JSON.parse. Argument: how many frames to measure. Wants --expose-gc.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GCProfiler } from "node:v8";
import { gunzipSync } from "node:zlib";
import { makeInstrument } from "../../dist/engine/instrument.js";
import { BinanceDecoder } from "../../dist/feeds/binance/decode.js";
import { BinanceIntake } from "../../dist/feeds/binance/intake.js";
import { readSnapshot } from "../../dist/feeds/binance/snapshot.js";
import { createFeedCounters } from "../../dist/feeds/feed-counters.js";
import { viewsOf } from "../../dist/schemas/index.js";

const FRAMES = Number(process.argv[2]);
const ROUNDS_MAX = 5;
const SINK_BYTES = 1024 * 1024;
const instrument = makeInstrument(
  {
    id: "BTC/USDT.BINANCE",
    venueSymbol: "BTCUSDT",
    tickSize: "0.01",
    lotSize: "0.00001",
    minQty: "0",
    minNotional: "0",
    makerFeePpm: 0,
    takerFeePpm: 0,
  },
  0,
);

const lines = gunzipSync(readFileSync(join(import.meta.dirname, "../../feeds/local-venue/capture/btcusdt.gz")))
  .toString("latin1")
  .trimEnd()
  .split("\n");
const payloads = lines.slice(1, 4001).map((line) => line.slice(line.indexOf('"data":') + 7, -1));
const kinds = {
  trade: payloads.filter((text) => text.includes('"trade"')),
  bookTicker: payloads.filter((text) => text.startsWith('{"u"')),
  depth: payloads.filter((text) => text.includes('"depthUpdate"')),
};

const sink = {
  views: viewsOf(new ArrayBuffer(SINK_BYTES)),
  at: 0,
  bytes: 0,
  claim(_type, bytes) {
    if (this.at + bytes > SINK_BYTES) this.at = 0;
    this.bytes = (bytes + 7) & ~7;
    return this.at;
  },
  commit() {
    this.at += this.bytes;
  },
  publish() {},
};
// A clock of our own: what the host's clock allocates is not the intake's.
const clockUs = Float64Array.of(1_767_571_200_000_000.5);
const counters = createFeedCounters();
const intake = new BinanceIntake({
  instruments: [instrument],
  sink,
  counters,
  stamp: (into, at) => {
    into[at] = clockUs[0] += 0.25;
  },
  silenceMs: 3_600_000,
});

const frames = payloads.map((text) => Buffer.from(text));
/** Where a depth frame's ids stand, so that they can be rewritten in place; 0 in other frames. */
const firstIdAt = Int32Array.from(payloads, (text) => text.indexOf('"U":') + 4).map((at) => (at === 3 ? 0 : at));
const lastIdAt = Int32Array.from(payloads, (text, frame) => (firstIdAt[frame] ? text.indexOf('"u":') + 4 : 0));
const ID_BEFORE = 60_000_000_000;
const idDigits = Uint8Array.from(String(ID_BEFORE), Number);

startFollowing();
let collections = measure();
// On a busy machine V8's compiler threads may still be at work; what counts is the state it comes to.
for (let round = 1; round < ROUNDS_MAX && collections.length > 0; round += 1) collections = measure();
const ns = Object.fromEntries(Object.entries(kinds).map(([kind, texts]) => [kind, compare(texts)]));
console.log(JSON.stringify({ collections, ns, counters }));

function startFollowing() {
  intake.subscribed();
  takeFrame(firstIdAt.findIndex((at) => at > 0));
  const snapshot = JSON.parse(lines[0].slice(lines[0].indexOf(" ") + 1));
  snapshot.lastUpdateId = ID_BEFORE;
  intake.onSnapshot(intake.books[0], readSnapshot(snapshot, instrument, 0));
}

function measure() {
  run(FRAMES / 2);
  globalThis.gc();
  const profiler = new GCProfiler();
  profiler.start();
  run(FRAMES);
  return profiler.stop().statistics.map(({ gcType }) => gcType);
}

function run(count) {
  for (let done = 0; done < count; done += 1) takeFrame(done % frames.length);
}

/** Each depth frame continues the one before it, for ever. */
function takeFrame(at) {
  const frame = frames[at];
  if (firstIdAt[at] !== 0) writeNextId(frame, firstIdAt[at], lastIdAt[at]);
  intake.onFrame(frame, true);
}

function writeNextId(frame, first, last) {
  let place = idDigits.length - 1;
  while ((idDigits[place] = (idDigits[place] + 1) % 10) === 0) place -= 1;
  for (let digit = 0; digit < idDigits.length; digit += 1) {
    frame[first + digit] = frame[last + digit] = 48 + idDigits[digit];
  }
}

function compare(texts) {
  const bytes = texts.map((text) => Buffer.from(text));
  const decoder = new BinanceDecoder([instrument]);
  const laps = Math.ceil(200_000 / texts.length / (texts[0].length > 400 ? 10 : 1));
  const decode = () => {
    for (const frame of bytes) decoder.decode(frame, frame.length);
  };
  const parse = () => {
    for (const frame of bytes) JSON.parse(frame.toString());
  };
  const meanBytes = Math.round(bytes.reduce((sum, { length }) => sum + length, 0) / bytes.length);
  return { meanBytes, decode: timed(decode, laps, bytes.length), jsonParse: timed(parse, laps, bytes.length) };
}

function timed(work, laps, frames) {
  for (let lap = 0; lap < laps; lap += 1) work();
  let best = Number.POSITIVE_INFINITY;
  for (let lap = 0; lap < laps; lap += 1) {
    const before = process.hrtime.bigint();
    work();
    best = Math.min(best, Number(process.hrtime.bigint() - before));
  }
  return Math.round(best / frames);
}

/**
 * Runs in a process of its own, on built output: captured frames by the million through the whole intake – decoder, join
 * and messages into a reused buffer. Prints, as JSON, the garbage collections after warm-up and the nanoseconds a frame of
 * each kind took, beside JSON.parse. Argument: how many frames to measure. Wants --expose-gc.
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
const zeroUs = performance.timeOrigin * 1000;
const counters = createFeedCounters();
const intake = new BinanceIntake({
  instruments: [instrument],
  sink,
  counters,
  nowUs: () => performance.now() * 1000 + zeroUs,
  silenceMs: 3_600_000,
});

const frames = payloads.map((text) => Buffer.from(text));
// Every lap begins with ids already seen; each depth frame is told apart as superseded, or applied on the first lap.
const depthFrames = kinds.depth.map((text) => Buffer.from(text));
join_();
let measured = measure(frames);
for (let round = 1; round < ROUNDS_MAX && measured.length > 0; round += 1) measured = measure(frames);
let appliedCollections = measureApplied();
for (let round = 1; round < ROUNDS_MAX && appliedCollections.length > 0; round += 1) appliedCollections = measureApplied();
const ns = Object.fromEntries(Object.entries(kinds).map(([kind, texts]) => [kind, compare(texts)]));
console.log(JSON.stringify({ collections: measured, appliedCollections, ns, counters }));

function join_() {
  intake.subscribed();
  intake.onFrame(depthFrames[0], true);
  const snapshot = JSON.parse(lines[0].slice(lines[0].indexOf(" ") + 1));
  intake.onSnapshot(intake.books[0], readSnapshot(snapshot, instrument, 0));
}

function measure(list) {
  run(list, FRAMES / 2);
  return profiled(() => run(list, FRAMES));
}

function run(list, count) {
  const laps = Math.ceil(count / list.length);
  for (let lap = 0; lap < laps; lap += 1) for (let at = 0; at < list.length; at += 1) intake.onFrame(list[at], true);
}

/** Depth frames whose ids go on for ever: the digits are rewritten in place. */
function measureApplied() {
  runApplied(50_000);
  return profiled(() => runApplied(100_000));
}

function runApplied(count) {
  for (let done = 0; done < count; done += 1) {
    const frame = depthFrames[1 + (done % (depthFrames.length - 1))];
    nextIds(frame);
    intake.onFrame(frame, true);
  }
}

function nextIds(frame) {
  if (!nextIds.digits) nextIds.digits = Uint8Array.from("60000000000", (digit) => Number(digit));
  const digits = nextIds.digits;
  for (let place = digits.length - 1; (digits[place] = (digits[place] + 1) % 10) === 0; place -= 1);
  const first = frame.indexOf('"U":') + 4;
  const last = frame.indexOf('"u":') + 4;
  for (let place = 0; place < digits.length; place += 1) frame[first + place] = frame[last + place] = 48 + digits[place];
}

function profiled(work) {
  globalThis.gc();
  const profiler = new GCProfiler();
  profiler.start();
  work();
  return profiler.stop().statistics.map(({ gcType }) => gcType);
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
  const before = process.hrtime.bigint();
  for (let lap = 0; lap < laps; lap += 1) work();
  return Math.round(Number(process.hrtime.bigint() - before) / laps / frames);
}

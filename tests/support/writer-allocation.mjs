/**
 * Runs in a process of its own, on built output: writes messages and prints, as JSON, the garbage collections after
 * warm-up. Each writer has a loop of its own, into which V8 inlines it as it does in the decoders and the engine; a
 * double handed to a call that is not inlined would be the caller's garbage, not the writer's. Wants --expose-gc.
 */
import { GCProfiler } from "node:v8";
import { viewsOf, writeBookDelta, writeOrderEvent, writeQuote, writeTrade } from "../../dist/schemas/index.js";

const ROUNDS = Number(process.argv[2]) / 4_000;
const LOOPS = [trades, quotes, deltas, orderEvents];
const views = viewsOf(new ArrayBuffer(4096));
// Times come from memory, as they do in the engine.
const time = Float64Array.of(1_767_571_200_000_000);

run();
globalThis.gc();
const profiler = new GCProfiler();
profiler.start();
run();
const { statistics } = profiler.stop();
console.log(JSON.stringify({ collections: statistics.map(({ gcType }) => gcType) }));

/** Short calls, many of them: a loop that is entered once stays half interpreted. */
function run() {
  for (let round = 0; round < ROUNDS; round += 1) for (const loop of LOOPS) loop(1_000);
}

function trades(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    writeTrade(views, (made & 31) * 128, us, us - 1.5, us + 3, 5.5, made, 1, 900, 1);
  }
}

function quotes(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    writeQuote(views, (made & 31) * 128, us, us - 1.5, us + 3, us * 2, us * 3, made, made, 1, 900);
  }
}

function deltas(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    writeBookDelta(views, (made & 31) * 128, us, us - 1.5, us + 3, us + 4, 1, 900, 2, 1, 4);
  }
}

function orderEvents(count) {
  for (let made = 0; made < count; made += 1) {
    const us = (time[0] += 7);
    writeOrderEvent(views, (made & 31) * 128, us, us - 1.5, us + 3, us + 4, made, 1, 0, 1, 1, 0, 2, 0, 0);
  }
}

/**
 * Runs in a process of its own, on built output: writes messages and prints, as JSON, the garbage collections after
 * warm-up.
 */
import { GCProfiler } from "node:v8";
import { viewsOf, writeBookDelta, writeOrderEvent, writeQuote, writeTrade } from "../../dist/schemas/index.js";

const COUNT = Number(process.argv[2]);
const views = viewsOf(new ArrayBuffer(4096));
// Times come from memory, as they do in the engine: a double in a variable of this module would be garbage of its own.
const time = Float64Array.of(1_767_571_200_000_000);

run(200_000);
const profiler = new GCProfiler();
profiler.start();
run(COUNT);
const { statistics } = profiler.stop();
console.log(JSON.stringify({ collections: statistics.map(({ gcType }) => gcType) }));

function run(count) {
  for (let made = 0; made < count; made += 1) {
    const at = (made & 31) * 128;
    const us = (time[0] += 7);
    switch (made & 3) {
      case 0:
        writeTrade(views, at, us, us - 1.5, us + 3, 5.5, made, 1, 900, 1);
        break;
      case 1:
        writeQuote(views, at, us, us - 1.5, us + 3, us * 2, us * 3, made, made, 1, 900);
        break;
      case 2:
        writeBookDelta(views, at, us, us - 1.5, us + 3, us + 4, 1, 900, 2, 1, 4);
        break;
      default:
        writeOrderEvent(views, at, us, us - 1.5, us + 3, us + 4, made, 1, 0, 1, 1, 0, 2, 0, 0);
    }
  }
}

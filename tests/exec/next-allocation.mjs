/**
 * Runs in a process of its own, on built output: each kind of working order is asked for its next child, by the million
 * and with lots past 2^31, so that no number could hide as a small integer. Prints as JSON the bytes that a call
 * allocates, the least of several rounds: on a busy machine V8's compiler threads may still be at work in the first.
 * Wants --expose-gc. The path of the built `exec` is the argument.
 */
const { exec } = await import(process.argv[2]);

const CALLS = 400_000;
const ROUNDS = 6;
const SCALE = 30_000_000_000;
const DAY_US = 86_400e6;
const window = { lots: 2 ** 53 - 1, startUs: 0, endUs: DAY_US };
const plan = exec.twap({ ...window, slices: 1000 });

const pov = exec.pov({ ...window, rate: 0.1 });
const iceberg = exec.iceberg({ side: "buy", lots: window.lots, peakLots: SCALE, band: 0.5, seed: 1, limitTicks: 5 });
const catchUp = exec.follow({ plan, endUs: DAY_US });
const spread = exec.follow({ plan, endUs: DAY_US, late: "spread" });
const told = Float64Array.of(0, 0, 0);
const sink = new Float64Array(1);

const ASK = {
  pov: () => (sink[0] += pov.next(told[0], 9 * SCALE, told[1], told[2])),
  iceberg: () => (sink[0] += iceberg.next(told[1], 0)),
  catchUp: () => (sink[0] += catchUp.next(told[0], told[1], told[2])),
  spread: () => (sink[0] += spread.next(told[0], told[1], told[2])),
};

function bytesOf(name) {
  const ask = ASK[name];
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let call = 0; call < CALLS; call += 1) {
      told[0] = call * 1000;
      told[1] = call * 10_000_000_000;
      told[2] = SCALE;
      ask();
    }
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / CALLS);
  }
  return least;
}

console.log(JSON.stringify(Object.fromEntries(Object.keys(ASK).map((name) => [name, bytesOf(name)]))));

/**
 * Runs every schedule on random cases and prints a hash of all results, so that a process with WebAssembly and one
 * without can be compared. The path of the built `exec` is the argument.
 */
import { createHash } from "node:crypto";

const { exec } = await import(process.argv[2]);
const hash = createHash("sha256");
let word = 2463534242;

function integer(min, max) {
  word ^= word << 13;
  word ^= word >>> 17;
  word ^= word << 5;
  return min + Math.floor(((word >>> 0) / 2 ** 32) * (max - min + 1));
}

function take(result) {
  for (const value of Object.values(result)) {
    if (typeof value === "object") take(value);
    else hash.update(Float64Array.of(Number(value)));
  }
}

for (let index = 0; index < 400; index += 1) {
  const lots = integer(50, 2 ** integer(8, 52));
  const window = { lots, startUs: 1000, endUs: 1000 + integer(100, 9e12), lotsMin: integer(1, 9) };
  const curve = Float64Array.from({ length: integer(1, 40) }, () => integer(1, 1e6) / 7);
  const slices = curve.length;
  take(exec.twap({ ...window, slices, jitter: { time: 0.7, size: 0.9, seed: index } }));
  take(exec.vwap({ ...window, curve, participationMax: 0.3, expectedVolume: lots }));
  const model = {
    volatility: integer(1, 900) / 7,
    temporaryImpact: 1 / integer(1, 1e6),
    riskAversion: 1 / integer(1, 1e9),
  };
  take(exec.shortfall({ ...window, ...model, slices }));
  const iceberg = exec.iceberg({ side: "buy", lots, peakLots: 40, band: 0.5, seed: index, limitTicks: 7 });
  const pov = exec.pov({ lots, rate: integer(1, 999_999) / 1e6, startUs: 0, endUs: 9 });
  take([iceberg.next(0, 0), iceberg.next(30, 0), pov.next(1, integer(0, 1e9), 0, 0), pov.next(2, 77, 3, 0)]);
  const venues = Array.from({ length: integer(1, 8) }, () => {
    let price = 1000;
    const priceTicks = Float64Array.from({ length: integer(1, 12) }, () => (price += integer(0, 3)));
    const shown = priceTicks.map(() => integer(1, 500));
    return { priceTicks, lots: shown, feeBps: integer(0, 99) / 7, lotSize: integer(1, 4), lotsMin: integer(0, 30) };
  });
  take(exec.route({ side: "buy", lots: integer(1, 9000), venues }));
}
console.log(typeof WebAssembly, hash.digest("hex"));

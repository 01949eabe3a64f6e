/**
 * The instance of the math module that schedules are computed in, one for each thread, and the places where its kernels
 * read and write. It is made at the first use. All of it is scratch: nothing in it outlives a call.
 */
import { CALL } from "../layout.js";
import { instantiateMath, type MathExports, mathModule } from "../math-module.js";
import { hasWebAssembly } from "../module.js";
import {
  ROUTE_COSTS,
  ROUTE_SIZES,
  ROUTE_VENUES,
  RUNS_MAX,
  SCHEDULE_LOTS,
  SCHEDULE_TIMES,
  SCHEDULE_TOTALS,
  SCHEDULE_WEIGHTS,
  SLICES_MAX,
  VENUE_BYTES,
  VENUES_MAX,
} from "./layout.js";

export class Kernels {
  readonly run: MathExports;
  readonly weights: Float64Array;
  readonly lots: Float64Array;
  readonly times: Float64Array;
  /** Of a trajectory, as fractions: one more than it has slices. */
  readonly holdings: Float64Array;
  readonly venues: Float64Array;
  readonly costs: Float64Array;
  readonly sizes: Float64Array;
  readonly #call: Float64Array;

  constructor(run: MathExports) {
    const doubles = (address: number, length: number) => new Float64Array(run.memory.buffer, address, length);
    this.run = run;
    this.weights = doubles(SCHEDULE_WEIGHTS, SLICES_MAX);
    this.lots = doubles(SCHEDULE_LOTS, SLICES_MAX);
    this.times = doubles(SCHEDULE_TIMES, SLICES_MAX);
    this.holdings = doubles(SCHEDULE_TOTALS, SLICES_MAX + 1);
    this.venues = doubles(ROUTE_VENUES, (VENUES_MAX * VENUE_BYTES) >> 3);
    this.costs = doubles(ROUTE_COSTS, RUNS_MAX);
    this.sizes = doubles(ROUTE_SIZES, RUNS_MAX);
    this.#call = doubles(CALL, 4);
  }

  /** ⌊a × b / c⌋, exact, for integers of at least 0 and c above 0; NaN from 2^53 on. */
  floorOf(a: number, b: number, c: number): number {
    this.#call[0] = a;
    this.#call[1] = b;
    this.#call[2] = c;
    this.run.mulDivFloor();
    return this.#call[3]!;
  }

  /** The seed's k-th random integer, from 0 to bound − 1. */
  draw(seed: number, k: number, bound: number): number {
    this.#call[0] = seed;
    this.#call[1] = k;
    this.#call[2] = bound;
    this.run.drawBelow();
    return this.#call[3]!;
  }
}

let made: Kernels | undefined;

export function kernels(): Kernels {
  made ??= new Kernels(instantiateMath(hasWebAssembly ? mathModule() : null, 0));
  return made;
}

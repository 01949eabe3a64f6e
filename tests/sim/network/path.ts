/**
 * One way of a connection: what is put in comes out later, or not, or twice, or before what was put in first. While it
 * is clogged nothing comes out; what waited comes out after it in order. Cutting it loses what is under way.
 */
import type { VirtualClock } from "../clock.js";
import type { PathOptions } from "../options.js";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";

const REORDER_US = 60_000;

export class Path {
  /** The faults of the seed; delays are part of any network and stay. */
  isFaulty = true;
  private readonly name: string;
  private readonly clock: VirtualClock;
  private readonly options: PathOptions;
  private readonly random: Random;
  private readonly tally: Tally;
  private generation = 0;
  private cloggedUntilUs = 0;
  /** Nothing that keeps its place arrives before this. */
  private newestUs = 0;

  constructor(name: string, clock: VirtualClock, options: PathOptions, random: Random, tally: Tally) {
    this.name = name;
    this.clock = clock;
    this.options = options;
    this.random = random;
    this.tally = tally;
  }

  /** Sends; `arrive` is run at the other end, with what the path decides. */
  send(arrive: () => void): void {
    const { options, random, clock } = this;
    if (this.isFaulty) {
      if (random.chance(options.loss)) return this.tally.fault(`${this.name}.loss`);
      if (random.chance(options.clog)) this.clog(random.uniform() * options.clogUs);
    }
    const delayUs = options.lowestDelayUs + random.exponential(options.meanDelayUs);
    const atUs = Math.max(clock.nowUs + delayUs, this.cloggedUntilUs);
    if (this.isFaulty && random.chance(options.duplicate)) {
      this.tally.fault(`${this.name}.duplicate`);
      this.deliver(atUs + random.uniform() * 10 * REORDER_US, arrive);
    }
    if (this.isFaulty && random.chance(options.reorder)) {
      this.tally.fault(`${this.name}.reorder`);
      return this.deliver(atUs + random.uniform() * REORDER_US, arrive);
    }
    this.newestUs = Math.max(this.newestUs, atUs);
    this.deliver(this.newestUs, arrive);
  }

  /** Nothing comes out for a while. */
  clog(forUs: number): void {
    this.tally.fault(`${this.name}.clog`);
    this.cloggedUntilUs = Math.max(this.cloggedUntilUs, this.clock.nowUs + forUs);
  }

  /** The faults end: what is sent from now on is not held up by a clog of before. */
  heal(): void {
    this.isFaulty = false;
    this.cloggedUntilUs = 0;
  }

  /** What is under way never arrives. */
  cut(): void {
    this.generation += 1;
    this.newestUs = 0;
  }

  private deliver(atUs: number, arrive: () => void): void {
    const { generation } = this;
    this.clock.after(atUs - this.clock.nowUs, () => {
      if (generation === this.generation) arrive();
    });
  }
}

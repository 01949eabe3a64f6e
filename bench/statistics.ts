/**
 * What a run may claim from its rounds: medians, and ratios of two contestants that were measured in the same rounds,
 * with a bootstrap interval. A goal is met when the interval's bad end meets it, never by the median alone.
 */
export interface Ratio {
  /** Median over the rounds of how many times better the subject was than its peer. */
  readonly median: number;
  /** Ends of the 95 % bootstrap interval of that median. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

export interface Comparison extends Ratio {
  readonly measure: string;
  readonly subject: string;
  readonly peer: string;
  readonly goal: number;
  readonly met: boolean;
}

/** A contestant slowed on purpose. Where that is not found, the benchmark could not have seen a real loss either. */
export interface NegativeControl extends Ratio {
  readonly name: string;
  readonly goal: number;
  /** Whether it met the goal, as it must not. */
  readonly met: boolean;
  /** The whole interval says that it is slower. */
  readonly detected: boolean;
}

const RESAMPLES = 4_000;
const LOW = 0.025;
const HIGH = 0.975;
/** The gate that a slowed variant must fail: to be about as fast as what it was slowed from. */
export const CONTROL_GOAL = 0.9;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `peerCosts[i] / subjectCosts[i]` over the rounds: above 1 the subject is the faster one. Costs are times. */
export function ratioOf(peerCosts: readonly number[], subjectCosts: readonly number[]): Ratio {
  if (peerCosts.length !== subjectCosts.length || peerCosts.length === 0) {
    throw new RangeError(`rounds come in pairs (were ${peerCosts.length} and ${subjectCosts.length})`);
  }
  const ratios = peerCosts.map((cost, round) => cost / subjectCosts[round]);
  const medians = resampledMedians(ratios);
  const at = (fraction: number): number => medians[Math.round(fraction * (medians.length - 1))];
  return { median: median(ratios), low: at(LOW), high: at(HIGH), rounds: ratios.length };
}

export function meets({ low }: Ratio, goal: number): boolean {
  return low >= goal;
}

export interface Contest {
  readonly measure: string;
  readonly subject: string;
  readonly peer: string;
  readonly goal: number;
}

export function compare(contest: Contest, costs: ReadonlyMap<string, readonly number[]>): Comparison {
  const ratio = ratioOf(costs.get(contest.peer)!, costs.get(contest.subject)!);
  return { ...contest, ...ratio, met: meets(ratio, contest.goal) };
}

export function control(name: string, slowed: readonly number[], original: readonly number[]): NegativeControl {
  const ratio = ratioOf(original, slowed);
  return { name, goal: CONTROL_GOAL, ...ratio, met: meets(ratio, CONTROL_GOAL), detected: ratio.high < 1 };
}

/** Sorted. Seeded, so that a result can be computed again from its rounds. */
function resampledMedians(values: readonly number[]): number[] {
  const random = seeded(values.length);
  const draw = (): number => values[Math.floor(random() * values.length)];
  return Array.from({ length: RESAMPLES }, () => median(values.map(draw))).sort((a, b) => a - b);
}

/** Mulberry32: uniform in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

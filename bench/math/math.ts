/** The math core's benchmark: indicators, regimes and risk, each against the peers that do the same. */
import type { Goal, UnmeasuredGoal } from "../goal.js";
import type { RunContext } from "../part.js";
import type { MathPlan } from "./contest.js";
import { type IndicatorResult, measureIndicators } from "./indicators.js";
import { type LaneResult, measureLanes } from "./lanes.js";
import { measureRegimes, type RegimeResult } from "./regimes.js";
import { measureRisk, type RiskResult } from "./risk.js";
import { measureStreams, type StreamResult } from "./streams.js";

export interface MathPlans {
  readonly indicators: MathPlan;
  readonly lanes: MathPlan;
  readonly streams: MathPlan;
  readonly regimes: MathPlan;
  readonly risk: MathPlan;
}

export interface MathResult {
  /** Of the peers' libraries, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly indicators: IndicatorResult;
  readonly lanes: LaneResult;
  readonly streams: StreamResult;
  readonly regimes: RegimeResult;
  readonly risk: RiskResult;
}

export async function measureMath(plans: MathPlans, { note, mathPeers }: RunContext): Promise<MathResult> {
  return {
    versions: mathPeers.versions,
    indicators: await measureIndicators(plans.indicators, mathPeers, note),
    lanes: await measureLanes(plans.lanes, mathPeers, note),
    streams: await measureStreams(plans.streams, note),
    regimes: await measureRegimes(plans.regimes, mathPeers, note),
    risk: await measureRisk(plans.risk, mathPeers, note),
  };
}

export function goalsOfMath(result: MathResult): readonly (Goal | UnmeasuredGoal)[] {
  const { indicators, lanes, streams, regimes, risk } = result;
  return [indicators, lanes, streams, regimes, risk].flatMap(({ goals }) => goals);
}

/**
 * The decode benchmark: nanoseconds a frame for our scanner, for JSON.parse with its fields read, and for ccxt's
 * parsing, over the same recorded frames in interleaved rounds. All must come to the same sums in every round.
 */
import assert from "node:assert/strict";
import type { FrameKind } from "../../feeds/local-venue/frame.js";
import { type Comparison, compare, control, median, type NegativeControl } from "../statistics.js";
import { type Contestant, ccxtParse, jsonParse, type Sums, scanner, slowedScanner } from "./contestants.js";
import { framesOf } from "./frames.js";

export interface DecodePlan {
  readonly rounds: number;
  readonly roundMs: number;
}

export interface DecodeRow {
  readonly kind: FrameKind;
  readonly contestant: string;
  /** Median over the rounds. */
  readonly nsPerFrame: number;
  readonly framesPerSecond: number;
  readonly meanBytes: number;
}

export interface DecodeResult {
  readonly plan: DecodePlan;
  readonly rows: readonly DecodeRow[];
  readonly comparisons: readonly Comparison[];
  readonly controls: readonly NegativeControl[];
}

const FRAMES = 1_000;
const SCANNER = "sluice";
const JSON_PARSE = "JSON.parse";
const CCXT = "ccxt";
const SLOWED = "sluice, each frame twice";
const KINDS: readonly FrameKind[] = ["trade", "bookTicker", "depth"];
const GOALS: Readonly<Record<FrameKind, { readonly json: number; readonly ccxt: number }>> = {
  trade: { json: 8, ccxt: 50 },
  bookTicker: { json: 8, ccxt: 50 },
  depth: { json: 10, ccxt: 50 },
};

export function measureDecode(plan: DecodePlan, note: (text: string) => void): DecodeResult {
  const parts = KINDS.map((kind) => measureKind(kind, plan, note));
  return {
    plan,
    rows: parts.flatMap(({ rows }) => rows),
    comparisons: parts.flatMap(({ comparisons }) => comparisons),
    controls: parts.map(({ control: each }) => each),
  };
}

function measureKind(kind: FrameKind, plan: DecodePlan, note: (text: string) => void) {
  const frames = framesOf(kind, FRAMES);
  const contestants = new Map<string, Contestant>([
    [SCANNER, scanner()[kind]],
    [JSON_PARSE, jsonParse[kind]],
    [CCXT, ccxtParse()[kind]],
    [SLOWED, slowedScanner()[kind]],
  ]);
  const costs = runRounds(frames, contestants, plan, (round) =>
    note(`decode: ${kind}, round ${round} of ${plan.rounds}`),
  );
  const meanBytes = Math.round(frames.reduce((sum, { length }) => sum + length, 0) / frames.length);
  const rows = [SCANNER, JSON_PARSE, CCXT].map((contestant) => {
    const nsPerFrame = median(costs.get(contestant)!);
    return { kind, contestant, nsPerFrame, framesPerSecond: 1e9 / nsPerFrame, meanBytes };
  });
  const contest = { measure: `decode ${kind}`, subject: SCANNER };
  return {
    rows,
    comparisons: [
      compare({ ...contest, peer: JSON_PARSE, goal: GOALS[kind].json }, costs),
      compare({ ...contest, peer: CCXT, goal: GOALS[kind].ccxt }, costs),
    ],
    control: control(`decode ${kind}, each frame twice`, costs.get(SLOWED)!, costs.get(SCANNER)!),
  };
}

/** Nanoseconds a frame, by contestant and round; the round before the first is a warm-up and not counted. */
function runRounds(
  frames: readonly Buffer[],
  contestants: ReadonlyMap<string, Contestant>,
  { rounds, roundMs }: DecodePlan,
  onRound: (round: number) => void,
): Map<string, number[]> {
  const costs = new Map([...contestants.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    if (round > 0) onRound(round);
    const sums = new Map<string, string>();
    for (const [name, contestant] of contestants) {
      const { ns, text } = runFor(frames, contestant, roundMs);
      sums.set(name, text);
      if (round > 0) costs.get(name)!.push(ns);
    }
    for (const [name, text] of sums)
      assert.equal(text, sums.get(SCANNER), `${name} reads the same numbers as ${SCANNER}`);
  }
  return costs;
}

/** Passes over all frames until the time is up, the sums of each checked against the first's. */
function runFor(frames: readonly Buffer[], contestant: Contestant, ms: number): { ns: number; text: string } {
  const startMs = performance.now();
  let passes = 0;
  let text = "";
  let nowMs = startMs;
  while (nowMs < startMs + ms) {
    const sums: Sums = { prices: 0, quantities: 0, ids: 0, counts: 0 };
    for (let frame = 0; frame < frames.length; frame += 1) contestant(frames[frame], sums);
    passes += 1;
    const pass = textOf(sums);
    assert(text === "" || text === pass, "every pass over the same frames comes to the same sums");
    text = pass;
    nowMs = performance.now();
  }
  return { ns: ((nowMs - startMs) * 1e6) / (passes * frames.length), text };
}

/** Sums of decimals differ from sums of whole units by far less than half a unit. */
function textOf({ prices, quantities, ids, counts }: Sums): string {
  return [prices, quantities, ids, counts].map((sum) => Math.round(sum).toString()).join(" ");
}

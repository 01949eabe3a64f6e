/**
 * How each life of a campaign is to end, and what the venue does to it meanwhile: drawn from a seed, so that a campaign
 * can be run again. When a process really dies, to the instruction, is up to the machine.
 */
import type { CrashPoint } from "../../../actors/crash-point.js";
import type { FaultRule } from "../../../feeds/local-venue/orders/fault-plan.js";
import { Random } from "../../sim/random.js";

/** The steps of an order's life at which the process may end itself. */
const POINTS: readonly CrashPoint[] = [
  "engine.ordered",
  "journal.before-write",
  "journal.written",
  "journal.synced",
  "gateway.before-send",
  "gateway.after-send",
  "gateway.answer",
  "gateway.fill",
  "gateway.reported",
];

export type Ending =
  /** SIGKILL so long after the process was spawned, usually before it trades. */
  | { readonly kind: "starting"; readonly afterMs: number }
  /** SIGKILL so long after its first record, while it asks the venue what became of its orders. */
  | { readonly kind: "reconciling"; readonly afterMs: number }
  /** SIGKILL so long after its first order. */
  | { readonly kind: "trading"; readonly afterMs: number }
  /** It ends itself there; one that has not come by in time is killed. */
  | { readonly kind: CrashPoint; readonly count: number };

export interface LifePlan {
  readonly ending: Ending;
  /** How long it may take to begin to trade: it waits for the venue's word on orders whose fate is unknown. */
  readonly patienceMs: number;
  /** Seed of the venue's faults. */
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

const QUERY = ["GET /api/v3/order", "GET /api/v3/openOrders", "GET /api/v3/myTrades", "GET /api/v3/account"];

/** Each strikes often enough to meet several orders of a life that lasts a second. */
const FAULTS: readonly FaultRule[] = [
  { kind: "request-lost", probability: 0.1 },
  { kind: "request-delayed", probability: 0.1, delayMs: 300 },
  { kind: "error-before", probability: 0.1, answer: "503" },
  { kind: "error-after", probability: 0.1, answer: "-1007" },
  { kind: "error-after", probability: 0.1, answer: "503" },
  { kind: "error-before", probability: 0.2, answer: "-1006", on: QUERY },
  { kind: "answer-lost", probability: 0.15 },
  { kind: "answer-delayed", probability: 0.2, delayMs: 400 },
  { kind: "rate-limited", probability: 0.05, retryAfterSeconds: 1 },
  { kind: "fill-before-ack", probability: 0.2 },
  { kind: "fill-before-cancel", probability: 0.3 },
  { kind: "fill-after-cancel-ack", probability: 0.3 },
  { kind: "rejection-reported", probability: 0.5 },
  { kind: "report-duplicated", probability: 0.2 },
  { kind: "report-omitted", probability: 0.15 },
  { kind: "report-reordered", probability: 0.2 },
  { kind: "stream-dropped", probability: 0.02 },
  { kind: "stream-terminated", probability: 0.02 },
];

/** A life that is not given the time leaves its unknown orders to the next. */
const PATIENCE_MS = [500, 3_000, 8_000];

/** Which passage of a point is the last: early in a life, or with many orders behind it. */
const COUNTS = [1, 2, 3, 5, 8, 13, 21, 34];

export function drawLife(seed: number, life: number): LifePlan {
  const random = new Random(seed, `life ${life}`);
  const ending = drawEnding(random);
  const isFaulty = random.chance(1 / 3);
  const rules = isFaulty ? [random.pick(FAULTS), random.pick(FAULTS), random.pick(FAULTS)] : [];
  return { ending, patienceMs: random.pick(PATIENCE_MS), seed: random.integer(1, 1_000_000), rules };
}

function drawEnding(random: Random): Ending {
  const draw = random.uniform();
  if (draw < 0.08) return { kind: "starting", afterMs: random.between(50, 900) };
  if (draw < 0.18) return { kind: "reconciling", afterMs: random.between(0, 600) };
  if (draw < 0.5) return { kind: "trading", afterMs: random.between(50, 1_500) };
  return { kind: random.pick(POINTS), count: random.pick(COUNTS) };
}

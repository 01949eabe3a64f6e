/**
 * A litmus test, in the manner of jcstress: sides that run at the same time on threads of their own and count what
 * they observe, and a table that says of each observation whether it is to be. It proves nothing by timing: only what
 * was read counts.
 */
import type { SharedViews } from "../../actors/ring/views.js";
import type { Side } from "./side.js";

export const Grade = {
  /** What the structure is for. */
  acceptable: "ACCEPTABLE",
  /** Allowed, and the sign that the race in question was run. */
  interesting: "INTERESTING",
  /** A broken promise: one of them fails the test. */
  forbidden: "FORBIDDEN",
} as const;
export type Grade = (typeof Grade)[keyof typeof Grade];

export interface Outcome {
  readonly grade: Grade;
  /** What the observation means, in a sentence. */
  readonly says: string;
}

/** What every litmus may observe besides its own outcomes. */
const COMMON_OUTCOMES = {
  stopped: { grade: Grade.forbidden, says: "a side was stopped by an assertion of the ring's own" },
  unfinished: { grade: Grade.forbidden, says: "a side never came to its end" },
} as const satisfies Record<string, Outcome>;

export interface Litmus {
  readonly name: string;
  /** What is raced against what. */
  readonly what: string;
  /** Its part of all messages, in thousandths. */
  readonly share: number;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** Makes the rings in the memory that the sides share. */
  prepare(views: SharedViews): void;
  /** Each runs on a thread of its own, to its end. */
  readonly sides: Readonly<Record<string, (side: Side) => void>>;
  /** A side that is ended from outside at any moment, and started anew, so many times. */
  readonly killed?: Killed;
}

export interface Killed {
  readonly side: string;
  readonly rounds: number;
  /** Whether the side is under way in this life, so that ending it means something. */
  hasBegun(views: SharedViews, life: number): boolean;
  /** What a supervisor does when the side's thread has ended. */
  afterDeath(views: SharedViews, life: number): void;
}

/** Observations by outcome. */
export type Counts = Record<string, number>;

export function outcomesOf(litmus: Litmus): Readonly<Record<string, Outcome>> {
  return { ...litmus.outcomes, ...COMMON_OUTCOMES };
}

export function forbiddenIn(litmus: Litmus, counts: Counts): number {
  return Object.entries(outcomesOf(litmus))
    .filter(([, { grade }]) => grade === Grade.forbidden)
    .reduce((sum, [name]) => sum + (counts[name] ?? 0), 0);
}

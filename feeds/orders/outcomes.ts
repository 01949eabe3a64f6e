/**
 * What a venue's answer means: one table of HTTP status, the venue's code and its message, read from the top, whose
 * default is that nobody knows. It errs to one side only: an order that may be there is never taken for refused.
 */
import { ReportReason } from "../../schemas/index.js";
import type { LinkOutcome, LinkRequest } from "./link.js";

export const Verdict = {
  /** It had its effect; the body says which. */
  Done: 0,
  /** It had no effect and would have none again. */
  Rejected: 1,
  /** Nobody knows whether it had an effect. */
  Unknown: 2,
  /** It was turned away before any effect; nothing may be sent for a while. */
  RetryLater: 3,
  /** The venue does not have this order, or no open one. */
  NotFound: 4,
  /** It was turned away before any effect, because our clock and the venue's differ. */
  ClockSkew: 5,
  /** An open order has this client order id already. */
  Duplicate: 6,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

type Kind = LinkRequest["kind"];

interface Row {
  /** First and last HTTP status; any when left out. */
  readonly status?: readonly [number, number];
  /** First and last venue code; any when left out. */
  readonly code?: readonly [number, number];
  readonly message?: RegExp;
  readonly kind?: Kind;
  readonly verdict: Verdict;
  readonly reason: ReportReason;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: ReportReason;
}

const REFUSED = [400, 499] as const;
const one = (value: number): readonly [number, number] => [value, value];

/** Of every venue that speaks HTTP. The venue's own rows stand between these two. */
// biome-ignore format: one row a line
const FIRST: readonly Row[] = [
  { status: [500, 999], verdict: Verdict.Unknown, reason: ReportReason.VenueError },
  { status: one(429), verdict: Verdict.RetryLater, reason: ReportReason.RateLimited },
  { status: one(418), verdict: Verdict.RetryLater, reason: ReportReason.RateLimited },
];
// biome-ignore format: one row a line
const LAST: readonly Row[] = [
  { status: one(401), verdict: Verdict.Rejected, reason: ReportReason.Unauthorized },
  // A firewall's: it stands before anything that could have an effect.
  { status: one(403), code: one(0), verdict: Verdict.RetryLater, reason: ReportReason.RateLimited },
  { status: [200, 299], code: one(0), verdict: Verdict.Done, reason: ReportReason.None },
];

// biome-ignore format: one row a line
const BINANCE: readonly Row[] = [
  // "Execution status is unknown", in so many words, whatever the status.
  { code: [-1007, -1006], verdict: Verdict.Unknown, reason: ReportReason.Timeout },
  { status: REFUSED, code: one(-1003), verdict: Verdict.RetryLater, reason: ReportReason.RateLimited },
  { status: REFUSED, code: one(-1015), verdict: Verdict.RetryLater, reason: ReportReason.RateLimited },
  { status: REFUSED, code: one(-1021), verdict: Verdict.ClockSkew, reason: ReportReason.VenueError },
  { status: REFUSED, code: one(-1002), verdict: Verdict.Rejected, reason: ReportReason.Unauthorized },
  { status: REFUSED, code: one(-1022), verdict: Verdict.Rejected, reason: ReportReason.Unauthorized },
  { status: REFUSED, code: [-2015, -2014], verdict: Verdict.Rejected, reason: ReportReason.Unauthorized },
  { status: REFUSED, code: [-1014, -1013], verdict: Verdict.Rejected, reason: ReportReason.Invalid },
  { status: REFUSED, code: one(-1020), verdict: Verdict.Rejected, reason: ReportReason.Invalid },
  { status: REFUSED, code: [-1199, -1100], verdict: Verdict.Rejected, reason: ReportReason.Invalid },
  { status: REFUSED, code: one(-2010), kind: "submit", message: /^Duplicate order sent/, verdict: Verdict.Duplicate,
    reason: ReportReason.Duplicate },
  { status: REFUSED, code: one(-2010), kind: "submit", message: /insufficient balance/, verdict: Verdict.Rejected,
    reason: ReportReason.InsufficientFunds },
  { status: REFUSED, code: one(-2010), kind: "submit", message: /immediately match/, verdict: Verdict.Rejected,
    reason: ReportReason.WouldTake },
  { status: REFUSED, code: one(-2010), kind: "submit", verdict: Verdict.Rejected, reason: ReportReason.VenueError },
  { status: REFUSED, code: one(-2011), kind: "cancel", message: /^Unknown order sent/, verdict: Verdict.NotFound,
    reason: ReportReason.UnknownOrder },
  { status: REFUSED, code: one(-2011), kind: "cancel", verdict: Verdict.Rejected, reason: ReportReason.VenueError },
  { status: REFUSED, code: one(-2013), kind: "order", verdict: Verdict.NotFound, reason: ReportReason.UnknownOrder },
];

const ROWS: readonly Row[] = [...FIRST, ...BINANCE, ...LAST];
const DEFAULT: Judgement = { verdict: Verdict.Unknown, reason: ReportReason.VenueError };
const SILENCE: Judgement = { verdict: Verdict.Unknown, reason: ReportReason.Timeout };

export function judge(kind: Kind, outcome: LinkOutcome): Judgement {
  if (outcome.kind !== "answer") return SILENCE;
  const { status, code, message } = outcome;
  const row = ROWS.find(
    (each) =>
      (each.kind === undefined || each.kind === kind) &&
      within(status, each.status) &&
      within(code, each.code) &&
      (each.message === undefined || (typeof message === "string" && each.message.test(message))),
  );
  return row ?? DEFAULT;
}

function within(value: number, range: readonly [number, number] | undefined): boolean {
  return range === undefined || (value >= range[0] && value <= range[1]);
}

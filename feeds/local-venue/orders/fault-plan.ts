/**
 * What can go wrong between a client and the venue, by name, and the check of a plan that asks for it. A plan comes
 * from tests of other processes as JSON, so whatever it is, it is read or refused with the remedy.
 */

/** Each kind with where it acts: on a request, on an order itself, or on the private stream. */
export const FAULT_KINDS = {
  "request-lost": "request: cut off before it had an effect",
  "request-delayed": "request: takes effect only after delayMs, if its receive window still holds",
  "error-before": "request: answered with an error, and without an effect",
  "rate-limited": "request: answered with 429, and without an effect",
  banned: "request: answered with 418, and without an effect",
  "error-after": "request: takes effect, and is answered with an error",
  "answer-lost": "request: takes effect, and is cut off",
  "answer-delayed": "request: takes effect, and is answered after delayMs",
  "fill-before-ack": "order: a resting order is partly filled and reported before its request is answered",
  "fill-before-cancel": "order: an order is filled just before its cancel arrives",
  "fill-after-cancel-ack": "order: a fill that came before the cancel is reported after the cancel's answer",
  "rejection-reported": "stream: a new order that is refused is also reported, as REJECTED",
  "report-duplicated": "stream: an executionReport comes twice",
  "report-omitted": "stream: an executionReport never comes",
  "report-reordered": "stream: an executionReport comes after the next event, or after delayMs",
  "stream-dropped": "stream: the connection is cut off in place of an executionReport",
  "stream-terminated": "stream: the subscription ends in place of an executionReport, the connection stays",
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

const ERRORS = ["503", "-1006", "-1007"] as const;

export interface FaultRule {
  readonly kind: FaultKind;
  /** From 0 to 1; takes the place of `next`. */
  readonly probability?: number;
  /** How many times it strikes, one after the other. */
  readonly next?: number;
  /** How many occasions to let pass first. */
  readonly skip?: number;
  /** Requests it may strike, such as `POST /api/v3/order`; default placing and cancelling. */
  readonly on?: readonly string[];
  /** What error-before and error-after answer; default 503. */
  readonly answer?: (typeof ERRORS)[number];
  readonly delayMs?: number;
  /** What rate-limited and banned say; with rate-limited, null leaves the header out. */
  readonly retryAfterSeconds?: number | null;
}

export interface FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

const DELAY_MS_MAX = 600_000;
const DEFAULT_ENDPOINTS = ["POST /api/v3/order", "DELETE /api/v3/order", "DELETE /api/v3/openOrders"];

/** Reads a plan from parsed JSON. Throws RangeError with what is wrong. */
export function readFaultPlan(value: unknown): FaultPlan {
  const { seed = 0, rules } = (value ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(seed)) throw wrong("seed", "an integer", seed);
  if (!Array.isArray(rules)) throw wrong("rules", "a list of rules, empty for no faults", rules);
  return { seed: seed as number, rules: rules.map(readRule) };
}

function readRule(value: unknown): FaultRule {
  const rule = (value ?? {}) as Record<string, unknown>;
  if (typeof rule.kind !== "string" || !Object.hasOwn(FAULT_KINDS, rule.kind)) {
    throw wrong("kind", `one of ${Object.keys(FAULT_KINDS).join(", ")}`, rule.kind);
  }
  if ((rule.probability === undefined) === (rule.next === undefined)) {
    throw new RangeError(`a rule needs a probability or a count in "next", and not both: ${JSON.stringify(rule)}`);
  }
  check(rule, "probability", 1, false);
  check(rule, "next", Number.MAX_SAFE_INTEGER, true);
  check(rule, "skip", Number.MAX_SAFE_INTEGER, true);
  check(rule, "delayMs", DELAY_MS_MAX, false);
  if (rule.retryAfterSeconds !== null) check(rule, "retryAfterSeconds", Number.MAX_SAFE_INTEGER, true);
  const { answer, on } = rule;
  if (answer !== undefined && !(ERRORS as readonly unknown[]).includes(answer)) {
    throw wrong("answer", `one of ${ERRORS.join(", ")}`, answer);
  }
  if (on !== undefined && !(Array.isArray(on) && on.every((each) => typeof each === "string"))) {
    throw wrong("on", 'a list such as ["POST /api/v3/order"]', on);
  }
  return { on: DEFAULT_ENDPOINTS, ...(rule as unknown as FaultRule) };
}

function check(rule: Record<string, unknown>, name: string, most: number, whole: boolean): void {
  const value = rule[name];
  if (value === undefined) return;
  const fits = typeof value === "number" && value >= 0 && value <= most && (!whole || Number.isInteger(value));
  if (!fits) throw wrong(name, `${whole ? "an integer" : "a number"} from 0 to ${most}`, value);
}

function wrong(name: string, right: string, was: unknown): RangeError {
  return new RangeError(`"${name}" must be ${right}, was ${JSON.stringify(was)}`);
}

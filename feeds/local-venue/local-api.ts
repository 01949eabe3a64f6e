/**
 * The requests that control a venue from another process, on paths no exchange has: what really happened, faults,
 * limits, and the replay's pace. A request in, an answer out; whether it came over HTTP or from the parent makes no
 * difference.
 */
import { readFaultPlan } from "./orders/fault-plan.js";
import type { Faults } from "./orders/faults.js";
import { BINANCE_USAGE_LIMITS, type UsageLimits } from "./orders/usage.js";
import type { LocalVenue } from "./server.js";

export interface LocalAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

interface Controlled {
  readonly venue: LocalVenue;
  readonly faults: Faults;
}

const MAX_STEPS = 100_000;

/** Answers 200, 400 for a body that cannot be meant, or 404 for a path that is not there. */
export function localAnswer(controlled: Controlled, method: string, path: string, body: string): LocalAnswer {
  try {
    const result = carryOut(controlled, `${method} ${path}`, body);
    if (result) return { status: 200, body: JSON.stringify(result) };
    return { status: 404, body: JSON.stringify({ error: `there is no ${method} ${path}` }) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) {
      return { status: 400, body: JSON.stringify({ error: error.message }) };
    }
    throw error;
  }
}

function carryOut({ venue, faults }: Controlled, request: string, body: string): object | undefined {
  const read = (): Record<string, unknown> => readObject(body);
  // biome-ignore format: one arm a line
  switch (request) {
    case "GET /local/truth": return venue.truth;
    case "GET /local/faults": return { rules: faults.rules, struck: faults.struck };
    case "POST /local/faults": return done(() => faults.arm(readFaultPlan(read())));
    case "GET /local/sessions": return { subscribed: venue.subscribed };
    case "POST /local/limits": return done(() => venue.limit(readLimits(read())));
    case "POST /local/step": return done(() => venue.step(readCount(read().count)));
    case "POST /local/pause": return done(() => venue.pause());
    case "POST /local/resume": return done(() => venue.resume());
    case "POST /local/disconnect": return done(() => disconnect(venue, read()));
    default: return undefined;
  }
}

/** What is answered when there is nothing to tell. */
function done(work: () => void): object {
  work();
  return {};
}

/** `private` are connections of the user data stream, `all` those of market data too. */
function disconnect(venue: LocalVenue, { what = "private" }: Record<string, unknown>): void {
  if (what !== "private" && what !== "all") {
    throw new RangeError(`"what" must be "private" or "all", was ${JSON.stringify(what)}`);
  }
  if (what === "all") venue.closeConnections();
  else venue.closeSessions();
}

function readObject(body: string): Record<string, unknown> {
  const value: unknown = body === "" ? {} : JSON.parse(body);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new RangeError(`the body must be a JSON object, was ${body.slice(0, 100)}`);
}

function readCount(count: unknown): number {
  if (Number.isInteger(count) && (count as number) >= 0 && (count as number) <= MAX_STEPS) return count as number;
  throw new RangeError(`"count" must be an integer from 0 to ${MAX_STEPS}, was ${JSON.stringify(count)}`);
}

function readLimits(limits: Record<string, unknown>): Partial<UsageLimits> {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(BINANCE_USAGE_LIMITS, name)) {
      throw new RangeError(`a limit is one of ${Object.keys(BINANCE_USAGE_LIMITS).join(", ")}, was "${name}"`);
    }
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw new RangeError(`"${name}" must be an integer from 0, was ${JSON.stringify(value)}`);
    }
  }
  return limits as Partial<UsageLimits>;
}

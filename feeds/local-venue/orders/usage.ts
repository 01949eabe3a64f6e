/**
 * How much of its limits the account has used: request weight by the minute, orders by ten seconds and by the day. A
 * client that goes on after it was told to stop is banned for a while, as Binance does. The clock is the caller's.
 */
import { ORDERS_PER_10_SECONDS, ORDERS_PER_DAY, REQUEST_WEIGHT_PER_MINUTE } from "../exchange-info.js";
import { Refusal } from "./refusal.js";

export interface UsageLimits {
  readonly weightPerMinute: number;
  readonly ordersPer10Seconds: number;
  readonly ordersPerDay: number;
  /** Requests refused in one minute before the address is banned. */
  readonly refusalsPerMinute: number;
  readonly banSeconds: number;
}

export const BINANCE_USAGE_LIMITS: UsageLimits = {
  weightPerMinute: REQUEST_WEIGHT_PER_MINUTE,
  ordersPer10Seconds: ORDERS_PER_10_SECONDS,
  ordersPerDay: ORDERS_PER_DAY,
  refusalsPerMinute: 10,
  banSeconds: 120,
};

const TOO_MANY_REQUESTS = 429;
const BANNED = 418;
const MS = { second: 1000, tenSeconds: 10_000, minute: 60_000, day: 86_400_000 } as const;
const ADVICE = "Please use WebSocket Streams for live updates to avoid";

/** A refusal that says how long to wait. */
export class LimitRefusal extends Refusal {
  /** Null when the answer does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(code: number, message: string, status: number, retryAfterSeconds: number | null) {
    super(code, message, status);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class Usage {
  limits: UsageLimits;
  readonly #weight = new Window(MS.minute);
  readonly #refusals = new Window(MS.minute);
  readonly #tenSeconds = new Window(MS.tenSeconds);
  readonly #day = new Window(MS.day);
  #bannedUntilMs = 0;

  constructor(limits: Partial<UsageLimits> = {}) {
    this.limits = { ...BINANCE_USAGE_LIMITS, ...limits };
  }

  /** Counts a request. Throws a LimitRefusal when it is one too many, or comes during a ban. */
  request(weight: number, nowMs: number): void {
    if (nowMs < this.#bannedUntilMs) throw banned(this.#bannedUntilMs, nowMs);
    if (this.#weight.add(weight, nowMs) <= this.limits.weightPerMinute) return;
    this.#refused(nowMs);
    const limit = `current limit is ${this.limits.weightPerMinute} request weight per 1 MINUTE`;
    throw tooMany(
      `Too much request weight used; ${limit}. ${ADVICE} polling the API.`,
      this.#weight.restSeconds(nowMs),
    );
  }

  /** Counts a request that is never refused, and returns the weight used. */
  observe(weight: number, nowMs: number): number {
    return this.#weight.add(weight, nowMs);
  }

  /** Counts a new order. Throws a LimitRefusal when it is one too many. */
  order(nowMs: number): void {
    const { ordersPer10Seconds, ordersPerDay } = this.limits;
    const counts = [
      [this.#tenSeconds, ordersPer10Seconds, "10 SECOND"],
      [this.#day, ordersPerDay, "1 DAY"],
    ] as const;
    for (const [window, limit, interval] of counts) {
      if (window.used(nowMs) < limit) continue;
      this.#refused(nowMs);
      const message = `Too many new orders; current limit is ${limit} orders per ${interval}.`;
      throw new LimitRefusal(-1015, message, TOO_MANY_REQUESTS, window.restSeconds(nowMs));
    }
    for (const [window] of counts) window.add(1, nowMs);
  }

  /** The headers that tell what is used, of a request or of a new order. */
  headers(nowMs: number, isOrder: boolean): Record<string, string> {
    const used = `${this.#weight.used(nowMs)}`;
    const weight = { "x-mbx-used-weight": used, "x-mbx-used-weight-1m": used };
    if (!isOrder) return weight;
    const [tenSeconds, day] = [this.#tenSeconds.used(nowMs), this.#day.used(nowMs)];
    return { ...weight, "x-mbx-order-count-10s": `${tenSeconds}`, "x-mbx-order-count-1d": `${day}` };
  }

  #refused(nowMs: number): void {
    if (this.#refusals.add(1, nowMs) <= this.limits.refusalsPerMinute) return;
    this.#bannedUntilMs = nowMs + this.limits.banSeconds * MS.second;
  }
}

export function tooMany(message: string, retryAfterSeconds: number | null): LimitRefusal {
  return new LimitRefusal(-1003, message, TOO_MANY_REQUESTS, retryAfterSeconds);
}

export function banned(untilMs: number, nowMs: number): LimitRefusal {
  const message = `Way too much request weight used; IP banned until ${untilMs}. ${ADVICE} bans.`;
  return new LimitRefusal(-1003, message, BANNED, Math.ceil((untilMs - nowMs) / MS.second));
}

/** What was used in the present one of a row of equal intervals. */
class Window {
  readonly #lengthMs: number;
  #index = 0;
  #used = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  used(nowMs: number): number {
    const index = Math.floor(nowMs / this.#lengthMs);
    if (index !== this.#index) this.#used = 0;
    this.#index = index;
    return this.#used;
  }

  add(amount: number, nowMs: number): number {
    this.#used = this.used(nowMs) + amount;
    return this.#used;
  }

  /** Until the next interval, at least one second. */
  restSeconds(nowMs: number): number {
    return Math.max(1, Math.ceil((this.#lengthMs - (nowMs % this.#lengthMs)) / MS.second));
  }
}

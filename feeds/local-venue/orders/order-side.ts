/**
 * The order side of the venue, put together: desk, user data stream, limits, faults and log, and what the server gives
 * it, which are requests, websockets and the frames that went out. Its clock is real time, unlike that of the replay.
 */
import type { WebSocket } from "ws";
import type { VenueFrame } from "../symbol-replay.js";
import type { VenueBook } from "../venue-book.js";
import { amountOf } from "./amount.js";
import { Faults } from "./faults.js";
import { OrderApi } from "./order-api.js";
import { OrderDesk } from "./order-desk.js";
import { OrderFront } from "./order-front.js";
import { RequestLog } from "./request-log.js";
import { type Truth, truthOf } from "./truth.js";
import { Usage, type UsageLimits } from "./usage.js";
import { UserSession } from "./user-session.js";
import { UserStream } from "./user-stream.js";

/** What an account starts with unless it is said, as decimals by asset. */
export const OPENING_BALANCES: Readonly<Record<string, string>> = { BTC: "10", ETH: "100", USDT: "1000000" };

interface OrderSideOptions {
  readonly symbols: readonly string[];
  readonly balances: Readonly<Record<string, string>>;
  readonly usage: Partial<UsageLimits>;
  readonly book: (symbol: string) => VenueBook;
  readonly bufferedBytes: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}

export class OrderSide {
  readonly front: OrderFront;
  readonly faults = new Faults();
  readonly usage: Usage;
  readonly #bufferedBytes: number;
  readonly #nowMs: () => number;
  readonly #desk: OrderDesk;
  readonly #stream: UserStream;
  readonly #log = new RequestLog();
  readonly #sessions = new Set<UserSession>();
  /** What a client that asked for the time must add to real time. */
  #announcedOffsetMs = 0;

  constructor({ symbols, balances, usage, book, bufferedBytes, nowMs }: OrderSideOptions) {
    const opening = new Map(Object.entries(balances).map(([asset, text]) => [asset, amountOf(text)]));
    const { faults } = this;
    this.#bufferedBytes = bufferedBytes;
    this.#nowMs = nowMs;
    this.usage = new Usage(usage);
    const stream = (this.#stream = new UserStream(faults));
    const desk = new OrderDesk({ opening, book, nowMs, onExecution: (each) => stream.report(each, desk.ledger) });
    this.#desk = desk;
    const clocksMs = () => this.#clocksMs();
    const api = new OrderApi({ symbols, desk, stream, usage: this.usage, faults, clocksMs });
    this.front = new OrderFront({ api, faults, log: this.#log, nowMs });
  }

  get truth(): Truth {
    return truthOf(this.#desk, this.faults, this.#log);
  }

  get subscribed(): number {
    return this.#stream.subscribers.size;
  }

  /** A public request, which counts and is never refused; returns the weight used in this minute. */
  observe(weight: number): number {
    return this.usage.observe(weight, this.#nowMs());
  }

  /** The venue told somebody that it is `timeMs`, who may set a clock by it. */
  announced(timeMs: number): void {
    this.#announcedOffsetMs = timeMs - this.#nowMs();
  }

  /** A frame went out, or was swallowed; the true book contains it. */
  onFrame({ symbol, kind, text }: VenueFrame): void {
    if (kind === "bookTicker" || this.#desk.openOrders(symbol).length === 0) return;
    if (kind === "depth") return this.#desk.onBook(symbol);
    const { p, q, m } = JSON.parse(text) as { p: string; q: string; m: boolean };
    this.#desk.onTrade(symbol, amountOf(p), amountOf(q), m ? "BUY" : "SELL");
  }

  /** A connection to the WebSocket API. */
  join(socket: WebSocket): void {
    const session = new UserSession(socket, {
      stream: this.#stream,
      clocksMs: () => this.#clocksMs(),
      bufferedBytes: this.#bufferedBytes,
    });
    this.#sessions.add(session);
    socket.once("close", () => this.#sessions.delete(session));
  }

  /** Closes every connection to the WebSocket API with a code, or cuts them off when none is given. */
  closeSessions(code?: number): void {
    for (const session of this.#sessions) session.close(code);
  }

  close(): void {
    this.front.close();
    this.#stream.close();
  }

  #clocksMs(): readonly [number, number] {
    const nowMs = this.#nowMs();
    return [nowMs, nowMs + this.#announcedOffsetMs];
  }
}

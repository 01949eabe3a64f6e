/**
 * The order link to Binance spot, over the unmodified ccxt client: requests out, each answered once and in bounded
 * time, and the private stream, dialled again whenever it ends. It decides nothing: what an answer means is the
 * gateway's to say, and nothing is ever sent a second time here.
 */
import { Backoff } from "../backoff.js";
import type { LinkAnswer, LinkOutcome, LinkRequest, StreamEvent } from "../orders/link.js";
import { TRADES_MAX } from "../orders/link.js";
import {
  cutStream,
  type OrderClient,
  type OrderEndpoints,
  openOrderClient,
  type Query,
  Refusal,
} from "./orders-client.js";
import type { AccountKeys } from "./orders-keys.js";
import { readBody, readEvent } from "./orders-wire.js";

export interface BinanceOrdersOptions {
  readonly endpoints: OrderEndpoints;
  readonly keys: AccountKeys;
  /** Microseconds since the epoch. */
  readonly nowUs: () => number;
  readonly onAnswer: (answer: LinkAnswer) => void;
  readonly onEvent: (event: StreamEvent) => void;
  /** Told when it has changed what is due, for who waits by `nextWorkMs`. */
  readonly onStir?: () => void;
  /** A request without an answer for longer is not answered; default 5000. */
  readonly answerMs?: number;
  /** A private stream without a sign of life for longer is given up; default 30 000. */
  readonly deadMs?: number;
  /** Draws the delays between attempts; default Math.random. */
  readonly random?: () => number;
  /** Told what went wrong, without anything secret in it. */
  readonly onTrouble?: (what: string, error: Error) => void;
}

const RECONNECT_MS = { firstMs: 250, maxMs: 30_000 };
const US_PER_MS = 1_000;

const CLOCK_SKEW = -1021;
/** The venue is about to end the stream: a new one is dialled at once. */
const ENDINGS = ["eventStreamTerminated", "serverShutdown"];

export class BinanceOrders {
  private readonly options: Required<BinanceOrdersOptions>;
  private readonly backoff: Backoff;
  /** Truly private: the library keeps the keys in plain sight. */
  #client!: OrderClient;
  private state: "down" | "dialling" | "up" | "stopped" = "down";
  private dialAtUs = 0;
  private heardUs = 0;
  private isSettingClock = false;

  private constructor(options: BinanceOrdersOptions) {
    this.options = {
      ...{ answerMs: 5_000, deadMs: 30_000, random: Math.random, onStir: () => {}, onTrouble: () => {} },
      ...options,
    };
    this.backoff = new Backoff({ ...RECONNECT_MS, random: this.options.random });
  }

  /** Nothing is sent yet; the first `work` dials the private stream. */
  static async open(options: BinanceOrdersOptions): Promise<BinanceOrders> {
    const link = new BinanceOrders(options);
    const { endpoints, keys, answerMs } = link.options;
    link.#client = await openOrderClient(endpoints, keys, answerMs, {
      onFrame: (text) => link.onFrame(text),
      onSign: () => link.onSign(),
      onClose: () => link.onEnd("closed"),
    });
    await link.setClock();
    return link;
  }

  /** The answer comes later, once, within `answerMs`. */
  readonly send = (request: LinkRequest): void => {
    let isAnswered = false;
    const answer = (outcome: LinkOutcome): void => {
      clearTimeout(timer);
      if (isAnswered || this.state === "stopped") return;
      isAnswered = true;
      if (outcome.kind === "answer" && outcome.code === CLOCK_SKEW) void this.setClock();
      this.options.onAnswer({ requestId: request.requestId, outcome });
    };
    // ccxt's own timeout ends with the headers of an answer.
    const timer = setTimeout(() => answer({ kind: "none", why: "no answer in time" }), this.options.answerMs);
    void this.ask(request).then(answer);
  };

  /** Dials when that is due, and gives a silent stream up; returns how much was done. */
  work(): number {
    const nowUs = this.options.nowUs();
    if (this.state === "down" && nowUs >= this.dialAtUs) {
      this.dial();
      return 1;
    }
    const isLost =
      this.state !== "down" && this.state !== "stopped" && nowUs - this.heardUs > this.options.deadMs * US_PER_MS;
    if (isLost) this.onEnd("silent");
    return isLost ? 1 : 0;
  }

  /** In how many milliseconds `work` will have something to do, unless an event comes before. */
  nextWorkMs(): number {
    if (this.state === "stopped") return Number.POSITIVE_INFINITY;
    const dueUs = this.state === "down" ? this.dialAtUs : this.heardUs + this.options.deadMs * US_PER_MS;
    return Math.max(0, (dueUs - this.options.nowUs()) / US_PER_MS);
  }

  /** Ends the stream; no answer and no event comes after this. */
  async stop(): Promise<void> {
    this.state = "stopped";
    cutStream(this.#client);
    await this.#client.close();
  }

  private async ask(request: LinkRequest): Promise<LinkOutcome> {
    try {
      const json = await this.call(request);
      return { kind: "answer", status: 200, code: 0, message: "", retryAfterMs: 0, body: readBody(request.kind, json) };
    } catch (error) {
      if (error instanceof Refusal) return { ...error, kind: "answer", body: null };
      // The text of ccxt's errors holds the signed request.
      return { kind: "none", why: nameOf(error) };
    }
  }

  private call(request: LinkRequest): Promise<unknown> {
    const client = this.#client;
    // biome-ignore format: one arm a line
    switch (request.kind) {
      case "submit": return client.privatePostOrder(submitQuery(request));
      case "cancel": return client.privateDeleteOrder(cancelQuery(request));
      case "order": return client.privateGetOrder(orderQuery(request));
      case "open-orders": return client.privateGetOpenOrders({ symbol: request.symbol });
      case "trades": return client.privateGetMyTrades(tradesQuery(request));
      case "account": return client.privateGetAccount({});
    }
  }

  private dial(): void {
    this.state = "dialling";
    this.heardUs = this.options.nowUs();
    this.#client.ensureUserDataStreamWsSubscribeSignature("spot").then(
      () => this.onSubscribed(),
      (error: unknown) => this.onEnd(nameOf(error)),
    );
  }

  private onSubscribed(): void {
    if (this.state !== "dialling") return;
    this.state = "up";
    this.backoff.reset();
    this.options.onEvent({ kind: "up" });
  }

  private onEnd(why: string): void {
    if (this.state === "down" || this.state === "stopped") return;
    const wasUp = this.state === "up";
    this.state = "down";
    cutStream(this.#client);
    this.dialAtUs = this.options.nowUs() + this.backoff.next() * US_PER_MS;
    this.options.onTrouble("private stream", new Error(why));
    if (wasUp) this.options.onEvent({ kind: "down" });
    this.options.onStir();
  }

  private onSign(): void {
    this.heardUs = this.options.nowUs();
  }

  /** Events are taken here, each of them; what becomes of a subscription is ccxt's to hear. */
  private onFrame(text: string): boolean {
    const event = eventOf(text);
    if (event === undefined) return true;
    const read = readEvent(event);
    if (read !== null) this.options.onEvent(read);
    else if (ENDINGS.includes(String((event as { readonly e?: unknown }).e))) this.onEnd("ended by the venue");
    return false;
  }

  /** Learns how far the venue's clock is from ours. A venue under test has no clock worth setting ours by. */
  private async setClock(): Promise<void> {
    if (this.isSettingClock || this.options.endpoints !== "binance") return;
    this.isSettingClock = true;
    try {
      await this.#client.loadTimeDifference();
    } catch (error) {
      this.options.onTrouble("clock", new Error(nameOf(error)));
    }
    this.isSettingClock = false;
  }
}

type RequestOf<Kind extends LinkRequest["kind"]> = Extract<LinkRequest, { kind: Kind }>;

function submitQuery({ symbol, clientOrderId, side, type, timeInForce, qty, price }: RequestOf<"submit">): Query {
  return {
    symbol,
    side,
    type,
    ...(timeInForce !== "" && { timeInForce }),
    quantity: qty,
    ...(price !== "" && { price }),
    newClientOrderId: clientOrderId,
    newOrderRespType: "FULL",
  };
}

function cancelQuery({ symbol, clientOrderId }: RequestOf<"cancel">): Query {
  return { symbol, origClientOrderId: clientOrderId };
}

function orderQuery({ symbol, clientOrderId, venueOrderId }: RequestOf<"order">): Query {
  return clientOrderId === "" ? { symbol, orderId: venueOrderId } : { symbol, origClientOrderId: clientOrderId };
}

function tradesQuery({ symbol, fromId, venueOrderId, fromUs, toUs }: RequestOf<"trades">): Query {
  const isByTime = fromId === 0 && venueOrderId === 0;
  return {
    symbol,
    limit: TRADES_MAX,
    ...(fromId > 0 && { fromId }),
    ...(venueOrderId > 0 && { orderId: venueOrderId }),
    ...(isByTime && { startTime: Math.floor(fromUs / US_PER_MS), endTime: Math.floor(toUs / US_PER_MS) }),
  };
}

/** The event in a frame of the private stream; undefined when it holds none. */
function eventOf(text: string): unknown {
  try {
    const frame = JSON.parse(text) as { readonly event?: unknown } | null;
    return frame?.event ?? undefined;
  } catch {
    return undefined;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "an answer that was none";
}

/**
 * The signed REST endpoints: a request in, an answer out, at once. It checks limits, key, signature and time as Binance
 * does, and lets the faults act that concern an order itself; what happens to the answer on its way is not its
 * business.
 */
import { checkKey, checkSignature, checkTime, signedText } from "./credentials.js";
import type { FaultRule } from "./fault-plan.js";
import type { Faults } from "./faults.js";
import { ordersJson, tradesJson } from "./history.js";
import { isOpen, type NewOrder, remaining, type VenueOrder } from "./order.js";
import type { OrderDesk } from "./order-desk.js";
import { accountJson, canceledJson, orderJson, placedJson } from "./order-json.js";
import { generatedId, readNewOrder, readSelector } from "./order-request.js";
import { Parameters } from "./parameters.js";
import { Refusal, unknownOrder } from "./refusal.js";
import { LimitRefusal, type Usage } from "./usage.js";
import type { UserStream } from "./user-stream.js";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** As they came, for the signature. */
  readonly query: string;
  readonly body: string;
  readonly key: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long the answer must wait for something else to arrive first. */
  readonly holdMs?: number;
  /** To be called once the answer is out. */
  readonly afterwards?: () => void;
}

/** The result of an endpoint, before it becomes text. */
interface Result {
  readonly json: object;
  readonly holdMs?: number;
  readonly afterwards?: () => void;
}

interface Endpoint {
  readonly weight: number | ((parameters: Parameters) => number);
  readonly answer: (parameters: Parameters) => Result;
}

export interface OrderApiOptions {
  readonly symbols: readonly string[];
  readonly desk: OrderDesk;
  readonly stream: UserStream;
  readonly usage: Usage;
  readonly faults: Faults;
  /** The first is the clock; others are those a client may rightly have set its own by. */
  readonly clocksMs: () => readonly [number, ...number[]];
}

export const NEW_ORDER = "POST /api/v3/order";
/** How long an answer or a report waits to be overtaken, unless the fault says otherwise. */
const OVERTAKEN_MS = 20;

export class OrderApi {
  readonly #options: OrderApiOptions;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;

  constructor(options: OrderApiOptions) {
    this.#options = options;
    const bySymbol = (one: number, all: number) => (parameters: Parameters) => (parameters.has("symbol") ? one : all);
    // biome-ignore format: a table
    this.#endpoints = new Map<string, Endpoint>([
      [NEW_ORDER, { weight: 1, answer: (parameters) => this.#place(parameters) }],
      ["DELETE /api/v3/order", { weight: 1, answer: (parameters) => this.#cancel(parameters) }],
      ["DELETE /api/v3/openOrders", { weight: 1, answer: (parameters) => this.#cancelAll(parameters) }],
      ["GET /api/v3/order", { weight: 4, answer: (parameters) => this.#query(parameters) }],
      ["GET /api/v3/openOrders", { weight: bySymbol(6, 80), answer: (parameters) => this.#openOrders(parameters) }],
      ["GET /api/v3/allOrders", { weight: 20, answer: (parameters) =>
        ({ json: ordersJson(options.desk, parameters, options.symbols) }) }],
      ["GET /api/v3/myTrades", { weight: 20, answer: (parameters) =>
        ({ json: tradesJson(options.desk, parameters, options.symbols) }) }],
      ["GET /api/v3/account", { weight: 20, answer: (parameters) => this.#account(parameters) }],
    ]);
  }

  /** Whether method and path name an endpoint that this answers. */
  serves(endpoint: string): boolean {
    return this.#endpoints.has(endpoint);
  }

  answer(request: ApiRequest): ApiAnswer {
    const endpoint = `${request.method} ${request.path}`;
    try {
      const { json, ...more } = this.#carryOut(endpoint, request);
      return { status: 200, body: JSON.stringify(json), headers: this.#headers(endpoint), ...more };
    } catch (error) {
      if (error instanceof Refusal) return this.refusal(error);
      throw error;
    }
  }

  refusal(refusal: Refusal): ApiAnswer {
    const wait = refusal instanceof LimitRefusal ? refusal.retryAfterSeconds : null;
    const headers = { ...this.#headers(""), ...(wait !== null && { "retry-after": `${wait}` }) };
    return { status: refusal.status, body: refusal.body, headers };
  }

  #carryOut(endpoint: string, { query, body, key }: ApiRequest): Result {
    const { usage, clocksMs } = this.#options;
    const parameters = Parameters.fromText(query, body);
    const { weight, answer } = this.#endpoints.get(endpoint)!;
    usage.request(typeof weight === "number" ? weight : weight(parameters), clocksMs()[0]);
    checkKey(key);
    checkSignature(parameters, signedText(query, body));
    checkTime(parameters, clocksMs());
    return answer(parameters);
  }

  #headers(endpoint: string): Record<string, string> {
    return this.#options.usage.headers(this.#options.clocksMs()[0], endpoint === NEW_ORDER);
  }

  #place(parameters: Parameters): Result {
    const { desk, symbols, faults, usage, clocksMs } = this.#options;
    const { order: request, response } = readNewOrder(parameters, symbols);
    parameters.finish();
    usage.order(clocksMs()[0]);
    const { order, trades } = this.#placeOnDesk(request);
    const json = placedJson(order, trades, response);
    const part = partOf(order, desk.lot(order.symbol));
    const overtaken = isOpen(order) && part > 0n ? faults.strike("fill-before-ack") : undefined;
    if (!overtaken) return { json };
    desk.force(order, part);
    return { json, holdMs: overtaken.delayMs ?? OVERTAKEN_MS };
  }

  #placeOnDesk(request: NewOrder) {
    const { desk, faults, stream, clocksMs } = this.#options;
    try {
      return desk.place(request);
    } catch (error) {
      // A report about a duplicate would name the open order that bears the id.
      const mayReport = error instanceof Refusal && error.code === -2010 && !/^Duplicate/.test(error.message);
      if (mayReport && faults.strike("rejection-reported")) stream.reportRejection(request, clocksMs()[0]);
      throw error;
    }
  }

  #cancel(parameters: Parameters): Result {
    const { desk, symbols, faults } = this.#options;
    const selector = readSelector(parameters, symbols);
    const cancelId = parameters.clientId("newClientOrderId") ?? generatedId();
    parameters.finish();
    const order = desk.find(selector);
    if (!order || !isOpen(order)) throw unknownOrder();
    if (faults.strike("fill-before-cancel")) desk.force(order, remaining(order));
    const part = partOf(order, desk.lot(order.symbol));
    const late = isOpen(order) && part > 0n ? faults.strike("fill-after-cancel-ack") : undefined;
    const json = canceledJson(desk.cancel(selector, cancelId), cancelId);
    return late ? { json, afterwards: this.#fillLate(order, part, late) } : { json };
  }

  /** Everybody who asks knows of the fill at once; only its report waits. */
  #fillLate(order: VenueOrder, quantity: bigint, { delayMs = OVERTAKEN_MS }: FaultRule): () => void {
    const { desk, stream } = this.#options;
    const report = stream.hold(() => desk.force(order, quantity));
    return () => stream.later(report, delayMs);
  }

  #cancelAll(parameters: Parameters): Result {
    const { desk, symbols } = this.#options;
    const symbol = parameters.symbol(symbols);
    parameters.finish();
    const orders = desk.openOrders(symbol);
    if (orders.length === 0) throw unknownOrder();
    const cancelId = generatedId();
    return { json: orders.map(({ id }) => canceledJson(desk.cancel({ symbol, id }, cancelId), cancelId)) };
  }

  #query(parameters: Parameters): Result {
    const selector = readSelector(parameters, this.#options.symbols);
    parameters.finish();
    const order = this.#options.desk.find(selector);
    if (!order) throw new Refusal(-2013, "Order does not exist.");
    return { json: orderJson(order) };
  }

  #openOrders(parameters: Parameters): Result {
    const symbol = parameters.has("symbol") ? parameters.symbol(this.#options.symbols) : undefined;
    parameters.finish();
    return { json: this.#options.desk.openOrders(symbol).map(orderJson) };
  }

  #account(parameters: Parameters): Result {
    const { desk, clocksMs } = this.#options;
    const omitZero = parameters.word("omitZeroBalances", ["true", "false"], new Refusal(-1102, "Invalid boolean."));
    parameters.finish();
    return { json: accountJson(desk.ledger, clocksMs()[0], omitZero === "true") };
  }
}

/** Half of what is left of an order, in whole lots: something, and not everything. */
function partOf(order: VenueOrder, lot: bigint): bigint {
  return (remaining(order) / lot / 2n) * lot;
}

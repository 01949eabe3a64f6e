/**
 * The way of a request to the order side and of its answer back, over HTTP, with the faults that lie on that way: lost
 * or late requests, lost or late answers, errors that say nothing of the effect. What is not lost is answered once.
 */
import type { ServerResponse } from "node:http";
import type { FaultRule } from "./fault-plan.js";
import type { Faults } from "./faults.js";
import { type ApiAnswer, type ApiRequest, NEW_ORDER, type OrderApi } from "./order-api.js";
import { Refusal } from "./refusal.js";
import type { RequestLog } from "./request-log.js";
import { banned, tooMany } from "./usage.js";

interface OrderFrontOptions {
  readonly api: OrderApi;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly nowMs: () => number;
}

const LOGGED = [NEW_ORDER, "DELETE /api/v3/order", "DELETE /api/v3/openOrders", "GET /api/v3/order"];
const DEFAULT_DELAY_MS = 100;
const DEFAULT_RETRY_SECONDS = 1;
const DEFAULT_BAN_SECONDS = 120;
const MS_PER_SECOND = 1000;
const GATEWAY_PAGE = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
const UNKNOWN_OUTCOMES = {
  "-1006": [500, "An unexpected response was received from the message bus. Execution status unknown."],
  "-1007": [504, "Timeout waiting for response from backend server. Send status unknown; execution status unknown."],
} as const;

export class OrderFront {
  readonly #options: OrderFrontOptions;
  /** Requests and answers under way that a fault delays. */
  readonly #delays = new Set<NodeJS.Timeout>();

  constructor(options: OrderFrontOptions) {
    this.#options = options;
  }

  serves(method: string, path: string): boolean {
    return this.#options.api.serves(`${method} ${path}`);
  }

  /** Answers a request, or deliberately does not. */
  handle(request: ApiRequest, response: ServerResponse): void {
    const endpoint = `${request.method} ${request.path}`;
    const { faults, log } = this.#options;
    if (LOGGED.includes(endpoint)) log.add(endpoint, request.query, request.body);
    if (faults.strike("request-lost", { endpoint })) return cutOff(response);
    const answer = this.#answerBefore(endpoint);
    if (answer) return write(response, answer);
    this.#after(faults.strike("request-delayed", { endpoint }), () => this.#carryOut(endpoint, request, response));
  }

  /** Lets go of everything that waits. */
  close(): void {
    for (const timer of this.#delays) clearTimeout(timer);
  }

  #carryOut(endpoint: string, request: ApiRequest, response: ServerResponse): void {
    const { api, faults } = this.#options;
    const answer = api.answer(request);
    if (answer.afterwards) response.once("close", answer.afterwards);
    if (faults.strike("answer-lost", { endpoint })) return cutOff(response);
    const error = faults.strike("error-after", { endpoint });
    const told = error ? errorAnswer(api, error) : answer;
    const held = answer.holdMs === undefined ? undefined : { delayMs: answer.holdMs };
    this.#after(faults.strike("answer-delayed", { endpoint }) ?? held, () => write(response, told));
  }

  /** The answer to a request that gets no further, if a fault says so. */
  #answerBefore(endpoint: string): ApiAnswer | undefined {
    const { api, faults, nowMs } = this.#options;
    const limited = faults.strike("rate-limited", { endpoint });
    if (limited) {
      const { retryAfterSeconds = DEFAULT_RETRY_SECONDS } = limited;
      return api.refusal(tooMany("Too many requests queued.", retryAfterSeconds));
    }
    const ban = faults.strike("banned", { endpoint });
    if (ban) {
      const untilMs = nowMs() + (ban.retryAfterSeconds ?? DEFAULT_BAN_SECONDS) * MS_PER_SECOND;
      return api.refusal(banned(untilMs, nowMs()));
    }
    const error = faults.strike("error-before", { endpoint });
    return error && errorAnswer(api, error);
  }

  #after(delay: Pick<FaultRule, "delayMs"> | undefined, work: () => void): void {
    if (!delay) return work();
    const timer = setTimeout(() => {
      this.#delays.delete(timer);
      work();
    }, delay.delayMs ?? DEFAULT_DELAY_MS);
    this.#delays.add(timer);
  }
}

/** What says that the outcome is unknown: Binance's own codes, or the page of a gateway in front of it. */
function errorAnswer(api: OrderApi, { answer = "503" }: FaultRule): ApiAnswer {
  if (answer === "503") return { status: 503, body: GATEWAY_PAGE, headers: { "content-type": "text/html" } };
  const [status, message] = UNKNOWN_OUTCOMES[answer];
  return api.refusal(new Refusal(Number(answer), message, status));
}

function cutOff(response: ServerResponse): void {
  response.destroy();
}

function write(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  response.writeHead(status, { "content-type": "application/json;charset=UTF-8", ...headers });
  response.end(body);
}

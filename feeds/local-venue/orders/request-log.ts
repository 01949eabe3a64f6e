/**
 * What clients sent to the order endpoints, as it arrived, before anything was checked or lost: the oracle of what left
 * a client. It counts how often each client id was submitted as a new order.
 */
import { NEW_ORDER } from "./order-api.js";

interface LoggedRequest {
  /** Such as `POST /api/v3/order`. */
  readonly endpoint: string;
  /** Null when the request names none. */
  readonly clientId: string | null;
}

export class RequestLog {
  readonly requests: LoggedRequest[] = [];
  readonly #submissions = new Map<string, number>();

  /** How often each client id was submitted as a new order. */
  get submissions(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#submissions);
  }

  add(endpoint: string, query: string, body: string): void {
    const clientId = clientIdIn(query, body, endpoint === NEW_ORDER ? "newClientOrderId" : "origClientOrderId");
    this.requests.push({ endpoint, clientId });
    if (endpoint !== NEW_ORDER || clientId === null) return;
    this.#submissions.set(clientId, (this.#submissions.get(clientId) ?? 0) + 1);
  }
}

function clientIdIn(query: string, body: string, name: string): string | null {
  return new URLSearchParams(query).get(name) ?? new URLSearchParams(body).get(name);
}

/**
 * A plain client of the local venue's order side: signed requests, told apart by answer and by connection that broke
 * off, and a user data stream that keeps what it received. It retries nothing and waits for facts, never for time.
 */
import { LOCAL_API_KEY, LOCAL_API_SECRET, sign } from "../../feeds/local-venue/orders/credentials.js";
import { VenueClient } from "./local-venue.js";

export type Values = Readonly<Record<string, string | number>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** What a test says of a request beside its parameters. */
export interface Overrides {
  readonly key?: string | null;
  readonly secret?: string;
}

export class VenueAccount {
  readonly #restUrl: string;
  readonly #nowMs: () => number;

  constructor({ restUrl }: { readonly restUrl: string }, nowMs: () => number = Date.now) {
    this.#restUrl = restUrl;
    this.#nowMs = nowMs;
  }

  /** Sends a signed request; rejects when the connection breaks off. */
  async request(method: string, path: string, values: Values = {}, overrides: Overrides = {}): Promise<Answer> {
    const { key = LOCAL_API_KEY, secret = LOCAL_API_SECRET } = overrides;
    const text = query({ timestamp: this.#nowMs(), ...values });
    const signed = `${text}&signature=${sign(text, secret)}`;
    const inBody = method === "POST";
    const response = await fetch(`${this.#restUrl}/api/v3${path}${inBody ? "" : `?${signed}`}`, {
      method,
      headers: { ...(key !== null && { "x-mbx-apikey": key }), connection: "close" },
      ...(inBody && { body: signed }),
    });
    const body = await response.text();
    const json = body.startsWith("<") ? {} : JSON.parse(body);
    return { status: response.status, headers: response.headers, text: body, json };
  }

  limit(side: "BUY" | "SELL", quantity: string, price: string, values: Values = {}): Promise<Answer> {
    return this.place({ side, type: "LIMIT", timeInForce: "GTC", quantity, price, ...values });
  }

  place(values: Values): Promise<Answer> {
    return this.request("POST", "/order", { symbol: "BTCUSDT", ...values });
  }

  cancel(clientId: string): Promise<Answer> {
    return this.request("DELETE", "/order", { symbol: "BTCUSDT", origClientOrderId: clientId });
  }

  query(clientId: string): Promise<Answer> {
    return this.request("GET", "/order", { symbol: "BTCUSDT", origClientOrderId: clientId });
  }
}

/** An executionReport, or another event, by Binance's one-letter names. */
export type UserEvent = Readonly<Record<string, unknown>>;

/** A subscribed user data stream. */
export class UserStreamClient {
  readonly client: VenueClient;
  #requests = 0;

  private constructor(client: VenueClient) {
    this.client = client;
  }

  static async connect({ wsUrl }: { readonly wsUrl: string }, nowMs: () => number = Date.now) {
    const stream = new UserStreamClient(await VenueClient.connect(`${wsUrl}/ws-api/v3`));
    const reply = await stream.request("userDataStream.subscribe.signature", signedParameters(nowMs()));
    if (reply.status !== 200) throw new Error(`no subscription: ${JSON.stringify(reply)}`);
    return stream;
  }

  get events(): readonly UserEvent[] {
    return this.#messages.flatMap(({ event }) => (event ? [event as UserEvent] : []));
  }

  /** Events of orders alone. */
  get reports(): readonly UserEvent[] {
    return this.events.filter(({ e }) => e === "executionReport");
  }

  /** Client id, execution type, order status and cumulative fill of each report. */
  get story(): readonly string[] {
    return this.reports.map(({ c, C, x, X, z }) => `${C || c} ${x} ${X} ${z}`);
  }

  async request(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = `request-${++this.#requests}`;
    this.client.socket.send(JSON.stringify({ id, method, params }));
    const reply = () => this.#messages.find((message) => message.id === id);
    await this.client.until(() => reply() !== undefined);
    return reply()!;
  }

  /** Waits until every event sent so far has arrived. */
  async fence(): Promise<void> {
    await this.request("ping");
  }

  close(): void {
    this.client.close();
  }

  get #messages(): readonly Record<string, unknown>[] {
    return this.client.frames.map((text) => JSON.parse(text));
  }
}

/** What a subscription with a signature sends. */
export function signedParameters(timestampMs: number, apiKey = LOCAL_API_KEY): Values {
  const text = `apiKey=${apiKey}&timestamp=${timestampMs}`;
  return { apiKey, timestamp: timestampMs, signature: sign(text) };
}

export function query(values: Values): string {
  return new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();
}

/**
 * ccxt.pro's Binance for the account's side: it signs, sends and dials. What the venue answers is taken as it is,
 * status and code, before ccxt makes error classes of it, and every frame of the private stream is seen, none folded.
 */
import type { WebSocket } from "ws";
import type { AccountKeys } from "./orders-keys.js";

export type OrderEndpoints = "binance" | { readonly rest: string; readonly ws: string };

/** What the venue said when it did not say yes. */
export class Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly retryAfterMs: number;

  constructor(status: number, json: unknown, headers: Readonly<Record<string, unknown>>) {
    const { code, msg } = (json ?? {}) as { readonly code?: unknown; readonly msg?: unknown };
    this.status = status;
    this.code = Number.isInteger(Number(code)) ? Number(code ?? 0) : 0;
    this.message = typeof msg === "string" ? msg : "";
    this.retryAfterMs = Number(headers["Retry-After"] ?? 0) * 1_000;
  }
}

export interface StreamTap {
  /** A frame of the private stream; true when ccxt should see it too. */
  readonly onFrame: (text: string) => boolean;
  /** The venue has given any sign of life. */
  readonly onSign: () => void;
  readonly onClose: () => void;
}

export type Query = Readonly<Record<string, string | number>>;

/** What this project uses of ccxt, whose own types are open-ended. */
interface CcxtClient {
  connection?: WebSocket;
  createConnection(): void;
  future(messageHash: string): Promise<unknown>;
  onMessage(event: { data: string }): void;
}
export interface OrderClient {
  urls: { api: Record<string, unknown> & { ws: Record<string, unknown> & { "ws-api": Record<string, unknown> } } };
  clients: Record<string, CcxtClient>;
  client(url: string): CcxtClient;
  handleErrors(
    status: number,
    reason: string,
    url: string,
    method: string,
    headers: object,
    body: string,
    json: unknown,
  ): unknown;
  calculateWsBackoffDelay(url: string): number;
  loadHttpProxyAgent(): Promise<unknown>;
  loadTimeDifference(): Promise<unknown>;
  ensureUserDataStreamWsSubscribeSignature(marketType: "spot"): Promise<unknown>;
  privatePostOrder(query: Query): Promise<unknown>;
  privateDeleteOrder(query: Query): Promise<unknown>;
  privateGetOrder(query: Query): Promise<unknown>;
  privateGetOpenOrders(query: Query): Promise<unknown>;
  privateGetMyTrades(query: Query): Promise<unknown>;
  privateGetAccount(query: Query): Promise<unknown>;
  close(): Promise<void>;
}
type OrderClientClass = new (options: object) => OrderClient;

/** A delayed order dies instead of arriving late. */
const RECEIVE_WINDOW_MS = 2_000;
const PING_MS = 10_000;
const PAYLOAD_BYTES_MAX = 1024 * 1024;

export async function openOrderClient(
  endpoints: OrderEndpoints,
  keys: AccountKeys,
  answerMs: number,
  tap: StreamTap,
): Promise<OrderClient> {
  const Tapped = tapped(await loadBinance(), tap);
  const client = new Tapped({
    ...keys.reveal(),
    timeout: answerMs,
    // An order that waited here for its turn would arrive in another market; the gateway keeps to the limits.
    enableRateLimit: false,
    streaming: { keepAlive: PING_MS },
    options: {
      defaultType: "spot",
      maxRetriesOnFailure: 0,
      recvWindow: RECEIVE_WINDOW_MS,
      ws: { options: { perMessageDeflate: false, maxPayload: PAYLOAD_BYTES_MAX } },
    },
  });
  if (endpoints !== "binance") {
    const { api } = client.urls;
    api.public = `${endpoints.rest}/api/v3`;
    api.private = `${endpoints.rest}/api/v3`;
    api.ws["ws-api"].spot = `${endpoints.ws}/ws-api/v3`;
    // ccxt refuses plain ws:// without an agent for it.
    await client.loadHttpProxyAgent();
  }
  return client;
}

/** Cuts the private stream off; none of its frames comes after this. */
export function cutStream({ clients, urls }: OrderClient): void {
  const url = String(urls.api.ws["ws-api"].spot);
  const connection = clients?.[url]?.connection;
  delete clients?.[url];
  connection?.removeAllListeners("message");
  connection?.terminate();
}

/** One venue's module only: all of ccxt takes three times as long to load. Its package exports do not name it. */
async function loadBinance(): Promise<OrderClientClass> {
  const module = await import(new URL("./src/pro/binance.js", import.meta.resolve("ccxt")).href);
  return module.default as OrderClientClass;
}

function tapped(Binance: OrderClientClass, tap: StreamTap): OrderClientClass {
  return class TappedBinance extends Binance {
    override client(url: string): CcxtClient {
      const known = this.clients?.[url] !== undefined;
      const client = super.client(url);
      if (!known) tapClient(client, tap);
      return client;
    }

    /** An answer that is not a plain yes goes to who asked, as it is. */
    override handleErrors(
      status: number,
      _reason: string,
      _url: string,
      _method: string,
      headers: object,
      _body: string,
      json: unknown,
    ): undefined {
      const code = (json as { readonly code?: unknown } | undefined)?.code;
      const isGood = status >= 200 && status < 300 && json !== undefined && code === undefined;
      if (!isGood) throw new Refusal(status, json, headers as Readonly<Record<string, unknown>>);
    }

    /** Whoever subscribes waits between attempts. */
    override calculateWsBackoffDelay(): number {
      return 0;
    }
  };
}

/** The tap takes the place of ccxt's listener, which would queue the frames and keep only the latest state. */
function tapClient(client: CcxtClient, tap: StreamTap): void {
  const future = client.future.bind(client);
  client.future = (messageHash) => {
    const made = future(messageHash);
    // Of the futures of a subscription one is awaited by nobody; its rejection must not end the thread.
    made.catch(() => {});
    return made;
  };
  const createConnection = client.createConnection.bind(client);
  client.createConnection = () => {
    createConnection();
    const connection = client.connection!;
    connection.removeAllListeners("message");
    connection.on("message", (data) => {
      tap.onSign();
      const text = data.toString();
      if (tap.onFrame(text)) client.onMessage({ data: text });
    });
    connection.on("ping", tap.onSign);
    connection.on("pong", tap.onSign);
    connection.on("close", tap.onClose);
  };
}

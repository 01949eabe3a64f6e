/**
 * ccxt.pro's Binance, with a tap: frames of the market streams go from the socket's buffer to the intake, before and
 * instead of ccxt's own parsing. ccxt keeps what it is good at: markets, REST, dialling, pings, subscribing, errors.
 */
import type { Buffer } from "node:buffer";
import type { WebSocket } from "ws";

export type Endpoints = "binance" | { readonly rest: string; readonly ws: string };

/** Takes a frame from the socket; true when ccxt should see it too. */
export type FrameTap = (frame: Uint8Array, isText: boolean) => boolean;

export interface ExchangeOptions {
  readonly endpoints: Endpoints;
  readonly tap?: FrameTap;
  /** Called whenever a connection has opened, before anything is sent. */
  readonly onOpen?: () => void;
}

const ANSWER_MS = 10_000;
/** Larger frames end the connection; smaller ones that are still too large are counted. */
const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;
const SUBSCRIPTION = "market";

/** What this project uses of ccxt, whose own types are open-ended. */
interface CcxtClient {
  connection?: WebSocket;
  createConnection(): void;
  onMessage(event: { data: string }): void;
}
interface CcxtMarket {
  readonly id: string;
  readonly info: { readonly filters?: readonly Readonly<Record<string, unknown>>[] };
}
interface Ccxt {
  urls: { api: Record<string, unknown> & { ws: Record<string, unknown> } };
  clients: Record<string, CcxtClient>;
  readonly markets: Readonly<Record<string, CcxtMarket>>;
  client(url: string): CcxtClient;
  onConnected(client: CcxtClient): void;
  calculateWsBackoffDelay(url: string): number;
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<unknown>;
  publicGetPing(): Promise<unknown>;
  publicGetDepth(query: { symbol: string; limit: number }): Promise<unknown>;
  watchMultiple(
    url: string,
    messageHashes: string[],
    message: object,
    subscribeHashes: string[],
    subscription: object,
  ): Promise<unknown>;
  close(): Promise<void>;
}
type CcxtClass = new (options: object) => Ccxt;

/** The venue did not answer. The message names the host and the remedy. */
export class VenueUnreachable extends Error {
  override readonly name = "VenueUnreachable";

  constructor(host: string, cause: unknown) {
    super(
      `no answer from ${host} (${firstLine(cause)}): check the network and the address, or use the local venue, ` +
        "which needs no network",
      { cause },
    );
  }
}

export class BinanceExchange {
  /** Where websocket subscriptions go. */
  readonly wsUrl: string;
  private readonly host: string;
  private readonly ccxt: Ccxt;
  private requests = 0;

  private constructor(ccxt: Ccxt, host: string) {
    this.ccxt = ccxt;
    this.host = host;
    this.wsUrl = String(ccxt.urls.api.ws.spot);
  }

  static async open(options: ExchangeOptions): Promise<BinanceExchange> {
    const { endpoints } = options;
    const Tapped = tapped(await loadBinance(), options);
    const ccxt = new Tapped({
      timeout: ANSWER_MS - 1000,
      // Loopback has no limits to keep to.
      enableRateLimit: endpoints === "binance",
      options: {
        fetchMarkets: { types: ["spot"] },
        ws: { options: { perMessageDeflate: false, maxPayload: PAYLOAD_BYTES_MAX } },
      },
    });
    if (endpoints !== "binance") {
      ccxt.urls.api.public = `${endpoints.rest}/api/v3`;
      ccxt.urls.api.ws.spot = `${endpoints.ws}/ws`;
      // ccxt refuses plain ws:// without an agent for it.
      await ccxt.loadHttpProxyAgent();
    }
    return new BinanceExchange(ccxt, new URL(String(ccxt.urls.api.public)).host);
  }

  /** Rejects with VenueUnreachable unless the venue answers within ten seconds. */
  ping(): Promise<unknown> {
    return this.reach(this.ccxt.publicGetPing());
  }

  /** The venue's markets by symbol such as BTC/USDT. */
  async markets(): Promise<Readonly<Record<string, CcxtMarket>>> {
    await this.reach(this.ccxt.loadMarkets());
    return this.ccxt.markets;
  }

  /** The venue's answer to a depth request, its prices and quantities as text. */
  depth(symbol: string, limit: number): Promise<unknown> {
    return this.ccxt.publicGetDepth({ symbol, limit });
  }

  /** Dials and subscribes. Settles when the connection has ended or could not be made. */
  async subscribe(streams: readonly string[]): Promise<unknown> {
    const request = { method: "SUBSCRIBE", params: streams, id: (this.requests += 1) };
    const ended = this.ccxt.watchMultiple(this.wsUrl, [SUBSCRIPTION], request, [SUBSCRIPTION], { id: request.id });
    return ended.catch((error: unknown) => error);
  }

  /** Cuts the connection off; none of its frames comes after this. */
  disconnect(): void {
    const connection = this.ccxt.clients?.[this.wsUrl]?.connection;
    delete this.ccxt.clients?.[this.wsUrl];
    connection?.removeAllListeners("message");
    connection?.terminate();
  }

  async close(): Promise<void> {
    this.disconnect();
    await this.ccxt.close();
  }

  private reach<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      throw new VenueUnreachable(this.host, error);
    });
  }
}

/** Opens an exchange for REST requests alone; whoever opens it closes it. Nothing is sent yet. */
export function createExchange(endpoints: Endpoints): Promise<BinanceExchange> {
  return BinanceExchange.open({ endpoints });
}

/** One venue's module only: all of ccxt takes three times as long to load. Its package exports do not name it. */
async function loadBinance(): Promise<CcxtClass> {
  const module = await import(new URL("./src/pro/binance.js", import.meta.resolve("ccxt")).href);
  return module.default as CcxtClass;
}

function tapped(Binance: CcxtClass, { tap = () => true, onOpen = () => {} }: ExchangeOptions): CcxtClass {
  return class TappedBinance extends Binance {
    override client(url: string): CcxtClient {
      const known = this.clients?.[url] !== undefined;
      const client = super.client(url);
      if (!known) tapClient(client, tap);
      return client;
    }

    override onConnected(client: CcxtClient): void {
      super.onConnected(client);
      onOpen();
    }

    /** Whoever subscribes waits between attempts. */
    override calculateWsBackoffDelay(): number {
      return 0;
    }
  };
}

/** The tap takes the place of ccxt's listener, which would make a string of every frame and queue it in a stream. */
function tapClient(client: CcxtClient, tap: FrameTap): void {
  const createConnection = client.createConnection.bind(client);
  client.createConnection = () => {
    createConnection();
    const connection = client.connection!;
    connection.removeAllListeners("message");
    connection.on("message", (data: Buffer, isBinary: boolean) => {
      if (tap(data, !isBinary)) client.onMessage({ data: data.toString() });
    });
  };
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause)
    .split("\n", 1)[0]
    .slice(0, 200);
}

/**
 * A local exchange: it speaks Binance spot's public REST and websocket protocol on loopback and replays a capture, so
 * that an unmodified client can talk to it; its order side trades against the same replay. Every frame of a symbol goes
 * out once, in recorded order, and the true book always contains exactly what was sent or deliberately swallowed.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { Broadcast, type SentFrames } from "./broadcast.js";
import { loadCapture } from "./capture.js";
import { Connection, type ConnectionLimits } from "./connection.js";
import { isStreamName } from "./control.js";
import { streamsOf } from "./frame.js";
import { startHeartbeat } from "./heartbeat.js";
import { type LocalAnswer, localAnswer } from "./local-api.js";
import { BINANCE_LIMITS, checkOptions, checkSymbols, type LocalVenueOptions } from "./options.js";
import { type FaultRule, readFaultPlan } from "./orders/fault-plan.js";
import { OPENING_BALANCES, OrderSide } from "./orders/order-side.js";
import type { Truth } from "./orders/truth.js";
import type { UsageLimits } from "./orders/usage.js";
import { Pacer } from "./pacer.js";
import { Replay } from "./replay.js";
import { bodyOf } from "./request-body.js";
import { answerRest, badRequest } from "./rest.js";
import type { DepthSnapshot } from "./venue-book.js";

const MAX_INBOUND_BYTES = 64 * 1024;
/** Frames sent before other work of the event loop gets its turn. */
const FRAMES_PER_TURN = 1024;
/** Paths that control the venue; no exchange has them. */
const LOCAL = "/local/";
const WEBSOCKET_API = "/ws-api/v3";
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

export interface LocalVenue {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, to which a client appends `/api/v3/…`. */
  readonly restUrl: string;
  /** `ws://127.0.0.1:<port>`, to which a client appends `/ws` or `/stream`. */
  readonly wsUrl: string;
  readonly sent: SentFrames;
  /** What really happened on the order side. */
  readonly truth: Truth;
  /** Sessions that follow the user data stream now. */
  readonly subscribed: number;
  /** Sends the next `count` frames of the replay now, whatever its clock says. */
  step(count: number): void;
  /** Sends a text to the stream's subscribers as if it were a frame; the true book does not hear of it. */
  inject(stream: string, text: string): void;
  /** Swallows the symbol's next `count` depth frames: the true book gets them, the clients meet a gap. */
  skip(symbol: string, count: number): void;
  /** Closes every websocket with a close code, or cuts them off when none is given. */
  closeConnections(code?: number): void;
  /** Closes those of the user data stream alone. */
  closeSessions(code?: number): void;
  /** Arms faults in place of those before. Throws RangeError for a rule that cannot be meant. */
  arm(rules: readonly FaultRule[], seed?: number): void;
  /** Changes the account's limits from now on. */
  limit(limits: Partial<UsageLimits>): void;
  /** Carries out a request to `/local/…`, as it also comes over HTTP or from the parent process. */
  local(method: string, path: string, body: string): LocalAnswer;
  pause(): void;
  resume(): void;
  /** The true book, all of it. */
  snapshot(symbol: string): DepthSnapshot;
  /** Ends connections and server; when it resolves nothing is left. */
  close(): Promise<void>;
}

/** Starts a venue. Rejects when an option is wrong, the capture is unreadable or the port is taken. */
export async function startLocalVenue(options: LocalVenueOptions = {}): Promise<LocalVenue> {
  checkOptions(options);
  const venue = new VenueServer(options);
  await venue.listen(options.host ?? "127.0.0.1", options.port ?? 0);
  return venue;
}

class VenueServer implements LocalVenue {
  port = 0;
  restUrl = "";
  wsUrl = "";
  readonly #symbols: readonly string[];
  readonly #limits: ConnectionLimits;
  readonly #replay: Replay;
  readonly #pacer: Pacer;
  readonly #broadcast: Broadcast;
  readonly #orders: OrderSide;
  /** Depth frames still to swallow, by symbol. */
  readonly #skips = new Map<string, number>();
  readonly #http: Server;
  readonly #websockets: WebSocketServer;

  constructor({ capture, symbols, speed = 1, limits, ...account }: LocalVenueOptions) {
    const loaded = loadCapture(capture, symbols && [...new Set(symbols)]);
    checkSymbols(loaded.symbols);
    this.#symbols = loaded.symbols;
    this.#limits = { ...BINANCE_LIMITS, ...limits };
    this.#replay = new Replay(loaded);
    this.#pacer = new Pacer(speed, (nowUs) => this.#sendDue(nowUs));
    this.#broadcast = new Broadcast(() => this.#pacer.start());
    this.#orders = new OrderSide({
      symbols: loaded.symbols,
      balances: account.balances ?? OPENING_BALANCES,
      usage: account.usage ?? {},
      book: (symbol) => this.#known(symbol),
      bufferedBytes: this.#limits.bufferedBytes,
      nowMs: account.nowMs ?? Date.now,
    });
    this.#http = createServer({ noDelay: true }, (request, response) => this.#onRequest(request, response));
    this.#http.on("upgrade", (request, socket, head) => this.#onUpgrade(request, socket, head));
    this.#websockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_INBOUND_BYTES,
    });
  }

  get sent(): SentFrames {
    return this.#broadcast.sent;
  }

  get truth(): Truth {
    return this.#orders.truth;
  }

  get subscribed(): number {
    return this.#orders.subscribed;
  }

  async listen(host: string, port: number): Promise<void> {
    this.#http.listen(port, host);
    await once(this.#http, "listening");
    this.port = (this.#http.address() as AddressInfo).port;
    const authority = `${host.includes(":") ? `[${host}]` : host}:${this.port}`;
    this.restUrl = `http://${authority}`;
    this.wsUrl = `ws://${authority}`;
  }

  step(count: number): void {
    for (let i = 0; i < count; i++) this.#sendNext();
  }

  inject(stream: string, text: string): void {
    this.#broadcast.publish(stream, text);
  }

  skip(symbol: string, count: number): void {
    this.#known(symbol);
    this.#skips.set(symbol, (this.#skips.get(symbol) ?? 0) + count);
  }

  closeConnections(code?: number): void {
    for (const connection of this.#broadcast.connections) connection.close(code);
    this.closeSessions(code);
  }

  closeSessions(code?: number): void {
    this.#orders.closeSessions(code);
  }

  arm(rules: readonly FaultRule[], seed = 0): void {
    this.#orders.faults.arm(readFaultPlan({ seed, rules }));
  }

  limit(limits: Partial<UsageLimits>): void {
    this.#orders.usage.limits = { ...this.#orders.usage.limits, ...limits };
  }

  local(method: string, path: string, body: string): LocalAnswer {
    return localAnswer({ venue: this, faults: this.#orders.faults }, method, path, body);
  }

  pause(): void {
    this.#pacer.pause();
  }

  resume(): void {
    this.#pacer.resume();
  }

  snapshot(symbol: string): DepthSnapshot {
    return this.#known(symbol).snapshot();
  }

  async close(): Promise<void> {
    this.#pacer.pause();
    this.#orders.close();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.closeConnections(GOING_AWAY);
    this.closeConnections();
    this.#http.closeAllConnections();
    await closed;
  }

  #known(symbol: string) {
    const book = this.#replay.book(symbol);
    if (!book) throw new RangeError(`the venue trades ${this.#symbols.join(", ")}, was asked for "${symbol}"`);
    return book;
  }

  /** Sends what is due, at most a turn's worth; true when more is due. */
  #sendDue(nowUs: number): boolean {
    for (let i = 0; i < FRAMES_PER_TURN && this.#replay.dueUs <= nowUs; i++) this.#sendNext();
    return this.#replay.dueUs <= nowUs;
  }

  #sendNext(): void {
    const frame = this.#replay.next();
    const { symbol, kind, text } = frame;
    if (kind !== "depth" || !this.#swallow(symbol)) {
      for (const stream of streamsOf(symbol, kind)) this.#broadcast.publish(stream, text);
    }
    this.#orders.onFrame(frame);
  }

  #swallow(symbol: string): boolean {
    const left = this.#skips.get(symbol) ?? 0;
    if (left > 0) this.#skips.set(symbol, left - 1);
    return left > 0;
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const url = targetOf(request);
    const { method = "" } = request;
    if (url && (url.pathname.startsWith(LOCAL) || this.#orders.front.serves(method, url.pathname))) {
      void this.#onAccountRequest(request, response, url);
      return;
    }
    request.resume();
    const answer = url ? answerRest(method, url, this.#replay, this.#symbols) : badRequest();
    if (url?.pathname === "/api/v3/time") this.#orders.announced(this.#replay.timeMs);
    response.writeHead(answer.status, {
      "content-type": "application/json;charset=UTF-8",
      "x-mbx-used-weight-1m": this.#orders.observe(answer.weight),
    });
    response.end(answer.body);
  }

  /** A request whose body counts: for the order side, or for what controls the venue. */
  async #onAccountRequest(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const body = await bodyOf(request, MAX_INBOUND_BYTES);
    // What was cut off on its way, or is too long to be meant, has no effect.
    if (body === undefined) {
      response.destroy();
      return;
    }
    const { method = "" } = request;
    const { pathname: path, search } = url;
    if (path.startsWith(LOCAL)) {
      const answer = this.local(method, path, body);
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
      return;
    }
    const key = request.headers["x-mbx-apikey"];
    this.#orders.front.handle({ method, path, query: search.slice(1), body, key: key?.toString() }, response);
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = targetOf(request);
    if (url?.pathname === WEBSOCKET_API) return this.#joinUserStream(request, socket, head);
    const combined = url?.pathname === "/stream";
    if (!url || (!combined && !/^\/ws(\/|$)/.test(url.pathname))) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const names = combined ? (url.searchParams.get("streams") ?? "") : url.pathname.slice("/ws/".length);
    this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
      const connection = new Connection(websocket, combined, this.#limits, this.#broadcast);
      this.#broadcast.connections.add(connection);
      // A path may also be a label of the client's own, such as /ws/0, which subscribes to nothing.
      if (!connection.subscribe(names.split("/").filter(isStreamName))) {
        connection.close(POLICY_VIOLATION, "Too many subscriptions");
      }
    });
  }

  #joinUserStream(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
      startHeartbeat(websocket, this.#limits);
      this.#orders.join(websocket);
    });
  }
}

function targetOf({ url = "" }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, "http://venue");
  } catch {
    return undefined;
  }
}

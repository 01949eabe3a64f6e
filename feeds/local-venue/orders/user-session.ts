/**
 * One client's connection to the WebSocket API, as far as a user data stream needs it: subscribing with a signature,
 * unsubscribing, ping and time. Orders go over REST; any other method is refused. Replies leave in the order of
 * requests.
 */
import type { RawData, WebSocket } from "ws";
import { checkKey, checkSignature, checkTime } from "./credentials.js";
import { Parameters } from "./parameters.js";
import { Refusal } from "./refusal.js";
import type { Subscriber, UserStream } from "./user-stream.js";

export interface UserSessionOptions {
  readonly stream: UserStream;
  readonly clocksMs: () => readonly [number, ...number[]];
  /** Bytes that may wait for a client that does not read. */
  readonly bufferedBytes: number;
}

interface Request {
  readonly id: string | number | null;
  readonly method: string;
  readonly parameters: Parameters;
}

const ID = /^[a-zA-Z0-9-_]{1,36}$/;

export class UserSession implements Subscriber {
  readonly #socket: WebSocket;
  readonly #options: UserSessionOptions;
  #subscriptionId = -1;

  constructor(socket: WebSocket, options: UserSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("error", () => {});
    socket.on("close", () => options.stream.subscribers.delete(this));
  }

  send(event: object): void {
    this.#write({ subscriptionId: this.#subscriptionId, event });
  }

  terminate(): void {
    this.send({ e: "eventStreamTerminated", E: this.#options.clocksMs()[0] });
    this.#options.stream.subscribers.delete(this);
  }

  drop(): void {
    this.#socket.terminate();
  }

  /** Closes with a code, or cuts the connection off without one. */
  close(code?: number): void {
    if (code === undefined) this.drop();
    else this.#socket.close(code);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    let id: Request["id"] = null;
    try {
      const message = readMessage(isBinary ? "" : data.toString());
      id = readId(message.id);
      const result = this.#carryOut(readRequest(message, id));
      this.#write({ id, status: 200, result, rateLimits: [] });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message } = error;
      this.#write({ id, status, error: { code, msg: message }, rateLimits: [] });
    }
  }

  #carryOut({ method, parameters }: Request): object {
    // biome-ignore format: one arm a line
    switch (method) {
      case "ping": return {};
      case "time": return { serverTime: this.#options.clocksMs()[0] };
      case "userDataStream.subscribe.signature": return this.#subscribe(parameters);
      case "userDataStream.unsubscribe": return this.#unsubscribe();
      default: throw new Refusal(-1020, "This operation is not supported.");
    }
  }

  #subscribe(parameters: Parameters): object {
    checkKey(parameters.text("apiKey"));
    checkSignature(parameters, signedText(parameters));
    checkTime(parameters, this.#options.clocksMs());
    parameters.finish();
    if (this.#options.stream.subscribers.has(this)) {
      throw new Refusal(-1191, "Similar subscription is already active on this connection.");
    }
    this.#options.stream.subscribers.add(this);
    return { subscriptionId: ++this.#subscriptionId };
  }

  #unsubscribe(): object {
    this.#options.stream.subscribers.delete(this);
    return {};
  }

  #write(message: object): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(message));
    if (this.#socket.bufferedAmount > this.#options.bufferedBytes) this.#socket.terminate();
  }
}

function readMessage(text: string): Record<string, unknown> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new Refusal(-1135, "Invalid JSON Request");
  }
  if (typeof message === "object" && message !== null && !Array.isArray(message)) {
    return message as Record<string, unknown>;
  }
  throw new Refusal(-1135, "Invalid JSON Request");
}

function readId(id: unknown = null): Request["id"] {
  if (id === null || Number.isSafeInteger(id) || (typeof id === "string" && ID.test(id))) return id as Request["id"];
  throw new Refusal(-1135, "JSON sent for parameter 'id' is not valid");
}

function readRequest({ method, params = {} }: Record<string, unknown>, id: Request["id"]): Request {
  if (typeof method !== "string") throw new Refusal(-1102, "Mandatory parameter 'method' was not sent.");
  if (typeof params !== "object" || params === null) {
    throw new Refusal(-1135, "JSON sent for parameter 'params' is not valid");
  }
  const entries = Object.entries(params).map(([name, value]) => [name, String(value)] as const);
  return { id, method, parameters: new Parameters(new Map(entries)) };
}

/** What Binance signs of a WebSocket API request: all parameters by name but the signature. */
function signedText(parameters: Parameters): string {
  return parameters
    .entries()
    .filter(([name]) => name !== "signature")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

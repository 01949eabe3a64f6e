/**
 * What the stream needs of a websocket server, so that two can do it: uWebSockets.js, and the package ws where the
 * former has no binary. A backend moves bytes and knows neither topics nor frames; one suite of tests holds both.
 */
import { createServer } from "node:net";
import { isMainThread } from "node:worker_threads";
import { ConfigError } from "../../engine/index.js";

/** A client that sends a longer message is cut off unread; shorter ones are judged by the stream. */
export const MESSAGE_BYTES_LIMIT = 16 * 1024;
/** A client that answers no ping for so long is gone. */
export const IDLE_SECONDS = 60;

/** One client's connection. After its close every call does nothing. */
export interface ClientSocket {
  /** Bytes taken by send that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /** A string goes as text, bytes as binary; the bytes must not change afterwards. */
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  /** Runs `write`, and hands what it sent to the operating system at once. */
  cork(write: () => void): void;
  /** Says why and ends; what was sent before arrives first. */
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface UpgradeRequest {
  readonly query: string;
  /** Empty when the client sent none, as programs do. */
  readonly origin: string;
  /** Subprotocols offered, in the client's order. */
  readonly protocols: readonly string[];
}

export interface HttpReply {
  readonly status: string;
  readonly type: "text/plain; charset=utf-8" | "application/json";
  readonly body: string;
}

/** A connection that may be upgraded: the subprotocol chosen (or ""), and what to tell `onOpen`. */
export interface Admission<Hello> {
  readonly protocol: string;
  readonly hello: Hello;
}

export interface BackendHandlers<Hello, Client> {
  onRequest(method: string, path: string): HttpReply;
  onUpgrade(request: UpgradeRequest): Admission<Hello> | HttpReply;
  onOpen(socket: ClientSocket, hello: Hello): Client;
  /** `message` is null when it was binary. */
  onMessage(client: Client, message: string | null, bytes: number): void;
  onClose(client: Client): void;
}

export interface Listening {
  readonly port: number;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

export interface StreamBackend {
  readonly name: BackendName;
  /** Throws a ConfigError when the port cannot be had. */
  listen<Hello, Client>(host: string, port: number, handlers: BackendHandlers<Hello, Client>): Promise<Listening>;
}

export type BackendName = "uws" | "ws";

/**
 * The backend asked for; without a wish uWebSockets.js, or ws where there is no binary for this Node or off the main
 * thread.
 */
export async function loadBackend(name?: BackendName): Promise<StreamBackend> {
  if (name === "ws" || (name === undefined && !isMainThread)) return (await import("./ws-backend.js")).wsBackend;
  try {
    return (await import("./uws-backend.js")).uwsBackend;
  } catch (error) {
    if (name === "uws") throw error;
    return (await import("./ws-backend.js")).wsBackend;
  }
}

export const isReply = (answer: object): answer is HttpReply => "status" in answer;

export function listenError(code: string | undefined, host: string, port: number): ConfigError {
  const place = `${host}:${port}`;
  if (code === "EADDRINUSE") {
    return new ConfigError(`port ${port} of ${host} is in use: choose another with --port, or --port 0 for a free one`);
  }
  if (code === "EACCES") return new ConfigError(`${place} needs more rights: choose a port above 1023 with --port`);
  return new ConfigError(
    `cannot listen on ${place} (${code ?? "no reason given"}): choose another with --host and --port`,
  );
}

/** Why a port cannot be had; for a backend that does not say. */
export function whyNotListening(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

/**
 * One client's websocket: its subscriptions, and the three rules that end it, which are too many messages, no pong and
 * a full send buffer. It does not know what the streams carry. Frames leave in the order they are given.
 */
import type { RawData, WebSocket } from "ws";
import { type ControlRequest, readControl, resultReply, tooManySubscriptions } from "./control.js";
import { type HeartbeatLimits, startHeartbeat } from "./heartbeat.js";

/** What Binance allows a connection. */
export interface ConnectionLimits extends HeartbeatLimits {
  /** Frames a client may send in any second; control frames count. */
  readonly messagesPerSecond: number;
  readonly streams: number;
  /** Bytes that may wait for a client that does not read. */
  readonly bufferedBytes: number;
}

/** Who is told of a change in a connection's subscriptions, and of its end, after all of them are gone. */
export interface ConnectionListener {
  subscribed(connection: Connection, stream: string): void;
  unsubscribed(connection: Connection, stream: string): void;
  closed(connection: Connection): void;
}

const POLICY_VIOLATION = 1008;
const SECOND_MS = 1000;

export class Connection {
  /** Whether payloads are wrapped with the name of their stream. */
  readonly combined: boolean;
  readonly #socket: WebSocket;
  readonly #limits: ConnectionLimits;
  readonly #listener: ConnectionListener;
  readonly #streams = new Set<string>();
  /** Times of the latest inbound frames, oldest first, at most as many as a second allows. */
  readonly #inboundMs: number[] = [];

  constructor(socket: WebSocket, combined: boolean, limits: ConnectionLimits, listener: ConnectionListener) {
    this.#socket = socket;
    this.combined = combined;
    this.#limits = limits;
    this.#listener = listener;
    startHeartbeat(socket, limits);
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("ping", () => this.#admit());
    socket.on("pong", () => this.#admit());
    // The close that follows says all there is to say about a broken socket.
    socket.on("error", () => {});
    socket.on("close", () => this.#onClose());
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Adds streams; false, and no change, when that would be more than a connection may have. */
  subscribe(streams: readonly string[]): boolean {
    const added = new Set(streams.filter((stream) => !this.#streams.has(stream)));
    if (this.#streams.size + added.size > this.#limits.streams) return false;
    for (const stream of added) {
      this.#streams.add(stream);
      this.#listener.subscribed(this, stream);
    }
    return true;
  }

  /** Sends a text frame given as bytes. A client that lets too much wait is cut off. */
  send(bytes: Buffer): void {
    this.#socket.send(bytes, { binary: false });
    if (this.#socket.bufferedAmount > this.#limits.bufferedBytes) this.#socket.terminate();
  }

  /** Closes with a code, or cuts the connection off without one. */
  close(code?: number, reason?: string): void {
    if (code === undefined) this.#socket.terminate();
    else this.#socket.close(code, reason);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (!this.#admit()) return;
    const outcome = readControl(isBinary ? "" : data.toString());
    this.send(Buffer.from("refusal" in outcome ? outcome.refusal : this.#carryOut(outcome.request)));
  }

  #carryOut(request: ControlRequest): string {
    if (request.method === "LIST_SUBSCRIPTIONS") return resultReply(request.id, [...this.#streams]);
    if (request.method === "UNSUBSCRIBE") this.#unsubscribe(request.streams);
    else if (!this.subscribe(request.streams)) return tooManySubscriptions(request.id);
    return resultReply(request.id);
  }

  #unsubscribe(streams: readonly string[]): void {
    for (const stream of streams) if (this.#streams.delete(stream)) this.#listener.unsubscribed(this, stream);
  }

  /** Counts an inbound frame; false, and the connection closes, when a second held too many. */
  #admit(): boolean {
    if (!this.isOpen) return false;
    const nowMs = performance.now();
    this.#inboundMs.push(nowMs);
    if (this.#inboundMs.length <= this.#limits.messagesPerSecond) return true;
    if (nowMs - this.#inboundMs.shift()! >= SECOND_MS) return true;
    this.close(POLICY_VIOLATION, "Too many requests");
    return false;
  }

  #onClose(): void {
    this.#unsubscribe([...this.#streams]);
    this.#listener.closed(this);
  }
}

/**
 * Who is connected and who listens to what: it sends a frame to a stream's subscribers, raw or wrapped as their
 * connection asks, and counts what it sent. The counts are the oracle of what a client must have received.
 */
import type { Connection, ConnectionListener } from "./connection.js";

/** Stream frames handed to connections: a frame sent to two connections counts twice. Injected frames count. */
export interface SentFrames {
  readonly total: number;
  readonly byStream: Readonly<Record<string, number>>;
}

export class Broadcast implements ConnectionListener {
  readonly connections = new Set<Connection>();
  readonly #onSubscription: () => void;
  readonly #subscribers = new Map<string, Set<Connection>>();
  readonly #sentByStream: Record<string, number> = {};
  #sentTotal = 0;

  /** `onSubscription` is called at every subscription. */
  constructor(onSubscription: () => void) {
    this.#onSubscription = onSubscription;
  }

  /** A copy of the counts. */
  get sent(): SentFrames {
    return { total: this.#sentTotal, byStream: { ...this.#sentByStream } };
  }

  /** Sends a payload to every open connection that is subscribed to the stream. */
  publish(stream: string, text: string): void {
    const connections = this.#subscribers.get(stream);
    if (!connections) return;
    let raw: Buffer | undefined;
    let wrapped: Buffer | undefined;
    for (const connection of connections) {
      if (!connection.isOpen) continue;
      connection.send(connection.combined ? (wrapped ??= wrap(stream, text)) : (raw ??= Buffer.from(text)));
      this.#count(stream);
    }
  }

  subscribed(connection: Connection, stream: string): void {
    let connections = this.#subscribers.get(stream);
    if (!connections) this.#subscribers.set(stream, (connections = new Set()));
    connections.add(connection);
    this.#onSubscription();
  }

  unsubscribed(connection: Connection, stream: string): void {
    const connections = this.#subscribers.get(stream);
    connections?.delete(connection);
    if (connections?.size === 0) this.#subscribers.delete(stream);
  }

  closed(connection: Connection): void {
    this.connections.delete(connection);
  }

  #count(stream: string): void {
    this.#sentTotal++;
    this.#sentByStream[stream] = (this.#sentByStream[stream] ?? 0) + 1;
  }
}

function wrap(stream: string, text: string): Buffer {
  return Buffer.from(`{"stream":"${stream}","data":${text}}`);
}

/**
 * A client of the stream, for Node and browsers: decoded frames in order, a word wherever something is missing, and a
 * new connection after a broken one, whose first frames are a fresh picture. It only reads.
 */
import { decodeFrame, NO_NAMES, namesFrom, StreamFormatError } from "./decode.js";
import type { Frame } from "./frames.js";
import type { RunNames } from "./message-fields.js";
import { BINARY_PROTOCOL, type Form, JSON_PROTOCOL } from "./protocol.js";
import { maskOf, TOPICS, type TopicName } from "./topics.js";

export { StreamFormatError } from "./decode.js";
export type { Frame } from "./frames.js";
export type { TopicName } from "./topics.js";

/** Events that may wait for a consumer; one that is later than that has failed. */
const QUEUE_MAX = 65_536;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 10_000;

export interface ConnectOptions {
  /** Without a wish: all. */
  readonly topics?: readonly TopicName[];
  readonly format?: Form;
  /** Ends the client when aborted. */
  readonly signal?: AbortSignal;
  /** Failures in a row before it gives up while it has never been connected; 1 without a wish. */
  readonly attemptsMax?: number;
  /** The same after it has been connected; without a wish it never gives up. */
  readonly reconnectsMax?: number;
}

export type StreamEvent =
  | { readonly kind: "connected" }
  | { readonly kind: "frame"; readonly frame: Frame }
  /** The picture of these topics is complete; the numbers are those of their newest frames. */
  | { readonly kind: "subscribed"; readonly topics: Readonly<Record<string, number>> }
  /** Frames of a topic are missing before the next one. */
  | { readonly kind: "gap"; readonly topic: TopicName; readonly expected: number; readonly received: number }
  /** The server itself missed records of the engine's log. */
  | { readonly kind: "lost"; readonly fromSequence: number; readonly toSequence: number; readonly lostBytes: number }
  /** The server did not understand a message. */
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "disconnected"; readonly code: number; readonly reason: string; readonly retryMs: number };

/** No connection could be made, or none again. */
export class StreamUnreachableError extends Error {
  override readonly name = "StreamUnreachableError";
}

/**
 * Starts connecting. Iterate over the client to get its events; leaving the loop closes it. Throws for an unknown
 * topic.
 */
export function connect(url: string, options: ConnectOptions = {}): StreamClient {
  return new StreamClient(url, options);
}

interface Ending {
  readonly opened: boolean;
  readonly code: number;
  readonly reason: string;
}

export class StreamClient implements AsyncIterable<StreamEvent> {
  private readonly url: string;
  private readonly options: ConnectOptions;
  private readonly topics: Set<TopicName>;
  private readonly queue: StreamEvent[] = [];
  private readonly expected: (number | undefined)[] = [];
  private names: RunNames = NO_NAMES;
  private socket: WebSocket | null = null;
  private closed = false;
  private failure: Error | null = null;
  private wake: () => void = () => {};
  private wakeRetry: () => void = () => {};

  constructor(url: string, options: ConnectOptions) {
    const topics = options.topics ?? TOPICS;
    const mask = maskOf(topics);
    if (typeof mask === "string") throw new RangeError(mask);
    this.url = url;
    this.options = options;
    this.topics = new Set(topics);
    if (options.signal?.aborted) this.closed = true;
    options.signal?.addEventListener("abort", () => this.close(), { once: true });
    void this.stayConnected().catch((error: unknown) =>
      this.fail(error instanceof Error ? error : new Error(String(error))),
    );
  }

  subscribe(topics: readonly TopicName[]): void {
    for (const topic of topics) this.topics.add(topic);
    this.request({ subscribe: topics });
  }

  unsubscribe(topics: readonly TopicName[]): void {
    for (const topic of topics) this.topics.delete(topic);
    this.request({ unsubscribe: topics });
  }

  /** Ends the connection and, once what has arrived is consumed, the iteration. */
  close(): void {
    this.closed = true;
    this.socket?.close();
    this.wakeRetry();
    this.wake();
  }

  /** Throws a StreamUnreachableError when it gives up, a StreamFormatError for frames it cannot read. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamEvent, void, undefined> {
    try {
      for (;;) {
        yield* this.queue.splice(0);
        if (this.queue.length > 0) continue;
        if (this.failure !== null) throw this.failure;
        if (this.closed) return;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      this.close();
    }
  }

  private async stayConnected(): Promise<void> {
    const { attemptsMax = 1, reconnectsMax = Number.POSITIVE_INFINITY } = this.options;
    const Socket = await socketClass();
    let failures = 0;
    let everOpened = false;
    while (!this.closed) {
      const { opened, code, reason } = await this.session(Socket);
      if (this.closed) return;
      everOpened ||= opened;
      failures = opened ? 0 : failures + 1;
      if (!opened && failures >= (everOpened ? reconnectsMax : attemptsMax)) {
        this.giveUp(failures);
        return;
      }
      const retryMs = backoffMs(failures);
      this.push({ kind: "disconnected", code, reason, retryMs });
      await this.pause(retryMs);
    }
  }

  /** One connection, from its first byte to its end. */
  private session(Socket: typeof WebSocket): Promise<Ending> {
    const protocol = this.options.format === "json" ? JSON_PROTOCOL : BINARY_PROTOCOL;
    const socket = new Socket(`${this.url}?topics=${[...this.topics].join(",")}`, [protocol]);
    let opened = false;
    this.socket = socket;
    this.expected.length = 0;
    this.names = NO_NAMES;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      opened = true;
      if (this.closed) socket.close();
      else this.push({ kind: "connected" });
    });
    socket.addEventListener("message", ({ data }) => this.onMessage(data as string | ArrayBuffer));
    // The close that follows an error says all that a page may know.
    socket.addEventListener("error", () => {});
    return new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => resolve({ opened, code, reason }));
    });
  }

  private onMessage(data: string | ArrayBuffer): void {
    if (this.closed) return;
    try {
      if (typeof data === "string") this.onText(JSON.parse(data));
      else this.onFrame(decodeFrame(new Uint8Array(data), this.names));
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private onText(message: Frame | { type: string; topics?: Record<string, number> }): void {
    if ("topic" in message) this.onFrame(message as Frame);
    else this.onNotice(message);
  }

  private onNotice(message: { type: string; topics?: Record<string, number> }): void {
    const { type, ...rest } = message;
    if (type === "subscribed") {
      for (const [topic, seq] of Object.entries(message.topics ?? {}))
        this.expected[TOPICS.indexOf(topic as TopicName)] = seq + 1;
    }
    if (type === "subscribed" || type === "lost" || type === "error") this.push({ kind: type, ...rest } as StreamEvent);
  }

  private onFrame(frame: Frame): void {
    this.names = namesFrom(frame) ?? this.names;
    const topic = TOPICS.indexOf(frame.topic as TopicName);
    if (topic < 0) throw new StreamFormatError(`a frame of topic ${String(frame.topic)}`);
    const expected = this.expected[topic];
    if (!frame.snapshot && expected !== undefined && frame.seq !== expected) {
      this.push({ kind: "gap", topic: TOPICS[topic], expected, received: frame.seq });
    }
    this.expected[topic] = frame.seq + 1;
    this.push({ kind: "frame", frame });
  }

  private push(event: StreamEvent): void {
    if (this.queue.length >= QUEUE_MAX) {
      this.fail(new Error(`${QUEUE_MAX} events wait for the consumer: read faster, or subscribe to fewer topics`));
      return;
    }
    this.queue.push(event);
    this.wake();
  }

  private request(message: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private giveUp(failures: number): void {
    this.fail(
      new StreamUnreachableError(
        `no stream at ${this.url} after ${failures} ${failures === 1 ? "attempt" : "attempts"}`,
      ),
    );
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.close();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeRetry = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.closed) this.wakeRetry();
    });
  }
}

/** The platform's own, or the package ws where there is none. */
async function socketClass(): Promise<typeof WebSocket> {
  if (typeof globalThis.WebSocket === "function") return globalThis.WebSocket;
  return (await import("ws")).WebSocket as unknown as typeof WebSocket;
}

/** Doubles with every failure in a row; by chance up to a half less, so that clients do not come back all at once. */
function backoffMs(failures: number): number {
  const full = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(failures, 10));
  return Math.round(full * (1 - Math.random() / 2));
}

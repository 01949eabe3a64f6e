/**
 * A plain websocket client for tests of the local venue: it keeps every text it received and waits for facts, never
 * for time. Requests it sends double as fences, since a reply arrives after every frame sent before it.
 */
import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";

export class VenueClient {
  /** Frames of streams, in order of arrival. */
  readonly frames: string[] = [];
  /** Replies to requests, in order of arrival. */
  readonly replies: string[] = [];
  /** Settles with the close code when the connection has ended. */
  readonly closed: Promise<number>;
  readonly socket: WebSocket;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("error", () => {});
    this.socket.on("message", (data) => this.#keep(data.toString()));
  }

  static async connect(url: string, options?: ClientOptions): Promise<VenueClient> {
    const client = new VenueClient(url, options);
    await once(client.socket, "open");
    return client;
  }

  /** Sends a text, or anything else as JSON, and returns the reply's text. */
  async request(message: unknown): Promise<string> {
    const count = this.replies.length + 1;
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
    await this.until(() => this.replies.length >= count);
    return this.replies[count - 1]!;
  }

  /** Waits until every frame sent so far has arrived. */
  async fence(): Promise<void> {
    await this.request({ method: "LIST_SUBSCRIPTIONS", id: 0 });
  }

  /** Waits, message by message, for a fact. Rejects when the connection ends before it holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await Promise.race([
        once(this.socket, "message"),
        this.closed.then((code) => {
          if (!holds()) throw new Error(`the connection ended with ${code}`);
        }),
      ]);
    }
  }

  close(): void {
    this.socket.terminate();
  }

  #keep(text: string): void {
    (/^\{"(result|error)":/.test(text) ? this.replies : this.frames).push(text);
  }
}

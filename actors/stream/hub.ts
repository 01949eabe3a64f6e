/**
 * The clients of the stream and what each is sent: the picture of its topics first, then every change, in order,
 * numbered by topic. A frame is made once for all clients of its form, and only if there is one. A client that does
 * not keep up is closed, never waited for, and the others do not notice.
 */
import { MessageType, Topic } from "../../schemas/index.js";
import type { Gap } from "../ring/broadcast.js";
import type { Hello } from "./admission.js";
import type { ClientSocket } from "./backend.js";
import { readRequest } from "./client-request.js";
import { binaryFrame, type FrameStamp, jsonFrame } from "./frames.js";
import { type RunNames, runNames } from "./message-fields.js";
import { CloseCode, type Form } from "./protocol.js";
import type { StreamRecord } from "./record.js";
import { StreamState } from "./state.js";
import type { StreamRun } from "./text-message.js";
import { includesTopic, NO_TOPIC, namesIn, TOPICS, topicOf } from "./topics.js";

/** After so many messages that are no request a client is closed. */
const BAD_MESSAGES_MAX = 100;
/** How long a client that was closed may take to read the reason, milliseconds. */
const GOODBYE_MS = 5000;

export interface StreamCounts {
  clients: number;
  /** Clients ever. */
  connected: number;
  /** Clients closed because they did not keep up. */
  lagging: number;
  badMessages: number;
  /** Frames and answers handed to sockets. */
  framesSent: number;
  /** Times that records were lost before the stream could read them, and their bytes. */
  losses: number;
  lostBytes: number;
}

export interface StreamClient {
  readonly socket: ClientSocket;
  readonly form: Form;
  /** Topics subscribed. */
  mask: number;
  /** Bytes that may wait: the bound, and the newest picture, which is not its fault. */
  limitBytes: number;
  badMessages: number;
}

/** The part of a gap that clients are told. */
export type Loss = Pick<Gap, "lostBytes" | "fromSequence" | "toSequence">;

interface Run {
  readonly state: StreamState;
  readonly mode: number;
  readonly names: RunNames;
}

/** A frame that waits for the end of the batch. */
interface Pending {
  readonly topic: number;
  readonly binary: Uint8Array<ArrayBuffer> | null;
  readonly json: string | null;
}

export class Hub {
  readonly counts: StreamCounts = {
    clients: 0,
    connected: 0,
    lagging: 0,
    badMessages: 0,
    framesSent: 0,
    losses: 0,
    lostBytes: 0,
  };
  /** Of the newest record published. */
  sequence = 0;
  private readonly clients = new Set<StreamClient>();
  private readonly sequences: number[] = TOPICS.map(() => 0);
  private readonly pending: Pending[] = [];
  /** Topics that any client of a form takes. */
  private readonly wanted: Record<Form, number> = { json: 0, binary: 0 };
  private readonly bufferBytesMax: number;
  private readonly goodbyes = new Set<NodeJS.Timeout>();
  private run: Run | null = null;
  private lastLoss: string | null = null;

  constructor(bufferBytesMax: number) {
    this.bufferBytesMax = bufferBytesMax;
  }

  /** Until a run begins, clients wait: nothing can be named yet. */
  begin(run: StreamRun): void {
    this.run = { state: new StreamState(run), mode: run.mode, names: runNames(run.config) };
    for (const client of this.clients) this.welcome(client);
  }

  /** Takes a record; its frames go out at the next flush. */
  onRecord(record: StreamRecord): void {
    const topic = topicOf(record.type);
    if (topic === NO_TOPIC || this.run === null) return;
    this.sequence = Math.max(this.sequence, record.sequence);
    this.run.state.onRecord(record);
    this.enqueue(topic, record);
  }

  /** Hands everything taken since the last flush to the sockets. */
  flush(): void {
    if (this.pending.length === 0) return;
    try {
      for (const client of this.clients) {
        if (client.mask !== 0) client.socket.cork(() => this.deliver(client));
      }
    } finally {
      this.pending.length = 0;
    }
  }

  /** Records were lost: every topic's numbers jump, so that no client can miss it, and books start over. */
  onLost({ lostBytes, fromSequence, toSequence }: Loss): void {
    this.counts.losses += 1;
    this.counts.lostBytes += lostBytes;
    this.flush();
    this.lastLoss = JSON.stringify({ type: "lost", fromSequence, toSequence, lostBytes });
    const jump = Math.max(1, toSequence - fromSequence);
    for (let topic = 0; topic < TOPICS.length; topic += 1) this.sequences[topic] += jump;
    for (const client of this.clients) this.send(client, this.lastLoss);
    this.run?.state.onLost((book) => this.enqueue(Topic.Book, book));
    this.flush();
  }

  /** Takes a client in; flush before, or it gets frames that its picture holds. `welcome` then shows it the run. */
  onOpen(socket: ClientSocket, { form, mask }: Hello): StreamClient {
    const client: StreamClient = { socket, form, mask, limitBytes: this.bufferBytesMax, badMessages: 0 };
    this.clients.add(client);
    this.counts.connected += 1;
    this.counts.clients = this.clients.size;
    return client;
  }

  onMessage(client: StreamClient, message: string | null, bytes: number): void {
    if (!this.clients.has(client)) return;
    const request = readRequest(message, bytes);
    this.flush();
    if (typeof request === "string") this.onBadMessage(client, request);
    else if (request.action === "subscribe") this.subscribe(client, request.mask);
    else this.unsubscribe(client, request.mask);
  }

  onClose(client: StreamClient): void {
    this.clients.delete(client);
    this.counts.clients = this.clients.size;
    this.sumWanted();
  }

  close(): void {
    for (const timer of this.goodbyes) clearTimeout(timer);
    this.goodbyes.clear();
  }

  /** The run's configuration, then the picture of the client's topics. Does nothing before a run begins. */
  welcome(client: StreamClient): void {
    if (this.run === null) return;
    const { mask } = client;
    const { config } = this.run.state;
    this.sumWanted();
    client.socket.cork(() => {
      this.sendRecord(client, Topic.Status, config);
      if (this.lastLoss !== null) this.send(client, this.lastLoss);
      this.sendPicture(client, mask, mask);
    });
  }

  /** The picture of `added`, then where the numbers of `named` stand: the next frame of a topic has the one after. */
  private sendPicture(client: StreamClient, added: number, named: number): void {
    if (this.run === null) return;
    const { state } = this.run;
    const before = client.socket.bufferedBytes;
    for (let topic = 0; topic < TOPICS.length; topic += 1) {
      if (includesTopic(added, topic)) state.forEach(topic, (record) => this.sendRecord(client, topic, record));
    }
    const topics = Object.fromEntries(namesIn(named).map((name) => [name, this.sequences[TOPICS.indexOf(name)]]));
    this.send(client, JSON.stringify({ type: "subscribed", topics }));
    client.limitBytes = this.bufferBytesMax + Math.max(0, client.socket.bufferedBytes - before);
  }

  private subscribe(client: StreamClient, mask: number): void {
    const added = mask & ~client.mask;
    client.mask |= mask;
    this.sumWanted();
    client.socket.cork(() => this.sendPicture(client, added, mask));
  }

  private unsubscribe(client: StreamClient, mask: number): void {
    client.mask &= ~mask;
    this.sumWanted();
    this.send(client, JSON.stringify({ type: "unsubscribed", topics: namesIn(mask) }));
  }

  private onBadMessage(client: StreamClient, error: string): void {
    this.counts.badMessages += 1;
    client.badMessages += 1;
    this.send(client, JSON.stringify({ type: "error", error }));
    if (client.badMessages >= BAD_MESSAGES_MAX) this.dismiss(client, CloseCode.policy, "too many bad messages");
  }

  private enqueue(topic: number, record: StreamRecord): void {
    this.sequences[topic] += 1;
    const { wanted, run } = this;
    const wantsBinary = includesTopic(wanted.binary, topic);
    const wantsJson = includesTopic(wanted.json, topic);
    if (!wantsBinary && !wantsJson) return;
    const stamp = this.stampOf(topic, false);
    this.pending.push({
      topic,
      binary: wantsBinary ? binaryFrame(record, stamp) : null,
      json: wantsJson ? jsonFrame(record, stamp, run!.names) : null,
    });
  }

  private deliver(client: StreamClient): void {
    for (const { topic, binary, json } of this.pending) {
      if (!includesTopic(client.mask, topic)) continue;
      if (client.socket.bufferedBytes > client.limitBytes) {
        this.onLagging(client);
        return;
      }
      this.send(client, (client.form === "json" ? json : binary)!);
    }
  }

  private onLagging(client: StreamClient): void {
    this.counts.lagging += 1;
    this.dismiss(client, CloseCode.lagging, "lagging");
  }

  /** It gets nothing more, and some time to read why. */
  private dismiss(client: StreamClient, code: number, reason: string): void {
    this.onClose(client);
    client.socket.close(code, reason);
    const timer = setTimeout(() => {
      this.goodbyes.delete(timer);
      client.socket.terminate();
    }, GOODBYE_MS).unref();
    this.goodbyes.add(timer);
  }

  private sendRecord(client: StreamClient, topic: number, record: StreamRecord): void {
    const stamp = this.stampOf(topic, true);
    this.send(client, client.form === "json" ? jsonFrame(record, stamp, this.run!.names) : binaryFrame(record, stamp));
  }

  private send(client: StreamClient, frame: string | Uint8Array<ArrayBuffer>): void {
    this.counts.framesSent += 1;
    client.socket.send(frame);
  }

  private stampOf(topic: number, snapshot: boolean): FrameStamp {
    return { topic, topicSequence: this.sequences[topic], mode: this.run!.mode, snapshot };
  }

  private sumWanted(): void {
    this.wanted.json = this.wanted.binary = 0;
    for (const { form, mask } of this.clients) this.wanted[form] |= mask;
  }
}

/** Types whose records the stream takes from the log; the others change nothing that it shows. */
export const isStreamed = (type: number): boolean => type !== MessageType.Status && topicOf(type) !== NO_TOPIC;

/**
 * What a page of the browser's tests runs: the stream's own client in both forms, and bare websockets without it. It
 * keeps what it is told and hands it over; the test judges.
 */
import { ByteBuffer } from "flatbuffers";
import { connect, type StreamEvent } from "../../actors/stream/client.js";
import { type Form, JSON_PROTOCOL } from "../../actors/stream/protocol.js";
import { TOPICS, type TopicName } from "../../actors/stream/topics.js";
import { MessageType } from "../../schemas/generated/sluice/message-type.js";
import { StreamFrame } from "../../schemas/generated/sluice/stream-frame.js";
import { Trade } from "../../schemas/generated/sluice/trade.js";

/** Trades that both sides of a comparison must have been told. */
const TRADES_MIN = 50;

/** A trade as any FlatBuffers reader gives it. */
export interface RawTrade {
  readonly seq: number;
  readonly instrument: number;
  readonly tradeId: number;
  readonly priceTicks: number;
}

/** Follows all topics in both forms until each topic has told one change to both clients, and the trades many. */
export async function follow(url: string): Promise<Record<Form, StreamEvent[]>> {
  const told: Record<Form, StreamEvent[]> = { json: [], binary: [] };
  const common = new Common();
  const clients = { json: connect(url, { format: "json" }), binary: connect(url, { format: "binary" }) };
  const listen = async (form: Form): Promise<void> => {
    for await (const event of clients[form]) {
      told[form].push(event);
      if (event.kind === "frame" && !event.frame.snapshot) common.add(form, event.frame.topic, event.frame.seq);
      if (TOPICS.every((topic) => common.count(topic) >= (topic === "trades" ? TRADES_MIN : 1))) {
        clients.json.close();
        clients.binary.close();
      }
    }
  };
  await Promise.all([listen("json"), listen("binary")]);
  return told;
}

/** The trades of two bare websockets, one of each form, until both have been told many of the same. */
export async function followBare(url: string): Promise<{ texts: Record<string, unknown>[]; trades: RawTrade[] }> {
  const json = new WebSocket(`${url}?topics=trades`, [JSON_PROTOCOL]);
  const plain = new WebSocket(`${url}?topics=trades`);
  plain.binaryType = "arraybuffer";
  const texts: Record<string, unknown>[] = [];
  const trades: RawTrade[] = [];
  const common = new Common();
  await new Promise<void>((resolve, reject) => {
    const check = (): void => {
      if (common.count("trades") >= TRADES_MIN) resolve();
    };
    json.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      texts.push(message);
      if (message.type === "trade" && !message.snapshot) common.add("json", "trades", message.seq);
      check();
    };
    plain.onmessage = ({ data }) => {
      const trade = typeof data === "string" ? null : readTrade(data);
      if (trade === null) return;
      trades.push(trade);
      common.add("binary", "trades", trade.seq);
      check();
    };
    json.onclose = plain.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
  });
  json.close();
  plain.close();
  return { texts, trades };
}

/** What comes first of a connection: "connected", or why there is none. */
export async function attempt(url: string): Promise<string> {
  try {
    for await (const event of connect(url)) return event.kind;
    return "ended";
  } catch (error) {
    return String(error);
  }
}

/** Counts the changes of each topic that both forms have told, by their numbers. */
class Common {
  private readonly seen: Record<Form, Set<string>> = { json: new Set(), binary: new Set() };
  private readonly counts: Record<string, number> = {};

  add(form: Form, topic: string, seq: number): void {
    const key = `${topic} ${seq}`;
    this.seen[form].add(key);
    const other = form === "json" ? "binary" : "json";
    if (this.seen[other].has(key)) this.counts[topic] = this.count(topic as TopicName) + 1;
  }

  count(topic: TopicName): number {
    return this.counts[topic] ?? 0;
  }
}

/** A trade that is a change; null for any other frame. */
function readTrade(data: ArrayBuffer): RawTrade | null {
  const frame = StreamFrame.getRootAsStreamFrame(new ByteBuffer(new Uint8Array(data)));
  const head = frame.body()!;
  if (head.type() !== MessageType.Trade || head.snapshot()) return null;
  const trade = Trade.getRootAsTrade(new ByteBuffer(frame.payloadArray()!)).body()!;
  return {
    seq: head.topicSequence(),
    instrument: trade.instrument(),
    tradeId: trade.tradeId(),
    priceTicks: trade.priceTicks(),
  };
}

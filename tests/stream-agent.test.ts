/** How the engine's log reaches the stream: every record of a topic in order, and an exact word when some were lost. */
import { afterEach, expect, test } from "vitest";
import { BroadcastReader } from "../actors/ring/broadcast.js";
import { NONE } from "../actors/ring/layout.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import type { RecordCopy } from "../actors/stream/record.js";
import type { StreamServer } from "../actors/stream/server.js";
import { StreamAgent } from "../actors/stream/stream-agent.js";
import { MessageType, OrderStatus } from "../schemas/index.js";
import { closeAll, Listener, RecordMaker, run, testStream } from "./support/stream.js";

const identity = { schemaHash: 1, buildHash: 2 };
const CAPACITY = 16 * 1024;
const streams: StreamServer[] = [];
const listeners: Listener[] = [];

afterEach(() => closeAll(listeners, streams));

test("every record of a topic goes from the log to the client, in order and once", async () => {
  const { agent, append, listen, maker } = await started();
  const client = await listen();
  const sent: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    for (const record of maker.oneOfEach()) {
      append(record);
      sent.push(record.sequence);
    }
    append(maker.make(MessageType.Clock, 24, () => {}));
    expect(agent.work()).toBe(17);
  }
  expect(agent.work()).toBe(0);
  await client.until(() => client.frames.length === 1 + sent.length);
  expect(client.frames.slice(1).map(({ sequence }) => sequence)).toEqual(sent);
});

test("a batch is bounded, so sockets and timers get their turn", async () => {
  const { agent, append, maker } = await started(1 << 20);
  for (let id = 0; id < 300; id += 1) append(maker.trade(id));
  expect([agent.work(), agent.work(), agent.work()]).toEqual([256, 44, 0]);
});

test("a lapped agent tells exactly which inputs and bytes it lost, and its clients see every topic jump", async () => {
  const { agent, append, listen, maker, stream } = await started();
  const client = await listen();
  append(maker.trade(1));
  agent.work();
  const before = maker.sequence;
  let lostBytes = 0;
  for (let id = 0; id < 1000; id += 1) lostBytes += append(maker.trade(100 + id));
  expect(agent.work()).toBe(0);
  append(maker.trade(2));
  agent.work();
  await client.until(() => client.frames.at(-1)?.tradeId === 2);
  const toSequence = maker.sequence;
  const told = { type: "lost", fromSequence: before, toSequence, lostBytes };
  expect(client.notices("lost")).toEqual([told]);
  expect(stream.counts).toMatchObject({ losses: 1, lostBytes });
  const trades = client.frames.filter(({ topic }) => topic === "trades");
  expect(trades.map(({ seq, tradeId }) => [seq, tradeId])).toEqual([
    [1, 1],
    [1 + (toSequence - before) + 1, 2],
  ]);
});

test("an order whose end was lost is shown until its place in the engine's table is taken", async () => {
  const { agent, append, listen, maker } = await started();
  append(maker.order(5, OrderStatus.Accepted));
  append(maker.order(6, OrderStatus.Accepted));
  append(maker.order(5 + 16_384, OrderStatus.Submitted));
  agent.work();
  const client = await listen();
  expect(client.frames.filter(({ topic }) => topic === "orders").map(({ orderId }) => orderId)).toEqual([
    6,
    5 + 16_384,
  ]);
});

async function started(capacity = CAPACITY) {
  const views = sharedViewsOf(new SharedArrayBuffer(LogRing.bytesFor(capacity)));
  LogRing.create(views, 0, { capacity, identity, readers: 0 });
  const writer = LogWriter.join(views, 0, identity);
  const reader = BroadcastReader.join(views, 0, identity);
  const stream = await testStream(undefined);
  streams.push(stream);
  stream.begin(run);
  /** Appends and publishes a record; returns how far it moved the log. */
  const append = ({ type, sequence, timeUs, bytes, views: { u8 } }: RecordCopy): number => {
    const before = writer.position;
    const at = writer.claim(type, 0, sequence, timeUs, bytes);
    expect(at).not.toBe(NONE);
    views.u8.set(u8.subarray(0, bytes), at);
    writer.commit();
    writer.publish();
    return (writer.position - before) | 0;
  };
  const listen = (): Promise<Listener> => {
    const listener = new Listener(stream.streamUrl, "sluice.json");
    listeners.push(listener);
    return listener.subscribed();
  };
  return { agent: new StreamAgent(reader, stream), append, listen, stream, maker: new RecordMaker() };
}

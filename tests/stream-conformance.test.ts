/** What the stream promises its clients, over real sockets, held by both websocket servers it can run on. */
import { once } from "node:events";
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { BackendName } from "../actors/stream/backend.js";
import { decodeFrame } from "../actors/stream/decode.js";
import { runNames } from "../actors/stream/message-fields.js";
import type { StreamOptions, StreamServer } from "../actors/stream/server.js";
import { TOPICS } from "../actors/stream/topics.js";
import { FeedReason, FeedState, MessageType, OrderStatus } from "../schemas/index.js";
import { closeAll, feed, type Json, Listener, RecordMaker, run, testStream } from "./support/stream.js";

const streams: StreamServer[] = [];
const listeners: Listener[] = [];
const tcp: Socket[] = [];

afterEach(async () => {
  for (const socket of tcp.splice(0)) socket.destroy();
  await closeAll(listeners, streams);
});

describe.each<BackendName>(["uws", "ws"])("on %s", (backend) => {
  test("a client sees the whole picture, then every change, numbered without a gap", async () => {
    const { stream, maker } = await started();
    feed(stream, maker.oneOfEach());
    stream.publishStatus();
    const client = await listen(stream, "sluice.json").subscribed();
    feed(stream, maker.oneOfEach());
    stream.publishStatus();
    await client.until(() => client.frames.at(-1)?.type === "status" && client.frames.at(-1)?.snapshot === undefined);

    expect(client.frames[0]).toMatchObject({
      topic: "status",
      type: "config",
      snapshot: true,
      mode: "paper",
      epoch: 3,
      config: run.config,
    });
    const { topics } = client.notices("subscribed")[0] as { topics: Record<string, number> };
    expect(Object.keys(topics)).toEqual([...TOPICS]);
    for (const topic of TOPICS) {
      const frames = client.frames.filter((frame) => frame.topic === topic);
      const picture = frames.filter((frame) => frame.snapshot);
      const changes = frames.filter((frame) => !frame.snapshot);
      expect(picture.every((frame) => frame.seq === topics[topic])).toBe(true);
      expect(changes.map((frame) => frame.seq)).toEqual(changes.map((_, index) => topics[topic] + 1 + index));
      expect(changes.length).toBe(topics[topic]);
    }
  });

  test("the picture has books, quotes, working orders, positions, recent trades and fills, and status", async () => {
    const { stream, maker } = await started();
    feed(stream, maker.oneOfEach());
    stream.publishStatus();
    const client = await listen(stream, "sluice.json").subscribed();
    const picture = (type: string) => client.frames.filter((frame) => frame.type === type && frame.snapshot);
    expect(picture("book-snapshot")).toMatchObject([
      {
        instrument: "BTC/USDT.BINANCE",
        bids: [
          ["61685.99", "0.00100"],
          ["61685.98", "0.00044"],
        ],
        asks: [
          ["61686.00", "0.00005"],
          ["61686.01", "90071.99254"],
          ["61686.50", "0.00012"],
        ],
        lastUpdateId: 1001,
        first: true,
        last: true,
      },
    ]);
    expect(picture("quote").map(({ instrument }) => instrument)).toEqual(["BTC/USDT.BINANCE", "ETH/USDT.BINANCE"]);
    expect(picture("order-event")).toMatchObject([
      {
        orderId: 7,
        status: "partially-filled",
        side: "sell",
        strategy: "market-maker",
        qty: "0.03000",
        filledQty: "0.01000",
        price: "61680.00",
      },
    ]);
    expect(picture("position")).toMatchObject([
      { position: "0.0000" },
      { position: "-0.03000", realised: "-4.18000001" },
    ]);
    expect(picture("trade").map(({ tradeId }) => tradeId)).toEqual([11, 12]);
    expect(picture("fill")).toMatchObject([
      { tradeId: 501, fee: "0.00185058", realised: "-4.18000001", liquidity: "maker" },
    ]);
    expect(picture("feed-status")).toMatchObject([{ state: "live", reason: "joined" }]);
    expect(picture("trading-state-event")).toMatchObject([
      { state: "halted", previous: "active", reason: "daily-loss" },
    ]);
    expect(picture("strategy-log")).toMatchObject([
      { strategy: "ema-cross", level: "warn", text: "spread is 0.01 wide – “narrow”" },
    ]);
    expect(picture("status")).toMatchObject([{ status: { state: "active", orders: 14 } }]);
  });

  test("the picture keeps fifty trades, and a hundred levels a side", async () => {
    const { stream, maker } = await started();
    feed(
      stream,
      Array.from({ length: 60 }, (_, index) => maker.trade(index)),
    );
    const bids = Array.from({ length: 130 }, (_, index): [number, number] => [5000 - index, 1 + index]);
    const asks = Array.from({ length: 130 }, (_, index): [number, number] => [5001 + index, 1 + index]);
    feed(stream, [maker.bookSnapshot(bids, asks)]);
    const client = await listen(stream, "sluice.json", "trades,book").subscribed();
    const trades = client.frames.filter(({ type }) => type === "trade");
    expect(trades.map(({ tradeId }) => tradeId)).toEqual(Array.from({ length: 50 }, (_, index) => index + 10));
    const [book] = client.frames.filter(({ type }) => type === "book-snapshot") as {
      bids: string[][];
      asks: string[][];
    }[];
    expect([book.bids.length, book.asks.length]).toEqual([100, 100]);
    expect([book.bids[99], book.asks[99]]).toEqual([
      ["49.01", "0.00100"],
      ["51.00", "0.00100"],
    ]);
  });

  test("a feed that is empty has no book in the picture", async () => {
    const { stream, maker } = await started();
    feed(stream, [
      maker.bookSnapshot([[10, 1]], [[11, 1]]),
      maker.feedStatus(FeedState.Empty, FeedReason.Disconnected),
    ]);
    const client = await listen(stream, "sluice.json", "book").subscribed();
    expect(client.frames.map(({ type }) => type)).toEqual(["config"]);
  });

  test("binary and JSON clients are told the same, value for value", async () => {
    const { stream, maker } = await started();
    feed(stream, maker.oneOfEach());
    stream.publishStatus();
    const json = await listen(stream, "sluice.json").subscribed();
    const binary = await listen(stream, "sluice.flatbuffers").subscribed();
    const plain = await listen(stream).subscribed();
    feed(stream, maker.oneOfEach());
    stream.publishStatus();
    const last = (await json.until(() => json.frames.at(-1)?.type === "status" && !json.frames.at(-1)?.snapshot)).frames
      .length;
    await binary.until(() => binary.binaries.length === last);
    await plain.until(() => plain.binaries.length === last);
    const decoded = binary.binaries.map((bytes) => decodeFrame(bytes, runNames(run.config)));
    expect(decoded).toEqual(json.frames);
    expect(plain.binaries).toEqual(binary.binaries);
    expect(json.binaries).toEqual([]);
    expect([json, binary, plain].map(({ socket }) => socket.protocol)).toEqual([
      "sluice.json",
      "sluice.flatbuffers",
      "",
    ]);
  });

  test("a client gets the topics it named, more when it subscribes, less when it unsubscribes", async () => {
    const { stream, maker } = await started();
    feed(stream, [maker.trade(1), maker.trade(2), maker.fill(1)]);
    const client = await listen(stream, "sluice.json", "fills").subscribed();
    expect(client.frames.map(({ type }) => type)).toEqual(["config", "fill"]);

    client.send({ subscribe: ["trades"] });
    await client.subscribed(2);
    expect(client.notices("subscribed")[1]).toEqual({ type: "subscribed", topics: { trades: 2 } });
    feed(stream, [maker.trade(3), maker.quote(9), maker.fill(2)]);
    await client.until(() => client.frames.length === 6);
    expect(client.frames.slice(2).map(({ topic, seq, snapshot }) => [topic, seq, snapshot])).toEqual([
      ["trades", 2, true],
      ["trades", 2, true],
      ["trades", 3, undefined],
      ["fills", 2, undefined],
    ]);

    client.send({ unsubscribe: ["trades"] });
    await client.until(() => client.notices("unsubscribed").length === 1);
    feed(stream, [maker.trade(4), maker.fill(3)]);
    await client.until(() => client.frames.length === 7);
    expect(client.frames.at(-1)).toMatchObject({ topic: "fills", seq: 3 });
  });

  test("a client that comes in the middle of a batch sees its records once", async () => {
    const { stream, maker } = await started();
    const first = await listen(stream, "sluice.json", "trades").subscribed();
    stream.onRecord(maker.trade(1));
    const second = await listen(stream, "sluice.json", "trades").subscribed();
    stream.onRecord(maker.trade(2));
    stream.flush();
    for (const client of [first, second]) await client.until(() => client.frames.length === 3);
    const seen = (client: Listener) =>
      client.frames.slice(1).map(({ tradeId, seq, snapshot }) => [tradeId, seq, snapshot]);
    expect(seen(first)).toEqual([
      [1, 1, undefined],
      [2, 2, undefined],
    ]);
    expect(seen(second)).toEqual([
      [1, 1, true],
      [2, 2, undefined],
    ]);
  });

  test("subscribing again to a topic repeats no picture", async () => {
    const { stream, maker } = await started();
    feed(stream, [maker.trade(1)]);
    const client = await listen(stream, "sluice.json", "trades").subscribed();
    client.send({ subscribe: ["trades"] });
    await client.subscribed(2);
    expect(client.frames.map(({ type }) => type)).toEqual(["config", "trade"]);
  });

  test.each<[string, unknown, RegExp]>([
    ["no JSON", "{", /JSON object/],
    ["not an object", [1], /not a request/],
    ["null", "null", /JSON object/],
    ["an order", { submit: { side: "buy" } }, /not a request/],
    ["two actions", { subscribe: ["trades"], unsubscribe: [] }, /not a request/],
    ["no list", { subscribe: "trades" }, /list of topics/],
    [
      "an unknown topic",
      { subscribe: ["trades", "tirades"] },
      /unknown topic "tirades": topics are trades, quotes, book/,
    ],
    ["a topic that is no name", { subscribe: [{}] }, /unknown topic of type object/],
    ["binary", new Uint8Array([1, 2, 3]), /was binary/],
    ["more than 1 KiB", { subscribe: ["x".repeat(1100)] }, /at most 1024 bytes \(was 11/],
  ])("a message that is %s is answered with an error and counted", async (_, message, words) => {
    const { stream, maker } = await started();
    const client = await listen(stream, "sluice.json", "trades").subscribed();
    client.send(message);
    await client.until(() => client.notices("error").length === 1);
    expect(client.notices("error")[0].error).toMatch(words);
    expect(stream.counts.badMessages).toBe(1);
    feed(stream, [maker.trade(1)]);
    await client.until(() => client.frames.at(-1)?.type === "trade");
  });

  test("a client that keeps sending nonsense is closed", async () => {
    const { stream } = await started();
    const client = await listen(stream, "sluice.json", "trades").subscribed();
    for (let index = 0; index < 100; index += 1) client.send("?");
    await client.until(() => client.closed !== null);
    expect(client.closed).toEqual({ code: 1008, reason: "too many bad messages" });
    expect(stream.counts).toMatchObject({ badMessages: 100, clients: 0 });
  });

  test("a message past the transport's limit ends its own connection and no other", async () => {
    const { stream, maker } = await started();
    const rude = await listen(stream, "sluice.json", "trades").subscribed();
    const polite = await listen(stream, "sluice.json", "trades").subscribed();
    rude.send("x".repeat(64 * 1024));
    await rude.until(() => rude.closed !== null);
    feed(stream, [maker.trade(1)]);
    await polite.until(() => polite.frames.at(-1)?.type === "trade");
    expect(stream.counts.clients).toBe(1);
  });

  test("a client that does not read is closed as lagging, while another gets every frame in order", async () => {
    const { stream, maker } = await started({ bufferBytesMax: 64 * 1024 });
    const slow = await deaf(stream);
    const quick = await listen(stream, "sluice.flatbuffers", "book").subscribed();
    const levels = Array.from({ length: 250 }, (_, index): [number, number] => [1000 + index, 1]);
    let sent = 0;
    while (stream.counts.lagging === 0 && sent < 20_000) {
      feed(stream, [maker.bookDelta(sent, levels, [])]);
      sent += 1;
      await quick.until(() => quick.binaries.length === sent + 1);
    }
    feed(stream, [maker.bookDelta(sent, levels, [])]);
    await quick.until(() => quick.binaries.length === sent + 2);
    const sequences = quick.binaries.slice(1).map((bytes) => decodeFrame(bytes, runNames(run.config)).seq);
    expect(sequences).toEqual(Array.from({ length: sent + 1 }, (_, index) => index + 1));
    expect(stream.counts).toMatchObject({ lagging: 1, clients: 1 });

    slow.resume();
    const received: Buffer[] = [];
    slow.on("data", (chunk: Buffer) => received.push(chunk));
    const ending = () => Buffer.concat(received).subarray(-9).toString("latin1");
    while (ending() !== "\x03\xf5lagging") await once(slow, "data");
  });

  test("pages from elsewhere are refused, local pages and programs are not", async () => {
    const { stream } = await started();
    const from = (origin: string) => add(new Listener(stream.streamUrl, "sluice.json", { origin }));
    for (const origin of ["https://example.com", "null", "http://127.0.0.1.example.com", "http://localhost.evil:80"]) {
      const refused = from(origin);
      const [, response] = await once(refused.socket, "unexpected-response");
      expect(response.statusCode).toBe(403);
      response.resume();
    }
    for (const origin of ["http://127.0.0.1:8787", "http://localhost:3000", "http://[::1]:8787"])
      await from(origin).subscribed();
  });

  test("an unknown topic or subprotocol in the address is refused with the list", async () => {
    const { stream } = await started();
    const topics = add(new Listener(`${stream.streamUrl}?topics=trades,tirades`));
    expect(await refusal(topics)).toEqual({
      status: 400,
      error: 'unknown topic "tirades": topics are trades, quotes, book, orders, fills, positions, status',
    });
    const protocol = add(new Listener(stream.streamUrl, "soap"));
    expect(await refusal(protocol)).toEqual({
      status: 400,
      error: "subprotocol must be sluice.json or sluice.flatbuffers (was soap)",
    });
  });

  test("plain HTTP says what there is, and whether the engine lives and is warm", async () => {
    let warm = false;
    const { stream } = await started({ isReady: () => warm });
    const get = async (path: string, method = "GET") => {
      const response = await fetch(stream.httpUrl + path, { method });
      return [response.status, await response.text()] as const;
    };
    expect(await get("/health")).toEqual([200, '{"status":"alive"}\n']);
    expect(await get("/ready")).toEqual([503, '{"status":"warming up"}\n']);
    warm = true;
    expect(await get("/ready")).toEqual([200, '{"status":"ready"}\n']);
    const [status, page] = await get("/");
    expect(status).toBe(200);
    for (const word of ["/stream", "/health", "/ready", "trades, quotes"]) expect(page).toContain(word);
    expect(await get("/admin")).toEqual([404, '{"error":"there is no /admin here: see /"}\n']);
    expect((await get("/health", "POST"))[0]).toBe(405);
    expect((await get("/stream"))[0]).toBe(426);
  });

  test("a port in use is named, with the remedy, whoever holds it", async () => {
    const { stream } = await started();
    const words = `port ${stream.port} of 127.0.0.1 is in use: choose another with --port, or --port 0 for a free one`;
    await expect(testStream(backend, { port: stream.port })).rejects.toThrow(words);
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(testStream(backend, { port })).rejects.toThrow(`port ${port} of 127.0.0.1 is in use`);
    other.close();
  });

  test("a closed stream says goodbye and frees its port", async () => {
    const { stream } = await started();
    const client = await listen(stream, "sluice.json", "trades").subscribed();
    await stream.close();
    await client.until(() => client.closed !== null);
    expect(client.closed).toEqual({ code: 1001, reason: "the server stops" });
    streams.splice(0);
    streams.push(await testStream(backend, { port: stream.port }));
  });

  test("a client that comes before the run begins waits for it", async () => {
    const stream = await testStream(backend);
    streams.push(stream);
    const client = listen(stream, "sluice.json", "trades");
    await once(client.socket, "open");
    const maker = new RecordMaker();
    feed(stream, [maker.trade(1)]);
    stream.begin(run);
    feed(stream, [maker.trade(2)]);
    await client.until(() => client.frames.length === 2);
    expect(client.frames).toMatchObject([{ type: "config" }, { type: "trade", tradeId: 2, seq: 1 }]);
  });

  test("after a loss every topic's numbers jump, books start over, and later clients are told too", async () => {
    const { stream, maker } = await started();
    feed(stream, [maker.bookSnapshot([[10, 1]], [[11, 1]]), maker.trade(1), maker.order(1, OrderStatus.Accepted)]);
    const client = await listen(stream, "sluice.json", "trades,book,quotes").subscribed();
    const lost = { lostBytes: 4096, fromSequence: 4, toSequence: 104 };
    stream.onLost(lost);
    feed(stream, [maker.trade(2)]);
    await client.until(() => client.frames.at(-1)?.tradeId === 2);
    expect(client.notices("lost")).toEqual([{ type: "lost", ...lost }]);
    const changes = client.frames.filter((frame) => !frame.snapshot);
    expect(changes).toMatchObject([
      { type: "book-snapshot", instrument: "BTC/USDT.BINANCE", bids: [], asks: [], seq: 102, first: true, last: true },
      { type: "book-snapshot", instrument: "ETH/USDT.BINANCE", bids: [], asks: [], seq: 103 },
      { type: "trade", seq: 102 },
    ]);
    expect(stream.counts).toMatchObject({ losses: 1, lostBytes: 4096 });
    const later = await listen(stream, "sluice.json", "book").subscribed();
    expect(later.notices("lost")).toEqual([{ type: "lost", ...lost }]);
    expect(later.frames.map(({ type }) => type)).toEqual(["config"]);
  });

  test("frames of one batch arrive in the order of the log", async () => {
    const { stream, maker } = await started();
    const client = await listen(stream, "sluice.json").subscribed();
    const records = Array.from({ length: 300 }, (_, index) => (index % 3 ? maker.trade(index) : maker.quote(index)));
    feed(stream, records);
    await client.until(() => client.frames.length === 301);
    expect(client.frames.slice(1).map(({ sequence }) => sequence)).toEqual(records.map(({ sequence }) => sequence));
  });

  async function started(options: Partial<StreamOptions> = {}) {
    const stream = await testStream(backend, options);
    streams.push(stream);
    expect(stream.backend).toBe(backend);
    stream.begin(run);
    return { stream, maker: new RecordMaker() };
  }
});

test("a message type without a topic is not streamed", async () => {
  const stream = await testStream(undefined);
  streams.push(stream);
  stream.begin(run);
  const client = await listen(stream, "sluice.json").subscribed();
  const maker = new RecordMaker();
  const clock = maker.make(MessageType.Clock, 24, () => {});
  feed(stream, [clock, maker.trade(1)]);
  await client.until(() => client.frames.length === 2);
  expect(client.frames[1]).toMatchObject({ type: "trade", seq: 1 });
});

function listen(stream: StreamServer, protocol?: string, topics?: string): Listener {
  return add(new Listener(stream.streamUrl + (topics === undefined ? "" : `?topics=${topics}`), protocol));
}

function add(listener: Listener): Listener {
  listeners.push(listener);
  return listener;
}

async function refusal(listener: Listener): Promise<Json> {
  const [, response] = await once(listener.socket, "unexpected-response");
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, ...JSON.parse(body) };
}

/** A client of the book that shakes hands and then does not read. */
async function deaf(stream: StreamServer): Promise<Socket> {
  const socket = connectTcp(stream.port, "127.0.0.1");
  tcp.push(socket);
  await once(socket, "connect");
  socket.write(
    "GET /stream?topics=book HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await once(socket, "readable");
  socket.pause();
  return socket;
}

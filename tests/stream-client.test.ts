/** The stream's client, and the command `watch` on it: what a consumer is told, and when and how it ends. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { connect, type StreamClient, type StreamEvent, StreamUnreachableError } from "../actors/stream/client.js";
import { decodeFrame, NO_NAMES, StreamFormatError } from "../actors/stream/decode.js";
import { binaryFrame } from "../actors/stream/frames.js";
import { runNames } from "../actors/stream/message-fields.js";
import type { StreamServer } from "../actors/stream/server.js";
import { configRecord } from "../actors/stream/text-message.js";
import { topicOf } from "../actors/stream/topics.js";
import { runWatch } from "../cli/watch.js";
import { feed, RecordMaker, run, testStream } from "./support/stream.js";

const streams: StreamServer[] = [];
const forged: WebSocketServer[] = [];

afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.close();
  for (const server of forged.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

describe.each(["json", "binary"] as const)("a client in %s", (format) => {
  test("gets the picture, then the changes, without a gap", async () => {
    const { stream, maker } = await started();
    feed(stream, maker.oneOfEach());
    const client = connect(stream.streamUrl, { format });
    const events = await take(client, ({ kind }) => kind === "subscribed", false);
    feed(stream, maker.oneOfEach());
    const more = await take(client, (event) => isFrame(event, "strategy-log"));
    expect(events[0]).toEqual({ kind: "connected" });
    expect(events.filter(({ kind }) => kind === "frame").length).toBeGreaterThan(10);
    expect(more.filter(({ kind }) => kind !== "frame")).toEqual([]);
    expect(more.length).toBe(16);
  });

  test("is told of a gap by topic, and of what the server lost", async () => {
    const { stream, maker } = await started();
    const client = connect(stream.streamUrl, { format, topics: ["trades"] });
    await take(client, ({ kind }) => kind === "subscribed", false);
    stream.onLost({ lostBytes: 800, fromSequence: 1, toSequence: 11 });
    feed(stream, [maker.trade(1), maker.trade(2)]);
    const events = await take(client, (event) => isFrame(event, "trade") && event.frame.tradeId === 2);
    expect(events).toMatchObject([
      { kind: "lost", lostBytes: 800, fromSequence: 1, toSequence: 11 },
      { kind: "gap", topic: "trades", expected: 1, received: 11 },
      { kind: "frame", frame: { tradeId: 1, seq: 11 } },
      { kind: "frame", frame: { tradeId: 2, seq: 12 } },
    ]);
  });

  test("changes its topics while connected", async () => {
    const { stream, maker } = await started();
    const client = connect(stream.streamUrl, { format, topics: ["fills"] });
    await take(client, ({ kind }) => kind === "subscribed", false);
    client.subscribe(["trades"]);
    await take(client, ({ kind }) => kind === "subscribed", false);
    feed(stream, [maker.trade(1), maker.quote(1), maker.fill(1)]);
    const events = await take(client, (event) => isFrame(event, "fill"));
    expect(events.map((event) => event.kind === "frame" && event.frame.type)).toEqual(["trade", "fill"]);
  });
});

test("a client whose server comes back gets a fresh picture without being asked", async () => {
  const { stream, maker } = await started();
  const client = connect(stream.streamUrl, { topics: ["trades"] });
  await take(client, ({ kind }) => kind === "subscribed", false);
  await streams.pop()!.close();
  const ended = await take(client, ({ kind }) => kind === "disconnected", false);
  expect(ended).toMatchObject([{ kind: "disconnected", code: 1001, reason: "the server stops" }]);
  const again = await testStream(undefined, { port: stream.port });
  streams.push(again);
  again.begin(run);
  feed(again, [maker.trade(5)]);
  const events = await take(client, ({ kind }) => kind === "subscribed");
  const frames = events.filter(({ kind }) => kind === "frame");
  expect(frames).toMatchObject([{ frame: { type: "config" } }, { frame: { tradeId: 5, snapshot: true } }]);
  expect(events.some(({ kind }) => kind === "gap")).toBe(false);
});

test("an address that never answers fails at once, naming it", async () => {
  const port = await freePort();
  const client = connect(`ws://127.0.0.1:${port}/stream`);
  const failure = take(client, () => false);
  await expect(failure).rejects.toThrow(StreamUnreachableError);
  await expect(failure).rejects.toThrow(`no stream at ws://127.0.0.1:${port}/stream after 1 attempt`);
});

test("an aborted client ends its iteration, connected or not", async () => {
  const { stream } = await started();
  const abort = new AbortController();
  const client = connect(stream.streamUrl, { signal: abort.signal });
  await take(client, ({ kind }) => kind === "subscribed", false);
  abort.abort();
  expect(await take(client, () => false)).toEqual([]);
  expect(await take(connect(stream.streamUrl, { signal: AbortSignal.abort() }), () => false)).toEqual([]);
});

test("an unknown topic is refused before connecting", () => {
  expect(() => connect("ws://127.0.0.1:1/stream", { topics: ["tirades" as "trades"] })).toThrow(
    /unknown topic "tirades"/,
  );
});

test("a server that sends something else is given up with a clear error", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  forged.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => socket.send(new Uint8Array(64)));
  const { port } = server.address() as { port: number };
  await expect(take(connect(`ws://127.0.0.1:${port}/stream`), () => false)).rejects.toThrow(StreamFormatError);
});

test("a frame that is cut, forged or flipped is decoded or refused, never read out of bounds", () => {
  const names = runNames(run.config);
  const frames = [...new RecordMaker().oneOfEach(), configRecord(run)].map((record) =>
    binaryFrame(record, { topic: topicOf(record.type), topicSequence: 1, mode: 1, snapshot: false }),
  );
  const damage = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(fc.nat(frames.length - 1), fc.nat(600), fc.array(damage, { maxLength: 4 }), (which, cut, damages) => {
      const bytes = frames[which].slice(0, Math.max(0, frames[which].length - (cut > 300 ? 0 : cut)));
      for (const { at, byte } of damages) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      try {
        decodeFrame(bytes, names);
      } catch (error) {
        if (!(error instanceof StreamFormatError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test("a frame before the names are known is refused if it needs them", () => {
  const record = new RecordMaker().trade(1);
  const frame = binaryFrame(record, { topic: 0, topicSequence: 1, mode: 1, snapshot: false });
  expect(() => decodeFrame(frame, NO_NAMES)).toThrow("instrument 0 of 0");
});

describe("watch", () => {
  test("prints a line a frame and ends with 0 when the engine stops", async () => {
    const { stream, maker } = await started();
    feed(stream, maker.oneOfEach());
    const { out, err, exit } = watch({ url: stream.streamUrl });
    await out.until((text) => text.includes("strategy-log") || text.includes("ema-cross warn"));
    await streams.pop()!.close();
    expect(await exit).toBe(0);
    const lines = out.text.trimEnd().split("\n");
    expect(lines[0]).toContain(
      "paper run, epoch 3: instruments BTC/USDT.BINANCE, ETH/USDT.BINANCE; strategies ema-cross, market-maker",
    );
    expect(lines).toContain("06:53:20.007001 · trades     BTC/USDT.BINANCE    buy       61686.10 × 0.01211");
    expect(out.text).toContain(
      "sell      61686.00 × 0.03000      maker  fee 0.00185058  realised -4.18000001  market-maker #7",
    );
    expect(out.text).not.toContain("\u001b");
    expect(err.text).toBe(`sluice: the stream at ${stream.streamUrl} has ended\n`);
  });

  test("with --json prints one object a line and nothing else, and Ctrl-C ends it with 0", async () => {
    const { stream, maker } = await started();
    feed(stream, maker.oneOfEach());
    const abort = new AbortController();
    const { out, err, exit } = watch({
      url: stream.streamUrl,
      topics: ["trades", "fills"],
      json: true,
      signal: abort.signal,
    });
    await out.until((text) => text.split("\n").length > 4);
    abort.abort();
    expect(await exit).toBe(0);
    const types = out.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual(["config", "trade", "trade", "fill"]);
    expect(err.text).toBe("");
  });

  test("colours sides on a terminal, and never with NO_COLOR", async () => {
    const { stream, maker } = await started();
    feed(stream, [maker.trade(1)]);
    const sides = async (noColour: string | undefined): Promise<boolean> => {
      const before = process.env.NO_COLOR;
      if (noColour === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = noColour;
      const abort = new AbortController();
      const { out, exit } = watch({ url: stream.streamUrl, topics: ["trades"], signal: abort.signal }, true);
      if (before === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = before;
      await out.until((text) => text.includes("61686.00"));
      abort.abort();
      await exit;
      return out.text.includes("\u001b[32mbuy \u001b[39m");
    };
    expect([await sides(undefined), await sides("1")]).toEqual([true, false]);
  });

  test("does not let a log line steer the terminal", async () => {
    const { stream, maker } = await started();
    feed(stream, [maker.log("clear\u001b[2J\u0007\u009b1m")]);
    const { out, exit } = watch({ url: stream.streamUrl, topics: ["status"] });
    await out.until((text) => text.includes("clear"));
    await streams.pop()!.close();
    await exit;
    expect(out.text).toContain("clear�[2J��1m");
  });

  test("says in one line that nothing answers, and exits with 1", async () => {
    const port = await freePort();
    const { out, err, exit } = watch({ url: `ws://127.0.0.1:${port}/stream` });
    expect(await exit).toBe(1);
    expect(err.text).toBe(
      `sluice: no stream at ws://127.0.0.1:${port}/stream after 1 attempt: ` +
        'start an engine with "sluice demo", or name another with --url\n',
    );
    expect(out.text).toBe("");
  });

  test.each([
    [
      { topics: ["trades", "tirades"] },
      /unknown topic "tirades": topics are trades, quotes, book, orders, fills, positions, status/,
    ],
    [{ url: "127.0.0.1:8787" }, /--url must look like ws:\/\/127\.0\.0\.1:8787\/stream \(was "127\.0\.0\.1:8787"\)/],
  ])("exits with 2 for a wrong option", async (options, words) => {
    const { err, exit } = watch(options);
    expect(await exit).toBe(2);
    expect(err.text).toMatch(words);
  });
});

async function started() {
  const stream = await testStream(undefined);
  streams.push(stream);
  stream.begin(run);
  return { stream, maker: new RecordMaker() };
}

async function freePort(): Promise<number> {
  const stream = await testStream("ws");
  await stream.close();
  return stream.port;
}

/** Events up to the first that `isLast` accepts, or to the end; keeps the client open with `end` = false. */
async function take(client: StreamClient, isLast: (event: StreamEvent) => boolean, end = true): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for (;;) {
    const { value, done } = await iteratorOf(client).next();
    if (done) return events;
    events.push(value);
    if (!isLast(value)) continue;
    if (end) await iteratorOf(client).return();
    return events;
  }
}

const iterators = new WeakMap<StreamClient, AsyncGenerator<StreamEvent, void, undefined>>();
function iteratorOf(client: StreamClient): AsyncGenerator<StreamEvent, void, undefined> {
  if (!iterators.has(client)) iterators.set(client, client[Symbol.asyncIterator]());
  return iterators.get(client)!;
}

function isFrame(event: StreamEvent, type: string): event is Extract<StreamEvent, { kind: "frame" }> {
  return event.kind === "frame" && event.frame.type === type;
}

class Output {
  text = "";
  isTTY = false;
  private wake: () => void = () => {};

  write(text: string): void {
    this.text += text;
    this.wake();
  }

  async until(isDone: (text: string) => boolean): Promise<void> {
    while (!isDone(this.text)) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

function watch(options: Parameters<typeof runWatch>[0], isTTY = false) {
  const out = new Output();
  const err = new Output();
  out.isTTY = isTTY;
  return { out, err, exit: runWatch({ ...options, out, err }) };
}

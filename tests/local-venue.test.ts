/**
 * The promises of the local venue as a server: it answers as Binance does, sends every subscriber every frame once and
 * in order, and ends the connections Binance would end.
 */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { bundledCaptureDirectory, loadCapture } from "../feeds/local-venue/capture.js";
import { streamsOf } from "../feeds/local-venue/frame.js";
import type { LocalVenueOptions } from "../feeds/local-venue/options.js";
import { Replay } from "../feeds/local-venue/replay.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { VenueClient } from "./support/local-venue.js";

const STREAMS = ["btcusdt", "ethusdt"].flatMap((symbol) =>
  ["trade", "depth@100ms", "bookTicker"].map((channel) => `${symbol}@${channel}`),
);

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("REST", () => {
  test("ping, time and exchangeInfo answer with a growing used weight", async () => {
    const venue = await start();
    expect(await rest(venue, "/ping")).toMatchObject({ status: 200, text: "{}", weight: 1 });
    expect(await rest(venue, "/time")).toMatchObject({ text: '{"serverTime":1723161254000}', weight: 2 });
    const { text, weight } = await rest(venue, "/exchangeInfo");
    expect(weight).toBe(22);
    const info = JSON.parse(text);
    expect(info.symbols.map((symbol: { symbol: string }) => symbol.symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
    expect(info.symbols[1].filters).toContainEqual({
      filterType: "LOT_SIZE",
      minQty: "0.00010000",
      maxQty: "9000.00000000",
      stepSize: "0.00010000",
    });
    expect(JSON.parse((await rest(venue, "/exchangeInfo?symbol=ETHUSDT")).text).symbols).toHaveLength(1);
  });

  test("the first depth answer is the recorded snapshot to the byte", async () => {
    const venue = await start();
    for (const symbol of ["BTCUSDT", "ETHUSDT"]) {
      const file = gunzipSync(readFileSync(join(bundledCaptureDirectory(), `${symbol.toLowerCase()}.gz`))).toString();
      const recorded = file.slice(file.indexOf(" ") + 1, file.indexOf("\n"));
      expect((await rest(venue, `/depth?symbol=${symbol}&limit=1000`)).text).toBe(recorded);
    }
  });

  test("depth gives the best levels of the true book up to the limit, at 5000 all of them", async () => {
    const venue = await start();
    venue.step(20_000);
    const truth = venue.snapshot("BTCUSDT");
    expect(truth.asks.length).toBeGreaterThan(1000);
    expect(JSON.parse((await rest(venue, "/depth?symbol=BTCUSDT&limit=5000")).text)).toEqual(truth);
    expect(JSON.parse((await rest(venue, "/depth?symbol=BTCUSDT&limit=99999")).text)).toEqual(truth);
    const best = JSON.parse((await rest(venue, "/depth?symbol=BTCUSDT")).text);
    expect(best).toEqual({ ...truth, bids: truth.bids.slice(0, 100), asks: truth.asks.slice(0, 100) });
    expect(JSON.parse((await rest(venue, "/time")).text).serverTime).toBeGreaterThan(1723161254000 + 60_000);
  });

  test.each([
    ["/depth", 400, -1102, /Mandatory parameter 'symbol'/],
    ["/depth?symbol=", 400, -1102, /Mandatory parameter 'symbol'/],
    ["/depth?symbol=DOGEUSDT", 400, -1121, /^Invalid symbol\.$/],
    ["/depth?symbol=btcusdt", 400, -1100, /Illegal characters found in parameter 'symbol'/],
    ["/depth?symbol=BTCUSDT&limit=ten", 400, -1100, /Illegal characters found in parameter 'limit'/],
    ["/depth?symbol=BTCUSDT&limit=0", 400, -1130, /parameter 'limit' is not valid/],
    ["/exchangeInfo?symbol=DOGEUSDT", 400, -1121, /^Invalid symbol\.$/],
    ["/klines", 404, -5000, /^Path \/api\/v3\/klines, Method GET is invalid$/],
  ])("%s is refused in Binance's words", async (path, status, code, msg) => {
    const answer = await rest(await start(), path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ code, msg: expect.stringMatching(msg) });
  });

  test("a request target that is no URL gets an answer and harms nothing", async () => {
    const venue = await start();
    const [response] = await once(get({ port: venue.port, path: "//" }), "response");
    response.resume();
    expect(response.statusCode).toBe(400);
    expect((await rest(venue, "/ping")).status).toBe(200);
  });
});

describe("subscriptions", () => {
  test("a raw connection gets payloads as recorded, a combined one gets them wrapped", async () => {
    const venue = await start();
    const raw = await connect(venue, "/ws");
    const combined = await connect(venue, "/stream");
    expect(await raw.request({ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 7 })).toBe('{"result":null,"id":7}');
    await combined.request({ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: "a-1" });
    venue.step(100);
    await Promise.all([raw.fence(), combined.fence()]);
    expect(raw.frames.length).toBeGreaterThan(0);
    expect(raw.frames).toEqual(expectedFrames(100, ["btcusdt@trade"]).map(({ text }) => text));
    expect(combined.frames).toEqual(raw.frames.map((text) => `{"stream":"btcusdt@trade","data":${text}}`));
  });

  test("a path names its streams; another path is a label and subscribes to nothing", async () => {
    const venue = await start();
    const single = await connect(venue, "/ws/btcusdt@bookTicker");
    const several = await connect(venue, "/ws/btcusdt@trade/ethusdt@depth");
    const combined = await connect(venue, "/stream?streams=btcusdt@trade/ethusdt@bookTicker");
    const label = await connect(venue, "/ws/0");
    const list = (client: VenueClient) => client.request({ method: "LIST_SUBSCRIPTIONS", id: 1 });
    expect(await list(single)).toBe('{"result":["btcusdt@bookTicker"],"id":1}');
    expect(await list(several)).toBe('{"result":["btcusdt@trade","ethusdt@depth"],"id":1}');
    expect(await list(combined)).toBe('{"result":["btcusdt@trade","ethusdt@bookTicker"],"id":1}');
    expect(await list(label)).toBe('{"result":[],"id":1}');
  });

  test("an upgrade on any other path is refused with 404", async () => {
    const client = new VenueClient(`${(await start()).wsUrl}/websocket`);
    const [, response] = await once(client.socket, "unexpected-response");
    expect(response.statusCode).toBe(404);
    client.close();
  });

  test("after UNSUBSCRIBE nothing of the stream arrives", async () => {
    const venue = await start();
    const client = await connect(venue, "/ws/btcusdt@trade");
    await client.request({ method: "UNSUBSCRIBE", params: ["btcusdt@trade", "ethusdt@trade"], id: 2 });
    venue.step(200);
    await client.fence();
    expect(client.frames).toEqual([]);
    expect(venue.sent).toEqual({ total: 0, byStream: {} });
  });

  test("subscribing twice sends once, and both depth names carry the same updates", async () => {
    const venue = await start();
    const client = await connect(venue, "/ws/btcusdt@depth@100ms");
    await client.request({ method: "SUBSCRIBE", params: ["btcusdt@depth@100ms", "btcusdt@depth@100ms"], id: 1 });
    const other = await connect(venue, "/ws/btcusdt@depth");
    venue.step(300);
    await Promise.all([client.fence(), other.fence()]);
    expect(client.frames).toEqual(expectedFrames(300, ["btcusdt@depth@100ms"]).map(({ text }) => text));
    expect(other.frames).toEqual(client.frames);
  });

  test.each([
    ["{", 3, /^Invalid JSON: /, undefined],
    ["[1]", 2, /^Invalid request: /, undefined],
    ['{"id":1}', 2, /^Invalid request: missing field `method`/, 1],
    ['{"method":"SUBSCRIB","id":2}', 2, /unknown variant `SUBSCRIB`, expected one of `SUBSCRIBE`/, 2],
    ['{"method":"SUBSCRIBE","id":3}', 2, /missing field `params`/, 3],
    ['{"method":"SUBSCRIBE","params":"btcusdt@trade","id":4}', 2, /params must be an array/, 4],
    ['{"method":"SUBSCRIBE","params":["btcusdt@nothing"],"id":5}', 2, /^Invalid request: invalid stream$/, 5],
    ['{"method":"SUBSCRIBE","params":["BTCUSDT@trade"],"id":6}', 2, /^Invalid request: invalid stream$/, 6],
    ['{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":-1}', 2, /must be an unsigned integer$/, undefined],
  ])("%s is refused with an error reply and changes nothing", async (text, code, msg, id) => {
    const client = await connect(await start(), "/ws");
    const reply = JSON.parse(await client.request(text));
    expect(reply).toEqual({ error: { code, msg: expect.stringMatching(msg) }, ...(id !== undefined && { id }) });
    expect(await client.request({ method: "LIST_SUBSCRIPTIONS", id: 9 })).toBe('{"result":[],"id":9}');
  });

  test("a well-formed stream of an unknown symbol is accepted and stays silent", async () => {
    const client = await connect(await start(), "/ws");
    const reply = await client.request({ method: "SUBSCRIBE", params: ["dogeusdt@trade"], id: 1 });
    expect(reply).toBe('{"result":null,"id":1}');
  });
});

describe("delivery", () => {
  test("frames arrive in recorded order without loss however far the clock runs ahead", async () => {
    const venue = await start({ speed: 100_000 });
    const client = await connect(venue, "/stream");
    const wanted = expectedFrames(30_000, STREAMS);
    client.socket.send(JSON.stringify({ method: "SUBSCRIBE", params: STREAMS, id: 1 }));
    await client.until(() => client.frames.length >= wanted.length);
    venue.pause();
    expect(client.frames.slice(0, wanted.length)).toEqual(wanted.map(({ wrapped }) => wrapped));
  });

  test("the clock stands until somebody subscribes, and while it is paused", async () => {
    const venue = await start({ speed: 100_000 });
    const client = await connect(venue, "/ws");
    expect(JSON.parse((await rest(venue, "/depth?symbol=BTCUSDT&limit=1")).text).lastUpdateId).toBe(50093239218);
    venue.pause();
    await client.request({ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 1 });
    await rest(venue, "/ping");
    expect(venue.sent.total).toBe(0);
    venue.resume();
    await client.until(() => client.frames.length > 0);
    venue.pause();
    const { total } = venue.sent;
    await client.fence();
    expect(client.frames).toHaveLength(total);
  });

  test("what is counted as sent is what clients receive, stream by stream", async () => {
    const venue = await start();
    const one = await connect(venue, "/stream?streams=btcusdt@trade/btcusdt@bookTicker");
    const two = await connect(venue, "/stream?streams=btcusdt@trade");
    venue.step(500);
    await Promise.all([one.fence(), two.fence()]);
    const received = [...one.frames, ...two.frames].map((text) => JSON.parse(text).stream as string);
    const count = (stream: string) => received.filter((name) => name === stream).length;
    expect(venue.sent).toEqual({
      total: received.length,
      byStream: { "btcusdt@trade": count("btcusdt@trade"), "btcusdt@bookTicker": count("btcusdt@bookTicker") },
    });
  });

  test("skipped updates are missing at the client and present in the true book", async () => {
    const venue = await start();
    const client = await connect(venue, "/ws/btcusdt@depth@100ms");
    const wanted = expectedFrames(600, ["btcusdt@depth@100ms"]).map(({ text }) => text);
    venue.skip("BTCUSDT", 2);
    venue.step(600);
    await client.fence();
    expect(client.frames).toEqual(wanted.slice(2));
    expect(venue.snapshot("BTCUSDT").lastUpdateId).toBe(JSON.parse(wanted.at(-1)!).u);
  });

  test("an injected text reaches the stream's subscribers as it is", async () => {
    const venue = await start();
    const client = await connect(venue, "/ws/btcusdt@trade");
    venue.inject("btcusdt@trade", "not even {json");
    venue.inject("ethusdt@trade", "somebody else's");
    await client.fence();
    expect(client.frames).toEqual(["not even {json"]);
  });

  test("asking for a symbol the venue does not trade is an error that names those it does", async () => {
    const venue = await start({ symbols: ["ETHUSDT"] });
    expect(() => venue.snapshot("BTCUSDT")).toThrow('the venue trades ETHUSDT, was asked for "BTCUSDT"');
    expect(() => venue.skip("BTCUSDT", 1)).toThrow(RangeError);
    await expect(startLocalVenue({ symbols: ["DOGEUSDT"] })).rejects.toThrow('was asked for "DOGEUSDT"');
    await expect(startLocalVenue({ symbols: [] })).rejects.toThrow("at least one symbol");
    await expect(startLocalVenue({ speed: -1 })).rejects.toThrow("the speed must be 0");
    await expect(startLocalVenue({ port: 70_000 })).rejects.toThrow("the port must be an integer from 0");
  });
});

describe("endings", () => {
  test("the sixth message within a second closes the connection with 1008, and no other", async () => {
    const venue = await start();
    const client = await connect(venue, "/ws");
    const calm = await connect(venue, "/ws");
    for (let id = 1; id <= 6; id++) client.socket.send(JSON.stringify({ method: "LIST_SUBSCRIPTIONS", id }));
    expect(await client.closed).toBe(1008);
    expect(client.replies).toHaveLength(5);
    await calm.fence();
  });

  test("pings count as messages", async () => {
    const client = await connect(await start(), "/ws");
    for (let i = 0; i < 6; i++) client.socket.ping();
    expect(await client.closed).toBe(1008);
  });

  test("a client that does not read is cut off at 16 MiB; the others keep their stream", async () => {
    const venue = await start();
    const slow = await connect(venue, "/ws/btcusdt@trade");
    const quick = await connect(venue, "/ws/ethusdt@trade");
    slow.socket.pause();
    const mebibyte = "x".repeat(1024 * 1024);
    for (let i = 0; i < 64; i++) venue.inject("btcusdt@trade", mebibyte);
    expect(venue.sent.total).toBeGreaterThanOrEqual(16);
    expect(venue.sent.total).toBeLessThan(64);
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    venue.inject("ethusdt@trade", "still here");
    await quick.fence();
    expect(quick.frames).toEqual(["still here"]);
  });

  test("a client that answers no ping is cut off", async () => {
    const venue = await start({ limits: { pingMs: 10, pongMs: 30 } });
    const client = await connect(venue, "/ws", { autoPong: false });
    expect(await client.closed).toBe(1006);
  });

  test("a message beyond the size a request can have ends the connection with 1009", async () => {
    const client = await connect(await start(), "/ws");
    client.socket.send("x".repeat(64 * 1024 + 1));
    expect(await client.closed).toBe(1009);
  });

  test("a connection has at most 1024 streams", async () => {
    const client = await connect(await start(), "/ws");
    const streams = Array.from({ length: 1025 }, (_, index) => `s${index}@trade`);
    const subscribe = (params: string[], id: number) => client.request({ method: "SUBSCRIBE", params, id });
    expect(await subscribe(streams, 1)).toBe('{"error":{"code":4,"msg":"Too many subscriptions"},"id":1}');
    expect(await subscribe(streams.slice(1), 2)).toBe('{"result":null,"id":2}');
    expect(await subscribe(streams.slice(1, 9), 3)).toBe('{"result":null,"id":3}');
    expect(await subscribe(streams.slice(0, 1), 4)).toMatch(/Too many subscriptions/);
  });

  test("connections close with the code asked for, or are cut off without one", async () => {
    const venue = await start();
    const polite = await connect(venue, "/ws/btcusdt@trade");
    venue.closeConnections(1012);
    expect(await polite.closed).toBe(1012);
    const cut = await connect(venue, "/ws/btcusdt@trade");
    venue.closeConnections();
    expect(await cut.closed).toBe(1006);
    venue.step(100);
    expect(venue.sent.total).toBe(0);
  });

  test("close ends every connection and frees the port", async () => {
    const venue = await startLocalVenue({ speed: 1 });
    const client = await connect(venue, "/ws/btcusdt@trade");
    await rest(venue, "/ping");
    await venue.close();
    await client.closed;
    const again = await start({ port: venue.port });
    expect((await rest(again, "/ping")).status).toBe(200);
    await expect(startLocalVenue({ port: again.port })).rejects.toThrow("EADDRINUSE");
  });
});

async function start(options: LocalVenueOptions = {}): Promise<LocalVenue> {
  const venue = await startLocalVenue({ speed: 0, ...options });
  closers.push(() => venue.close());
  return venue;
}

async function connect(venue: LocalVenue, path: string, options = {}): Promise<VenueClient> {
  const client = await VenueClient.connect(venue.wsUrl + path, options);
  closers.push(() => client.close());
  return client;
}

async function rest(venue: LocalVenue, path: string) {
  const response = await fetch(`${venue.restUrl}/api/v3${path}`);
  const weight = Number(response.headers.get("x-mbx-used-weight-1m"));
  return { status: response.status, text: await response.text(), weight };
}

/** What the first `count` frames of a replay bring to a client of these streams. */
function expectedFrames(count: number, streams: readonly string[]) {
  const replay = new Replay(loadCapture());
  return Array.from({ length: count }, () => replay.next()).flatMap(({ symbol, kind, text }) => {
    const stream = streamsOf(symbol, kind).find((name) => streams.includes(name));
    return stream ? [{ text, wrapped: `{"stream":"${stream}","data":${text}}` }] : [];
  });
}

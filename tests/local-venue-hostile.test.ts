/**
 * The promise of the local venue toward clients that mean harm or are broken: whatever bytes arrive, there is an answer
 * or an end of the connection, no order comes of it that was not wholly and rightly asked for, and others are served
 * on.
 */
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL_API_KEY, sign } from "../feeds/local-venue/orders/credentials.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { VenueClient } from "./support/local-venue.js";
import { query, signedParameters, UserStreamClient, VenueAccount } from "./support/local-venue-account.js";

const ORDER = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "0.1", price: "50000" };

let venue: LocalVenue;

beforeEach(async () => {
  venue = await startLocalVenue({ speed: 0 });
});

afterEach(async () => {
  const account = new VenueAccount(venue);
  const before = venue.truth.orders.length;
  expect((await account.place(ORDER)).status).toBe(200);
  expect(venue.truth.orders).toHaveLength(before + 1);
  await venue.close();
});

describe("over HTTP", () => {
  test("an order whose body breaks off is none", async () => {
    const body = signed();
    const cut = request(body, body.length + 1);
    const socket = connect(venue.port, "127.0.0.1").end(cut);
    await text(socket).catch(() => {});
    expect(venue.truth).toMatchObject({ orders: [], submissions: {} });
  });

  test("a body without end is cut off", async () => {
    const socket = connect(venue.port, "127.0.0.1").resume();
    const head = "POST /api/v3/order HTTP/1.1\r\nhost: venue\r\ntransfer-encoding: chunked\r\n\r\n";
    socket.write(head);
    const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
    const closed = endOf(socket);
    const flood = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", flood);
    flood();
    await closed;
    expect(venue.truth.orders).toEqual([]);
  });

  test("two orders in one packet are two orders, each answered", async () => {
    const bodies = ["a", "b"].map((newClientOrderId) => signed({ newClientOrderId }));
    const socket = connect(venue.port, "127.0.0.1");
    socket.write(
      bodies.map((body) => request(body)).join("") +
        "GET /api/v3/ping HTTP/1.1\r\nconnection: close\r\nhost: v\r\n\r\n",
    );
    const answers = await text(socket);
    expect(answers.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
    expect(venue.truth.submissions).toEqual({ a: 1, b: 1 });
    expect(venue.truth.orders).toHaveLength(2);
  });

  test.each([
    ["bytes that are no HTTP", "\0\x01\xff garbage\r\n\r\n"],
    ["a head without end", `GET / HTTP/1.1\r\nx: ${"y".repeat(70_000)}\r\n\r\n`],
    ["two lengths", "POST /api/v3/order HTTP/1.1\r\nhost: v\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"],
    ["a length that is none", "POST /api/v3/order HTTP/1.1\r\nhost: v\r\ncontent-length: -1\r\n\r\n"],
    [
      "an upgrade to nothing",
      "GET /ws-api/v3 HTTP/1.1\r\nhost: v\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    ],
  ])("%s end the connection", async (_, bytes) => {
    const socket = connect(venue.port, "127.0.0.1");
    const closed = endOf(socket);
    socket.resume().write(Buffer.from(bytes, "latin1"));
    await closed;
    expect(venue.truth.orders).toEqual([]);
  });

  test("no parameters whatsoever bring down the venue or make an order unsigned", async () => {
    const name = fc.constantFrom(...Object.keys(ORDER), "timestamp", "signature", "recvWindow", "__proto__", "é", "");
    const value = fc.oneof(fc.string(), fc.constantFrom("NaN", "1e400", "-0", "%", "%zz", "\u0000", "9".repeat(400)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 12 }), async (pairs) => {
        const body = pairs.map(([left, right]) => `${left}=${right}`).join("&");
        const answer = await post(body);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect((await answer.json()) as object).toMatchObject({ code: expect.any(Number), msg: expect.any(String) });
      }),
      { numRuns: 60 },
    );
    expect(venue.truth.orders).toEqual([]);
  });

  test("no values whatsoever, rightly signed, bring down the venue", async () => {
    venue.limit({ ordersPer10Seconds: 1e6, weightPerMinute: 1e6 });
    const name = fc.constantFrom(
      ...Object.keys(ORDER),
      "newClientOrderId",
      "recvWindow",
      "orderId",
      "newOrderRespType",
    );
    const value = fc.oneof(fc.string(), fc.constantFrom("0", "0.1", "60000", "9".repeat(20), "1e400", "-0", "\u0000"));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value), async (values) => {
        const answer = await post(signed(values));
        expect([200, 400]).toContain(answer.status);
        await answer.json();
      }),
      { numRuns: 60 },
    );
  });
});

describe("over the WebSocket API", () => {
  test.each([
    ["", -1135],
    ["[]", -1135],
    ["null", -1135],
    ["{", -1135],
    ['{"id":{},"method":"ping"}', -1135],
    ['{"id":"a b","method":"ping"}', -1135],
    ['{"id":1}', -1102],
    ['{"id":1,"method":7}', -1102],
    ['{"id":1,"method":"userDataStream.subscribe.signature","params":7}', -1135],
    ['{"id":1,"method":"userDataStream.subscribe.signature","params":{}}', -2014],
    ['{"id":1,"method":"__proto__"}', -1020],
  ])("%j is refused and the connection stays", async (message, code) => {
    const client = await VenueClient.connect(`${venue.wsUrl}/ws-api/v3`);
    client.socket.send(message);
    client.socket.send('{"id":"after","method":"ping"}');
    await client.until(() => client.frames.length === 2);
    expect(JSON.parse(client.frames[0]!)).toMatchObject({ status: expect.any(Number), error: { code } });
    expect(JSON.parse(client.frames[1]!)).toMatchObject({ id: "after", status: 200 });
    client.close();
  });

  test("a nested or a binary message is refused, a giant one ends the connection", async () => {
    const client = await VenueClient.connect(`${venue.wsUrl}/ws-api/v3`);
    client.socket.send("[".repeat(30_000));
    client.socket.send(Buffer.from('{"id":1,"method":"ping"}'), { binary: true });
    await client.until(() => client.frames.length === 2);
    expect(client.frames.map((frame) => JSON.parse(frame).error.code)).toEqual([-1135, -1135]);
    client.socket.send("x".repeat(70_000));
    expect(await client.closed).toBe(1009);
  });

  test("a client that does not read is cut off, and the others lose nothing", async () => {
    await venue.close();
    venue = await startLocalVenue({ speed: 0, limits: { bufferedBytes: 20_000 } });
    const reader = await UserStreamClient.connect(venue);
    const sleeper = await UserStreamClient.connect(venue);
    sleeper.client.socket.pause();
    const account = new VenueAccount(venue);
    await account.limit("BUY", "0.001", "50000", { newClientOrderId: "before" });
    // The kernel's buffers fill first.
    while (venue.subscribed === 2) {
      for (let i = 0; i < 2000; i++) sleeper.client.socket.send(`{"id":"${"x".repeat(36)}","method":"ping"}`);
      await reader.fence();
    }
    await account.limit("BUY", "0.001", "50000", { newClientOrderId: "after" });
    await reader.fence();
    expect(reader.story).toEqual(["before NEW NEW 0.00000000", "after NEW NEW 0.00000000"]);
    reader.close();
    sleeper.close();
  });
});

test.each([
  ["POST", "/local/faults", "{", 400],
  ["POST", "/local/faults", "[]", 400],
  ["POST", "/local/step", '{"count":1e9}', 400],
  ["POST", "/local/limits", '{"weight":1}', 400],
  ["POST", "/local/limits", '{"weightPerMinute":"many"}', 400],
  ["POST", "/local/disconnect", '{"what":"me"}', 400],
  ["DELETE", "/local/truth", "", 404],
  ["GET", "/local/nothing", "", 404],
])("%s %s %s is answered with %i", async (method, path, body, status) => {
  const answer = await fetch(`${venue.restUrl}${path}`, { method, ...(body && { body }) });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error: expect.any(String) });
});

test("a subscription is not to be had with a signature of other parameters", async () => {
  const client = await VenueClient.connect(`${venue.wsUrl}/ws-api/v3`);
  const params = { ...signedParameters(Date.now()), recvWindow: 60_000 };
  client.socket.send(JSON.stringify({ id: 1, method: "userDataStream.subscribe.signature", params }));
  await client.until(() => client.frames.length === 1);
  expect(JSON.parse(client.frames[0]!)).toMatchObject({ status: 400, error: { code: -1022 } });
  client.close();
});

/** Settles when the connection has ended, in whichever way. */
function endOf(socket: Socket): Promise<unknown> {
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("close", resolve));
}

function signed(values: Readonly<Record<string, string>> = {}): string {
  const body = query({ ...ORDER, timestamp: Date.now(), ...values });
  return `${body}&signature=${sign(body)}`;
}

function post(body: string): Promise<Response> {
  const headers = { "x-mbx-apikey": LOCAL_API_KEY };
  return fetch(`${venue.restUrl}/api/v3/order`, { method: "POST", headers, body });
}

function request(body: string, length = body.length): string {
  const head = ["POST /api/v3/order HTTP/1.1", "host: venue", `x-mbx-apikey: ${LOCAL_API_KEY}`];
  return `${[...head, `content-length: ${length}`].join("\r\n")}\r\n\r\n${body}`;
}

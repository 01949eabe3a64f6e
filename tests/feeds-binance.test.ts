/** The feed against the local venue, over sockets: the book an engine would hold is the venue's, whatever happens. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeInstrument } from "../engine/instrument.js";
import { createExchange, VenueUnreachable } from "../feeds/binance/exchange.js";
import { loadInstruments } from "../feeds/binance/instruments.js";
import { BinanceFeed } from "../feeds/binance/session.js";
import { createFeedCounters, DropReason, droppedTotal, type FeedCounters } from "../feeds/feed-counters.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { BTC, ETH, Follower, levelsOf, venueLevels } from "./support/feed.js";

const INSTRUMENTS = [BTC, ETH] as const;

let venue: LocalVenue;
let counters: FeedCounters;
let follower: Follower;
let feed: BinanceFeed;
let pump: NodeJS.Timeout;
const troubles: string[] = [];

beforeEach(async () => {
  venue = await startLocalVenue({ speed: 0 });
  await open();
});
afterEach(async () => {
  await shut();
  await venue.close();
});

async function shut() {
  clearInterval(pump);
  await feed.stop();
}

async function open(options: { silenceMs?: number; random?: () => number } = {}) {
  counters = createFeedCounters();
  follower = new Follower(INSTRUMENTS);
  troubles.length = 0;
  feed = new BinanceFeed({
    instruments: INSTRUMENTS,
    endpoints: { rest: venue.restUrl, ws: venue.wsUrl },
    sink: follower.sink,
    counters,
    stamp: (into, at) => {
      into[at] = (performance.timeOrigin + performance.now()) * 1000;
    },
    silenceMs: 3_600_000,
    random: () => 0,
    onTrouble: (what, error) => troubles.push(`${what}: ${String(error)}`),
    ...options,
  });
  await feed.start();
  pump = setInterval(() => feed.work(), 1);
}

/** Waits for a fact, letting the venue go on meanwhile when asked to; the test's own time limit ends a vain wait. */
async function until(holds: () => boolean, framesATurn = 0): Promise<void> {
  while (!holds()) {
    venue.step(framesATurn);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expectIdentity();
  }
}

function expectIdentity() {
  expect(counters.decoded + counters.pending + droppedTotal(counters)).toBe(counters.received);
}

const allLive = () => follower.books.every(({ isLive }) => isLive);
const received = () => counters.received - counters.replies;
const allArrived = () => received() === venue.sent.total;

async function live() {
  await until(allLive, 10);
  await until(allArrived);
}

function expectTrueBooks() {
  INSTRUMENTS.forEach((instrument, position) => {
    const { book, faults, isLive, coveredTicks } = follower.books[position];
    const truth = venue.snapshot(instrument.venueSymbol);
    expect(faults).toEqual([]);
    expect(isLive, JSON.stringify([follower.books[position].statuses, counters, troubles])).toBe(true);
    expect(book.lastUpdateId).toBe(truth.lastUpdateId);
    const covered = ([ticks]: [number, number]) => ticks >= coveredTicks[0] && ticks <= coveredTicks[1];
    for (const side of ["bids", "asks"] as const) {
      const truthful = venueLevels(truth[side], instrument);
      expect(levelsOf(book, side).filter(covered)).toEqual(truthful.filter(covered));
      const lotsAt = new Map(truthful);
      expect(levelsOf(book, side).filter(([ticks, lots]) => lotsAt.get(ticks) !== lots)).toEqual([]);
      expect(truthful.filter(covered).length).toBeGreaterThan(500);
    }
  });
}

test("books joined in mid-stream become the venue's books and stay so", async () => {
  await live();
  expectTrueBooks();
  for (let round = 0; round < 5; round += 1) {
    venue.step(2000);
    await until(allArrived);
    expectTrueBooks();
  }
  expect(follower.books.map(({ snapshots }) => snapshots > 0)).toEqual([true, true]);
  expect(counters.resyncs).toBe(0);
  expect(counters.messages).toBe(follower.sink.published);
  expect(troubles).toEqual([]);
});

describe("a frame that cannot be believed is counted with its reason and dropped, and the books are true again", () => {
  const level = (price: string) => `{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[["${price}","1"]],"a":[]}`;
  // biome-ignore format: a table
  const CASES: [what: string, text: string, reason: number, resyncs: number][] = [
    ["truncated", level("61837.63").slice(0, -9), DropReason.Malformed, 1],
    ["no JSON at all", "hello", DropReason.Malformed, 2],
    ["with an exponent", level("6e4"), DropReason.Malformed, 1],
    ["with a negative price", level("-1.00"), DropReason.Malformed, 1],
    ["off-tick", level("61837.635"), DropReason.OffTick, 1],
    ["out of range", level("99999999.00"), DropReason.OutOfRange, 1],
    ["oversized", " ".repeat(2 ** 20) + level("1.00"), DropReason.Oversized, 2],
    ["of another symbol", level("1.00").replace("BTC", "XRP"), DropReason.WrongSymbol, 0],
    ["of another event", level("1.00").replace("depthUpdate", "kline"), DropReason.UnknownType, 0],
    ["a repetition", level("1.00"), DropReason.Superseded, 0],
  ];
  test.each(CASES)("%s", async (_what, text, reason, resyncs) => {
    await live();
    const before = counters.dropped[reason];
    venue.inject("btcusdt@depth@100ms", text);
    await until(allArrived);
    expect(counters.dropped[reason]).toBe(before + 1);
    expect(counters.resyncs).toBe(resyncs);
    await until(() => allLive() && counters.pending === 0, 5);
    await until(allArrived);
    expectTrueBooks();
    expect(follower.books[0].statuses.slice(2, 4)).toEqual(resyncs ? ["Stale/BadFrame", "Live/Joined"] : []);
  });
});

test("a missing update makes the book stale at the next one, and it is joined anew", async () => {
  await live();
  venue.skip("BTCUSDT", 1);
  await until(() => counters.gaps > 0, 5);
  expect(follower.books[0].statuses).toEqual(["Syncing/Subscribed", "Live/Joined", "Stale/Gap"]);
  await live();
  expect(follower.books[0].statuses.slice(3)).toEqual(["Live/Joined"]);
  expect(follower.books[1].statuses).toEqual(["Syncing/Subscribed", "Live/Joined"]);
  expect(counters.resyncs).toBe(1);
  expectTrueBooks();
});

test.each([
  ["closed", 1001],
  ["cut off", undefined],
])("a connection that is %s is stale at once and dialled again", async (_how, code) => {
  await live();
  const before = received();
  venue.closeConnections(code);
  await until(() => follower.books.every(({ statuses }) => statuses.at(-1) === "Stale/Disconnected"));
  expect(counters.pending).toBe(0);
  expect(received()).toBe(before);
  await until(allLive, 5);
  await until(() => received() === venue.sent.total);
  expect(follower.books[0].statuses.slice(2)).toEqual(["Stale/Disconnected", "Syncing/Subscribed", "Live/Joined"]);
  expect(troubles.length).toBe(1);
  expectTrueBooks();
});

test("a full sink loses messages, says so when it has room again, and the books are joined anew", async () => {
  await live();
  follower.sink.room = 0;
  venue.step(500);
  await until(allArrived);
  expect(counters.dropped[DropReason.RingFull]).toBeGreaterThan(100);
  expect(follower.books.every(({ statuses }) => statuses.length === 2)).toBe(true);
  follower.sink.room = 5;
  await until(() => follower.sink.room <= 0, 5);
  expect(follower.books[0].statuses[2]).toBe("Stale/RingFull");
  follower.sink.room = Number.POSITIVE_INFINITY;
  await live();
  expectTrueBooks();
});

test("a book without updates is stale until they go on", async () => {
  await shut();
  await open({ silenceMs: 200 });
  const statuses = () => follower.books[0].statuses;
  await until(allLive, 10);
  await until(() => statuses().at(-1) === "Stale/Silence");
  const { snapshots } = follower.books[0];
  await until(() => statuses().includes("Live/None"), 1);
  expect(statuses().slice(0, 4)).toEqual(["Syncing/Subscribed", "Live/Joined", "Stale/Silence", "Live/None"]);
  expect(follower.books[0].snapshots).toBe(snapshots);
  expect(counters.resyncs).toBe(0);
});

test("a stopped feed empties its books and takes no frame after", async () => {
  await live();
  await feed.stop();
  const { received: before, messages } = counters;
  venue.step(100);
  await new Promise((resolve) => setImmediate(resolve));
  expect(counters).toMatchObject({ received: before, messages, pending: 0 });
  expect(follower.books.map(({ statuses }) => statuses.at(-1))).toEqual(["Empty/Stopped", "Empty/Stopped"]);
  expectIdentity();
});

test("instruments carry the venue's own steps and minima", async () => {
  const exchange = await createExchange({ rest: venue.restUrl, ws: venue.wsUrl });
  try {
    const specs = await loadInstruments(exchange, ["ETH/USDT", "BTC/USDT"], { takerFeePpm: 750 });
    expect(specs[0]).toEqual({
      id: "ETH/USDT.BINANCE",
      venueSymbol: "ETHUSDT",
      tickSize: "0.01",
      lotSize: "0.0001",
      minQty: "0.0001",
      minNotional: "5",
      makerFeePpm: 1000,
      takerFeePpm: 750,
    });
    expect(makeInstrument(specs[1], 1).minLots).toBe(1);
    await expect(loadInstruments(exchange, ["NO/SUCH"])).rejects.toThrow('Binance has no market "NO/SUCH"');
  } finally {
    await exchange.close();
  }
});

test("a venue that does not answer is named, with the remedy", async () => {
  await shut();
  const { restUrl, wsUrl, port } = venue;
  await venue.close();
  feed = new BinanceFeed({
    instruments: INSTRUMENTS,
    endpoints: { rest: restUrl, ws: wsUrl },
    sink: follower.sink,
    counters,
    stamp: (into, at) => {
      into[at] = 0;
    },
  });
  const failure = await feed.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(VenueUnreachable);
  expect(String(failure)).toMatch(new RegExp(`no answer from 127.0.0.1:${port} .*use the local venue`));
});

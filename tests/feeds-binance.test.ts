/** The feed against the local venue, over real sockets: the book an engine would hold is the venue's own, whatever happens. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeInstrument } from "../engine/instrument.js";
import { VenueUnreachable } from "../feeds/binance/exchange.js";
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
  clearInterval(pump);
  await feed.stop();
  await venue.close();
});

async function open(options: { silenceMs?: number; random?: () => number } = {}) {
  counters = createFeedCounters();
  follower = new Follower(INSTRUMENTS);
  troubles.length = 0;
  feed = new BinanceFeed({
    instruments: INSTRUMENTS,
    endpoints: { rest: venue.restUrl, ws: venue.wsUrl },
    sink: follower.sink,
    counters,
    nowUs: () => (performance.timeOrigin + performance.now()) * 1000,
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
      const true_ = venueLevels(truth[side], instrument);
      expect(levelsOf(book, side).filter(covered)).toEqual(true_.filter(covered));
      expect(true_).toEqual(expect.arrayContaining(levelsOf(book, side)));
      expect(true_.filter(covered).length).toBeGreaterThan(500);
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

/**
 * The whole intake in random weather, without sockets: damaged, lost and repeated frames, a sink that fills, snapshots
 * that come late. Every frame is accounted for after every step, and afterwards the books are the venue's.
 */
import { expect, test } from "vitest";
import { DROPPED } from "../feeds/binance/decode.js";
import { BinanceIntake } from "../feeds/binance/intake.js";
import type { DepthFrame } from "../feeds/binance/messages.js";
import { readSnapshot } from "../feeds/binance/snapshot.js";
import { createFeedCounters, DropReason, droppedTotal } from "../feeds/feed-counters.js";
import { loadCapture } from "../feeds/local-venue/capture.js";
import { Replay } from "../feeds/local-venue/replay.js";
import { BTC, ETH, Follower, levelsOf, venueLevels } from "./support/feed.js";
import { mutate } from "./support/frame-mutations.js";
import { wordsFrom } from "./support/numbers.js";

const capture = loadCapture();
const INSTRUMENTS = [BTC, ETH];

class Weather {
  readonly counters = createFeedCounters();
  readonly follower = new Follower(INSTRUMENTS);
  readonly replay = new Replay(capture);
  readonly intake: BinanceIntake;
  timeUs = 1e15;
  private readonly late: (DepthFrame | undefined)[] = [];
  private readonly draw: (below: number) => number;

  constructor(draw: (below: number) => number, silenceMs = 50) {
    this.draw = draw;
    const { sink } = this.follower;
    this.intake = new BinanceIntake({
      instruments: INSTRUMENTS,
      sink,
      counters: this.counters,
      stamp: (into, at) => {
        into[at] = this.timeUs;
      },
      silenceMs,
    });
  }

  frame(isFair: boolean): void {
    this.timeUs += this.draw(2000);
    const { text } = this.replay.next();
    const chance = isFair ? 1000 : this.draw(1000);
    if (chance < 10) return;
    this.deliver(chance < 30 ? mutate(text, this.draw) : text, chance !== 40);
    if (chance < 60) this.deliver(text, true);
  }

  deliver(text: string, isText: boolean): void {
    const { decoded } = this.counters;
    const outcome = this.intake.onFrame(Buffer.from(text, "latin1"), isText);
    if (outcome >= DROPPED) expect(this.counters.decoded).toBe(decoded);
    this.check();
  }

  /** What a session does: it fetches snapshots, which arrive some time later, and lets time pass. */
  work(isFair: boolean): void {
    this.intake.books.forEach((book, position) => {
      const arrived = this.late[position];
      if (arrived && (isFair || this.draw(3) === 0)) {
        this.late[position] = undefined;
        if (!this.intake.onSnapshot(book, arrived)) expect(book.sync.wantsSnapshot).toBe(true);
      } else if (!arrived && book.sync.wantsSnapshot && book.isTold) {
        book.sync.snapshotAsked();
        const truth = this.replay.book(book.instrument.venueSymbol)!.snapshot();
        this.late[position] = readSnapshot(truth, book.instrument, this.timeUs);
      }
    });
    this.intake.tick();
    this.check();
  }

  private check(): void {
    const { received, decoded, pending } = this.counters;
    expect(decoded + pending + droppedTotal(this.counters)).toBe(received);
    expect(pending).toBe(this.intake.books.reduce((sum, { waiting }) => sum + waiting.length, 0));
    for (const { sync, waiting } of this.intake.books) expect(waiting.length).toBe(sync.waiting);
    expect(this.counters.messages).toBe(this.follower.sink.published);
  }
}

function expectTrueBooks({ follower, replay }: Weather): void {
  INSTRUMENTS.forEach((instrument, position) => {
    const { book, isLive } = follower.books[position];
    const truth = replay.book(instrument.venueSymbol)!.snapshot();
    expect(isLive).toBe(true);
    expect(book.lastUpdateId).toBe(truth.lastUpdateId);
    expect(levelsOf(book, "bids")).toEqual(venueLevels(truth.bids, instrument));
    expect(levelsOf(book, "asks")).toEqual(venueLevels(truth.asks, instrument));
  });
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("weather %i", (seed) => {
  const next = wordsFrom(seed * 104_729);
  const draw = (below: number) => next() % below;
  const weather = new Weather(draw);
  const { intake, follower, counters } = weather;
  intake.subscribed();
  for (let step = 0; step < 3000; step += 1) {
    const chance = draw(400);
    if (chance === 0) follower.sink.room = draw(40);
    else if (chance < 8) follower.sink.room = Number.POSITIVE_INFINITY;
    if (chance === 9) intake.disconnected();
    if (chance < 20 && intake.books[0].sync.waiting === 0 && !intake.books[0].sync.following) intake.subscribed();
    weather.frame(false);
    weather.work(false);
  }
  expect(counters.resyncs).toBeGreaterThan(5);
  expect(counters.dropped[DropReason.RingFull]).toBeGreaterThan(0);
  expect(counters.dropped[DropReason.NotText] + counters.dropped[DropReason.Malformed]).toBeGreaterThan(0);

  follower.sink.room = Number.POSITIVE_INFINITY;
  intake.subscribed();
  for (let step = 0; step < 1000; step += 1) {
    weather.frame(true);
    weather.work(true);
  }
  expectTrueBooks(weather);
});

test("a snapshot that finds no room is fetched again, and the book becomes live by that alone", () => {
  const weather = new Weather((below) => below - 1, 3_600_000);
  const { intake, follower } = weather;
  const goOn = (frames: number) => {
    for (let step = 0; step < frames; step += 1) {
      weather.frame(true);
      weather.work(true);
    }
  };
  intake.subscribed();
  goOn(400);
  expect(follower.books.map(({ isLive }) => isLive)).toEqual([true, true]);
  for (let failure = 1; failure <= 5; failure += 1) {
    // Room for nothing, then for statuses, then for parts of a snapshot.
    for (const room of [0, 2, failure]) {
      follower.sink.room = room;
      goOn(200);
    }
    follower.sink.room = Number.POSITIVE_INFINITY;
    goOn(400);
    expectTrueBooks(weather);
  }
});

test("books of more than 512 levels go out in parts: the first clears, the last completes", () => {
  const weather = new Weather((below) => below - 1);
  const { intake, follower } = weather;
  const side = (from: number, count: number) =>
    JSON.stringify(Array.from({ length: count }, (_, level) => [`${from + level}.00`, "1.0"]));
  const depth = (firstId: number, lastId: number, bids: string, asks: string) =>
    weather.deliver(
      `{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":${firstId},"u":${lastId},"b":${bids},"a":${asks}}`,
      true,
    );
  intake.subscribed();
  depth(1, 1, "[]", "[]");
  const before = weather.counters.messages;
  const snapshot = { lastUpdateId: 1, bids: JSON.parse(side(1000, 700)), asks: JSON.parse(side(5000, 900)) };
  expect(intake.onSnapshot(intake.books[0], readSnapshot(snapshot, BTC, 0)!)).toBe(true);
  // Four parts, and the status after them.
  expect(weather.counters.messages - before).toBe(5);
  expect([follower.books[0].book.bids.count, follower.books[0].book.asks.count]).toEqual([700, 900]);
  depth(2, 5, side(2000, 300), side(7000, 1300));
  expect(follower.books[0].deltas).toBe(4);
  expect([follower.books[0].book.bids.count, follower.books[0].book.asks.count]).toEqual([1000, 2200]);
  expect(follower.books[0].faults).toEqual([]);
});

test("a snapshot that is not one is refused", () => {
  const good = { lastUpdateId: "50093239218", bids: [["1.00", "1.0"]], asks: [["2.00000000", "0.00001999"]] };
  const read = (change: object) => readSnapshot({ ...good, ...change }, BTC, 0);
  expect([...read({})!.asks.lots]).toEqual([1]);
  for (const change of [
    { lastUpdateId: undefined },
    { lastUpdateId: -1 },
    { lastUpdateId: 1.5 },
    { bids: undefined },
    { asks: {} },
    { bids: [["1.005", "1"]] },
    { bids: [["1e3", "1"]] },
    { bids: [[1, 1]] },
    { bids: [["0.00", "1"]] },
    { bids: [["1.00", "-1"]] },
    { bids: ["1.00"] },
    { asks: [["99999999.00", "1"]] },
  ]) {
    expect(read(change), JSON.stringify(change)).toBeUndefined();
  }
  expect(readSnapshot(null, BTC, 0)).toBeUndefined();
});

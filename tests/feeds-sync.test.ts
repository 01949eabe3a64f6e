/** The book join in random histories: whatever is lost, late or repeated, a book shown as live is the venue's. */
import { describe, expect, test } from "vitest";
import { BinanceBookSync, SnapshotAction, UpdateAction } from "../feeds/sync/binance.js";
import { FeedReason, FeedState } from "../schemas/index.js";
import { wordsFrom } from "./support/numbers.js";

const WAITING_MAX = 8;

/** One update of the venue: it sets `price` to the update's last id. */
interface Update {
  readonly firstId: number;
  readonly lastId: number;
  readonly price: number;
}

/** A venue whose every state can be looked up: the book after each id, as price → id of the last change. */
class Venue {
  readonly updates: Update[] = [];
  private readonly books: Map<number, number>[] = [new Map()];
  private readonly draw: (below: number) => number;

  constructor(draw: (below: number) => number) {
    this.draw = draw;
  }

  get lastId(): number {
    return this.books.length - 1;
  }

  /** The book after an id, which may lie inside an update. */
  bookAt(id: number): Map<number, number> {
    return this.books[id];
  }

  next(): Update {
    const firstId = this.lastId + 1;
    const lastId = firstId + this.draw(4);
    const price = this.draw(10);
    // The price changes with each id of the update; only the last value is published.
    for (let id = firstId; id <= lastId; id += 1) this.books.push(new Map(this.bookAt(id - 1)).set(price, id));
    const update = { firstId, lastId, price };
    this.updates.push(update);
    return update;
  }
}

const offer = (sync: BinanceBookSync, firstId: number, lastId: number): number =>
  sync.update(Float64Array.of(firstId, lastId), 0);

/** Drives the machine as a feed does, and keeps the book that results. */
class Driver {
  readonly counters = { resyncs: 0, gaps: 0 };
  readonly sync = new BinanceBookSync(this.counters, WAITING_MAX);
  book = new Map<number, number>();
  bookId = 0;
  waiting: Update[] = [];
  joins = 0;
  discarded = 0;

  onUpdate(update: Update): void {
    const action = offer(this.sync, update.firstId, update.lastId);
    if (action === UpdateAction.Apply) this.apply(update);
    else if (action === UpdateAction.Superseded) expect(this.isOld(update)).toBe(true);
    else if (action === UpdateAction.Unsynced) expect(this.sync.waiting).toBe(0);
    else this.keep(action, update);
    expect(this.sync.waiting).toBe(this.waiting.length);
    expect(this.waiting.length).toBeLessThanOrEqual(WAITING_MAX);
  }

  onSnapshot(id: number, book: Map<number, number>): number {
    const action = this.sync.snapshot(id);
    if (action !== SnapshotAction.Join) return action;
    this.book = new Map(book);
    this.bookId = id;
    for (const update of this.waiting.splice(0)) {
      const replayed = offer(this.sync, update.firstId, update.lastId);
      if (replayed === UpdateAction.Apply) this.apply(update);
      else expect(replayed).toBe(UpdateAction.Superseded);
    }
    this.sync.joined();
    this.joins += 1;
    return action;
  }

  discard(): void {
    this.discarded += this.waiting.length;
    this.waiting = [];
  }

  private keep(action: number, update: Update): void {
    if (action === UpdateAction.WaitAlone) this.discard();
    if (action === UpdateAction.WaitForOldest) this.waiting.shift();
    this.waiting.push(update);
    this.sync.waitingFrom(this.waiting[0].firstId);
  }

  private apply({ firstId, lastId, price }: Update): void {
    expect(firstId).toBeLessThanOrEqual(this.bookId + 1);
    expect(lastId).toBeGreaterThan(this.bookId);
    this.book.set(price, lastId);
    this.bookId = lastId;
  }

  private isOld({ lastId }: Update): boolean {
    return lastId <= (this.sync.following ? this.bookId : this.waiting.at(-1)!.lastId);
  }
}

/** A venue, a line that loses and repeats, and the driver behind it. */
class History {
  readonly venue: Venue;
  readonly driver = new Driver();
  private readonly draw: (below: number) => number;
  /** The last id of a snapshot on its way. */
  private asked: number | undefined;

  constructor(seed: number) {
    const next = wordsFrom(seed);
    this.draw = (below) => next() % below;
    this.venue = new Venue(this.draw);
  }

  step(): void {
    const { venue, driver, draw } = this;
    const chance = draw(100);
    const update = venue.next();
    // Most updates arrive; some are lost, some come twice or long after.
    if (chance >= 4) driver.onUpdate(update);
    if (chance >= 97) driver.onUpdate(venue.updates[draw(venue.updates.length)]);
    this.fetch();
    this.interfere(chance);
    if (driver.sync.following) expect(driver.book).toEqual(venue.bookAt(driver.bookId));
    if (driver.sync.state === FeedState.Live) expect(driver.sync.following).toBe(true);
  }

  private fetch(): void {
    const { venue, driver, draw } = this;
    if (driver.sync.wantsSnapshot && draw(3) === 0) {
      driver.sync.snapshotAsked();
      // The venue's answer may be older than what has been received.
      this.asked = Math.max(0, venue.lastId - draw(12));
    }
    if (this.asked === undefined || draw(3) !== 0) return;
    const action = driver.onSnapshot(this.asked, venue.bookAt(this.asked));
    if (action === SnapshotAction.AskAgain) expect(driver.sync.wantsSnapshot).toBe(true);
    this.asked = undefined;
  }

  private interfere(chance: number): void {
    const { sync } = this.driver;
    if (chance === 50) {
      sync.disconnected();
      this.driver.discard();
      expect([sync.state, sync.reason]).toEqual([FeedState.Stale, FeedReason.Disconnected]);
    } else if (chance === 51) {
      sync.lost(FeedReason.BadFrame);
      this.driver.discard();
    } else if (chance === 52) sync.silence();
    else if (chance > 40 && chance < 60 && sync.reason === FeedReason.Disconnected) sync.subscribed();
  }
}

test.each(Array.from({ length: 200 }, (_, index) => index + 1))("history %i", (seed) => {
  const history = new History(seed * 7919);
  const { venue, driver } = history;
  const { sync } = driver;
  sync.subscribed();
  for (let step = 0; step < 400; step += 1) history.step();
  // In quiet weather the book is joined, if it was not, and is the venue's at its very last id.
  if (!sync.following) {
    sync.subscribed();
    driver.discard();
  }
  for (let step = 0; step < 3; step += 1) driver.onUpdate(venue.next());
  if (!sync.following) expect(driver.onSnapshot(venue.lastId, venue.bookAt(venue.lastId))).toBe(SnapshotAction.Join);
  driver.onUpdate(venue.next());
  expect(driver.bookId).toBe(venue.lastId);
  expect(driver.book).toEqual(venue.bookAt(venue.lastId));
  expect(sync.state).toBe(FeedState.Live);
});

describe("the venue's protocol", () => {
  const joining = () => {
    const sync = new BinanceBookSync({ resyncs: 0, gaps: 0 }, WAITING_MAX);
    sync.subscribed();
    return sync;
  };
  const following = (lastId: number) => {
    const sync = joining();
    offer(sync, lastId, lastId);
    sync.snapshot(lastId);
    sync.joined();
    return sync;
  };

  test("no snapshot is wanted before an update waits", () => {
    const sync = joining();
    expect(sync.wantsSnapshot).toBe(false);
    expect(offer(sync, 10, 12)).toBe(UpdateAction.Wait);
    expect(sync.wantsSnapshot).toBe(true);
  });

  test("a snapshot older than the first waiting update is asked for again", () => {
    const sync = joining();
    offer(sync, 10, 12);
    sync.snapshotAsked();
    expect(sync.snapshot(8)).toBe(SnapshotAction.AskAgain);
    expect(sync.wantsSnapshot).toBe(true);
    expect(sync.snapshot(9)).toBe(SnapshotAction.Join);
  });

  test("what the snapshot contains is superseded, and the first update after it may overlap it", () => {
    const sync = joining();
    for (const [first, last] of [
      [10, 12],
      [13, 15],
      [16, 20],
    ])
      offer(sync, first, last);
    expect(sync.snapshot(14)).toBe(SnapshotAction.Join);
    expect(offer(sync, 10, 12)).toBe(UpdateAction.Superseded);
    expect(offer(sync, 13, 15)).toBe(UpdateAction.Apply);
    expect(offer(sync, 16, 20)).toBe(UpdateAction.Apply);
  });

  test("later updates must continue exactly: a gap and an overlap both start a new join", () => {
    for (const firstId of [103, 101]) {
      const sync = following(100);
      offer(sync, 101, 101);
      expect(offer(sync, firstId, 105)).toBe(UpdateAction.Wait);
      expect([sync.state, sync.reason, sync.following]).toEqual([FeedState.Stale, FeedReason.Gap, false]);
    }
  });

  test("silence ends with the next update that continues, without a new join", () => {
    const sync = following(100);
    sync.silence();
    expect([sync.state, sync.reason]).toEqual([FeedState.Stale, FeedReason.Silence]);
    expect(offer(sync, 101, 103)).toBe(UpdateAction.Apply);
    expect([sync.state, sync.reason]).toEqual([FeedState.Live, FeedReason.None]);
  });

  test("a gap after silence is a gap", () => {
    const sync = following(100);
    sync.silence();
    offer(sync, 102, 103);
    expect([sync.state, sync.reason]).toEqual([FeedState.Stale, FeedReason.Gap]);
  });

  test("nothing is accepted from a connection that has ended", () => {
    const sync = following(100);
    sync.disconnected();
    expect(offer(sync, 101, 102)).toBe(UpdateAction.Unsynced);
    expect(sync.snapshot(200)).toBe(SnapshotAction.Ignore);
    sync.lost(FeedReason.BadFrame);
    expect(sync.reason).toBe(FeedReason.Disconnected);
  });

  test("when too many wait, the oldest goes and a new snapshot is wanted", () => {
    const sync = joining();
    for (let id = 1; id <= WAITING_MAX; id += 1) expect(offer(sync, id, id)).toBe(UpdateAction.Wait);
    sync.snapshotAsked();
    expect(offer(sync, WAITING_MAX + 1, WAITING_MAX + 1)).toBe(UpdateAction.WaitForOldest);
    sync.waitingFrom(2);
    expect([sync.waiting, sync.wantsSnapshot]).toEqual([WAITING_MAX, true]);
    expect(sync.snapshot(0)).toBe(SnapshotAction.AskAgain);
    expect(sync.snapshot(1)).toBe(SnapshotAction.Join);
  });
});

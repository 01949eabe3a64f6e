/**
 * Agents with sockets on a runner that never looks unasked: whatever they have to do in time they get done, for they
 * say when, or wake the thread. Against the real local venue and a server that is not there.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Agent } from "../actors/agent/agent.js";
import { EventLoopRunner } from "../actors/agent/event-loop-runner.js";
import { COUNTER_NAMES } from "../actors/counter-names.js";
import { FeedAgent } from "../actors/feeds/feed-agent.js";
import { PrivateRings } from "../actors/ring/private-rings.js";
import { StoreAgent } from "../actors/store/store-agent.js";
import { BinanceOrders } from "../feeds/binance/orders.js";
import { AccountKeys } from "../feeds/binance/orders-keys.js";
import { BinanceFeed } from "../feeds/binance/session.js";
import { createFeedCounters } from "../feeds/feed-counters.js";
import { LOCAL_API_KEY, LOCAL_API_SECRET } from "../feeds/local-venue/orders/credentials.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { createCrc32c } from "../wasm/index.js";
import { withDirectory } from "./support/command.js";
import { BTC, ETH, Follower } from "./support/feed.js";

const rings = () => new PrivateRings(1 << 20);

/** Ten minutes is longer than any test: nothing happens by itself. */
const run = (agent: Agent): EventLoopRunner =>
  new EventLoopRunner([agent], rings().control(), { spinsMax: 2, parkMs: 600_000 }, (error) => {
    throw error;
  }).start();

async function withVenue(work: (venue: LocalVenue) => Promise<void>): Promise<void> {
  const venue = await startLocalVenue({ speed: 0 });
  try {
    await work(venue);
  } finally {
    await venue.close();
  }
}

/** Waits for a fact; the test's own time limit ends a vain wait. */
async function until(holds: () => boolean, meanwhile = (): void => {}): Promise<void> {
  while (!holds()) {
    meanwhile();
    await sleep(2);
  }
}

test("a feed joins its books, notices silence and a gap, dials again, and shows its counters", async () => {
  await withVenue(async (venue) => {
    const counted = createFeedCounters();
    const follower = new Follower([BTC, ETH]);
    const shown = rings().counters(COUNTER_NAMES);
    let runner: EventLoopRunner | null = null;
    const feed = new BinanceFeed({
      instruments: [BTC, ETH],
      endpoints: { rest: venue.restUrl, ws: venue.wsUrl },
      sink: follower.sink,
      counters: counted,
      stamp: (into, at) => {
        into[at] = (performance.timeOrigin + performance.now()) * 1000;
      },
      silenceMs: 150,
      random: () => 0.01,
      onStir: (isUrgent) => (isUrgent ? runner?.wake() : runner?.wakeWithin(10)),
    });
    await feed.start();
    runner = run(new FeedAgent(feed, counted, shown));
    const statuses = () => follower.books[0].statuses;
    const isLive = () => follower.books.every((book) => book.isLive);
    const step = () => venue.step(5);
    await until(isLive, step);
    await until(() => statuses().at(-1) === "Stale/Silence");
    await until(isLive, step);
    venue.skip("BTCUSDT", 1);
    await until(() => statuses().includes("Stale/Gap"), step);
    await until(isLive, step);
    venue.closeConnections(1001);
    await until(() => statuses().includes("Stale/Disconnected"));
    await until(isLive, step);
    await until(() => shown.get("frames.received") === counted.received);
    expect(follower.books[0].faults).toEqual([]);
    await runner.stop();
    await feed.stop();
  });
});

test("the order link dials again for as long as its venue is away", async () => {
  const troubles: string[] = [];
  const events: string[] = [];
  let runner: EventLoopRunner | null = null;
  const wake = (): void => runner?.wake();
  await withVenue(async (venue) => {
    const link = await BinanceOrders.open({
      endpoints: { rest: venue.restUrl, ws: venue.wsUrl },
      keys: new AccountKeys({ apiKey: LOCAL_API_KEY, secret: LOCAL_API_SECRET }),
      nowUs: () => Date.now() * 1_000,
      onAnswer: wake,
      onEvent: ({ kind }) => {
        events.push(kind);
        wake();
      },
      onStir: wake,
      random: () => 0.1,
      onTrouble: (what) => troubles.push(what),
    });
    runner = run({ role: "link", work: () => link.work(), nextWorkMs: () => link.nextWorkMs() });
    try {
      await until(() => events.includes("up"));
      venue.closeSessions(1001);
      await until(() => events.filter((kind) => kind === "up").length === 2);
      await venue.close();
      await until(() => troubles.length >= 4);
    } finally {
      await runner.stop();
      await link.stop();
    }
  });
});

test("the store tries again and again while its server is away", async () => {
  await withDirectory(async (directory) => {
    const failures: Error[] = [];
    let runner: EventLoopRunner | null = null;
    const agent = new StoreAgent({
      directory,
      // The port of discarding, on which nobody listens.
      url: "http://127.0.0.1:9",
      crc32c: createCrc32c(),
      counters: { set: () => {} },
      onFailure: (error) => failures.push(error),
      wake: () => runner?.wake(),
    });
    runner = run(agent);
    expect(agent.nextWorkMs()).toBeGreaterThanOrEqual(20);
    await until(() => failures.length >= 3);
    await runner.stop();
  });
});

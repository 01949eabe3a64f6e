/** What agents of event-loop threads wait for besides their bells: when they say that they have to be looked at. */
import { describe, expect, test } from "vitest";
import { EventLoopRunner } from "../actors/agent/event-loop-runner.js";
import { ControlDesk } from "../actors/control-desk.js";
import { LinkInbox } from "../actors/gateway/link-inbox.js";
import { JournalState } from "../actors/journal/journal-agent.js";
import { ringing } from "../actors/metrics/ringing-counters.js";
import { PrivateRings } from "../actors/ring/private-rings.js";
import { TradingGuard } from "../actors/trading-guard.js";
import { BinanceIntake } from "../feeds/binance/intake.js";
import { createFeedCounters } from "../feeds/feed-counters.js";
import type { LinkRequest } from "../feeds/orders/link.js";
import { OperatorAction } from "../schemas/index.js";
import { START_US } from "./support/engine.js";
import { BTC, Follower } from "./support/feed.js";
import { FRESH, INSTRUMENTS, ok, venueOrder, venueTrade } from "./support/gateway.js";
import { AgentRig } from "./support/gateway-agent.js";

const NEVER = Number.POSITIVE_INFINITY;
const KIB = 1024;

describe("the control desk", () => {
  test("looks soon while commands wait for room in its ring, and not at all otherwise", () => {
    const rings = new PrivateRings(64 * KIB);
    const { producer, consumer } = rings.spsc(4 * KIB);
    const desk = new ControlDesk(producer, rings.control().doorbell, () => START_US);
    expect(desk.nextWorkMs()).toBe(NEVER);
    for (let command = 0; command < 10; command += 1) desk.command(OperatorAction.Halt, "x".repeat(600));
    expect(desk.nextWorkMs()).toBe(1);
    while (desk.nextWorkMs() !== NEVER) {
      while (consumer.next() !== -1);
      consumer.release();
      desk.work();
    }
  });
});

describe("the trading guard", () => {
  test("hears of a slow disk by its bell, at every change and not otherwise", async () => {
    const rings = new PrivateRings(64 * KIB);
    const control = rings.control();
    const counters = rings.counters(["journal.state", "archive.diverged", "gateway.overfull"]);
    const journal = ringing(counters, "journal.state", control.doorbell);
    const commands: number[] = [];
    const guard = new TradingGuard({
      counters: counters as { get(name: string): number },
      command: (action) => commands.push(action),
      isFeedAway: () => false,
    });
    const runner = new EventLoopRunner([guard], control, { spinsMax: 2, parkMs: 600_000 }, () => {}).start();
    const asleep = async () => {
      while (!control.doorbell.isArmed) await new Promise(setImmediate);
    };
    await asleep();
    journal.set("journal.state", JournalState.ok);
    expect(control.doorbell.isArmed).toBe(true);
    journal.set("journal.state", JournalState.slow);
    while (commands.length < 1) await new Promise(setImmediate);
    await asleep();
    journal.set("journal.state", JournalState.ok);
    while (commands.length < 2) await new Promise(setImmediate);
    expect(commands).toEqual([OperatorAction.Suspend, OperatorAction.Unsuspend]);
    await runner.stop();
  });
});

describe("a feed's intake", () => {
  const make = (room = NEVER) => {
    const follower = new Follower([BTC]);
    follower.sink.room = room;
    const stamp = (into: Float64Array, at: number) => {
      into[at] = START_US;
    };
    const counters = createFeedCounters();
    return {
      follower,
      intake: new BinanceIntake({ instruments: [BTC], sink: follower.sink, counters, stamp, silenceMs: 50 }),
    };
  };

  test("has nothing to do before a book is live", () => {
    const { intake } = make();
    intake.subscribed();
    expect(intake.nextTickUs(START_US)).toBe(NEVER);
  });

  test("tries again soon what it could not say for lack of room", () => {
    const { intake, follower } = make(0);
    intake.subscribed();
    expect(intake.nextTickUs(START_US) - START_US).toBeLessThanOrEqual(5_000);
    follower.sink.room = NEVER;
    expect(intake.tick()).toBe(1);
    expect(intake.nextTickUs(START_US)).toBe(NEVER);
  });
});

describe("the gateway", () => {
  const ANSWER_US = 10_000_000;
  const FAR_US = 1e12;

  function start(reportBytes?: number) {
    const sent: LinkRequest[] = [];
    const inbox = new LinkInbox(() => {});
    const clock = { us: START_US };
    const send = (request: LinkRequest): void => {
      if (request.kind === "submit") sent.push(request);
      else inbox.onAnswer({ requestId: request.requestId, outcome: ok() });
    };
    const settings = { watchUs: FAR_US, idleWatchUs: FAR_US, answerUs: ANSWER_US };
    const parts = { instruments: INSTRUMENTS, recovery: FRESH, send, inbox, nowUs: () => clock.us, settings };
    const rig = new AgentRig({ ...parts, reportBytes });
    inbox.onEvent({ kind: "up" });
    while (rig.work() > 0);
    return { rig, sent, clock, dueMs: () => rig.agent.nextWorkMs() };
  }

  test("waits for its next look at the venue when nothing is under way", () => {
    const { dueMs } = start();
    expect(dueMs()).toBeGreaterThan(1_000_000);
  });

  test("gives a request up when its time is over", () => {
    const { rig, clock, dueMs } = start();
    rig.submit({ orderId: 1 });
    rig.sync();
    while (rig.work() > 0);
    expect(dueMs()).toBe(ANSWER_US / 1_000);
    clock.us += ANSWER_US - 2_000;
    expect(dueMs()).toBe(2);
    clock.us += 3_000;
    expect(dueMs()).toBe(0);
    rig.words();
    rig.work();
    expect(rig.words()).toEqual([expect.stringContaining("order 1 Unknown")]);
  });

  test("looks soon while reports wait for room in their ring", () => {
    const { rig, sent, dueMs } = start(4_096);
    rig.submit({ orderId: 1, qtyLots: 500 });
    rig.sync();
    rig.work();
    const placed = venueOrder({ qty: "0.500", filledQty: "0.200", status: "PARTIALLY_FILLED" });
    const trades = Array.from({ length: 200 }, (_, at) => venueTrade({ tradeId: at + 1 }));
    rig.inbox.onAnswer({ requestId: sent[0].requestId, outcome: ok({ orders: [placed], trades }) });
    rig.agent.work();
    expect(dueMs()).toBe(1);
    while (rig.counters.get("gateway.waiting") > 0) rig.work();
    expect(dueMs()).toBeGreaterThan(1);
  });
});

/** What each thread measures of an order, with clocks that say what the test wants: agents stepped by hand. */
import { describe, expect, test } from "vitest";
import { COUNTER_NAMES } from "../actors/counter-names.js";
import { EngineAgent } from "../actors/engine/engine-agent.js";
import { Sampling } from "../actors/engine/sampling.js";
import { type EngineLatency, privateLatency } from "../actors/engine/stopwatch.js";
import { SentOrders } from "../actors/gateway/sent-orders.js";
import { SafeOrders } from "../actors/journal/safe-orders.js";
import type { Histogram } from "../actors/metrics/histogram.js";
import { STAMP_PASSED, STAMP_RECEIVED, STAMP_SEQUENCE } from "../actors/metrics/order-stamps.js";
import { VenueAgent } from "../actors/paper/venue-agent.js";
import { PrivateRings } from "../actors/ring/private-rings.js";
import type { SpscProducer } from "../actors/ring/spsc.js";
import { Engine, makeInstrument } from "../engine/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  clockAt,
  configAt,
  engineConfig,
  feedAt,
  type Message,
  probe,
  START_US,
  snapshotAt,
  tradeAt,
} from "./support/engine.js";

/** Of the messages that the support writes. */
const DECODE_NS = 900;
/** By the test's clock. */
const READING_US = 2;

const count = (histogram: Histogram): number => histogram.snapshot().count;
/** The only value that was recorded, within a histogram's precision; nanoseconds. */
const only = (histogram: Histogram): number => histogram.snapshot().max;

function put(ring: SpscProducer, message: Message): void {
  const at = ring.claim(message.type, message.bytes);
  ring.views.u8.set(message.views.u8.subarray(message.at, message.at + message.bytes), at);
  ring.commit();
  ring.publish();
}

/** An engine whose readings of the clock are 2 µs apart; it sends `orders` on a trade, or on a tick of the clock. */
function setUp({ orders = 1, orderOnClock = false } = {}) {
  const rings = new PrivateRings(8 << 20);
  const [market, control, reports] = [rings.spsc(1 << 20), rings.spsc(1 << 16), rings.spsc(1 << 16)];
  const log = rings.log(1 << 20, 1);
  const clock = { nowUs: START_US };
  const stampClock = {
    wallUsAtZero: START_US,
    stamp: (into: Float64Array, index: number) => {
      clock.nowUs += READING_US;
      into[index] = clock.nowUs - START_US;
    },
  };
  const order = (ctx: { submit(order: object): unknown }): void => {
    for (let made = 0; made < orders; made += 1) ctx.submit({ side: "buy", qty: "0.001" });
  };
  const strategy = probe({
    subscribe: ["trades:BTC/USDT.BINANCE", "timer:1s"],
    ...(orderOnClock ? { onTimer: order as never } : { onTrade: order as never }),
  });
  const config = engineConfig({ strategies: [{ id: "probe", bundle: "", params: {} }] });
  const engine = new Engine({ config, math: createMathCore(), strategies: [strategy], log: log.writer });
  const stamps = rings.orderStamps();
  const latency: EngineLatency = { ...privateLatency(rings, stampClock), commands: stamps.writer };
  const bell = rings.control().doorbell;
  const agent = new EngineAgent({
    ...{ engine, log: log.writer, gate: null, followers: [bell], counters: rings.counters(COUNTER_NAMES), latency },
    ...{ market: market.consumer, control: control.consumer, reports: reports.consumer },
  });
  put(control.producer, configAt(START_US, config));
  agent.work();
  put(market.producer, snapshotAt(START_US, [[6_499_999, 1_000]], [[6_500_001, 1_000]]));
  put(market.producer, feedAt(START_US));
  agent.work();
  const histograms = Object.values(latency.histograms);
  for (const histogram of histograms) histogram.clear();
  return {
    ...{ rings, engine, agent, latency, clock, log, reports, config, stamps: stamps.reader },
    ...{ market: market.producer, control: control.producer },
  };
}

describe("the engine's thread", () => {
  test("times a message from the socket to its decoding, taking, applying and publishing", () => {
    const { agent, latency, clock, market } = setUp();
    const receivedUs = clock.nowUs - 8;
    put(market, tradeAt(receivedUs, 6_500_000, 10));
    agent.work();
    const { decode, ring, engine, command, "tick-to-order": tickToOrder } = latency.histograms;
    // Received at −8, taken at 2, applied at 4, published at 6.
    expect([decode, ring, engine, command, tickToOrder].map(only)).toEqual([
      DECODE_NS,
      10_000 - DECODE_NS,
      2_000,
      4_000,
      14_000,
    ]);
  });

  test("counts every order of an input, and leaves the input's stamps once", () => {
    const { engine, agent, latency, market, clock } = setUp({ orders: 3 });
    put(market, tradeAt(clock.nowUs, 6_500_000, 10));
    agent.work();
    expect(engine.ordersSent).toBe(3);
    expect([count(latency.histograms.command), count(latency.histograms["tick-to-order"])]).toEqual([3, 3]);
  });

  test("has no tick for an order that the clock led to", () => {
    const { engine, agent, latency, control, market } = setUp({ orderOnClock: true });
    put(market, tradeAt(START_US + 10, 6_500_000, 10));
    agent.work();
    put(control, clockAt(START_US + 1_000_000));
    agent.work();
    expect(engine.ordersSent).toBeGreaterThan(0);
    expect(count(latency.histograms.command)).toBe(engine.ordersSent);
    expect(count(latency.histograms["tick-to-order"])).toBe(0);
  });

  test("times every order but few inputs while it is behind", () => {
    const { engine, agent, latency, market, clock } = setUp();
    for (let trade = 1; trade <= 1_024; trade += 1) put(market, tradeAt(clock.nowUs, 6_500_000, 10, 1, 0, trade));
    while (agent.work() > 0);
    expect(count(latency.histograms["tick-to-order"])).toBe(engine.ordersSent);
    expect(count(latency.histograms.ring)).toBeGreaterThan(0);
    expect(count(latency.histograms.ring)).toBeLessThan(16);
  });

  test("has orders of earlier lives behind it", () => {
    const first = setUp();
    put(first.market, tradeAt(first.clock.nowUs, 6_500_000, 10));
    first.agent.work();
    const { engine, rings, log, latency, config } = first;
    const control = rings.spsc(1 << 16);
    const again = new EngineAgent({
      ...{ engine, log: log.writer, gate: null, followers: [], counters: rings.counters(COUNTER_NAMES), latency },
      ...{ market: rings.spsc(4096).consumer, control: control.consumer, reports: rings.spsc(4096).consumer },
    });
    latency.histograms.command.clear();
    put(control.producer, clockAt(START_US + 1));
    again.work();
    expect([engine.ordersSent, count(latency.histograms.command), config.format]).toEqual([1, 0, 1]);
  });
});

describe("sampling", () => {
  const timedOf = (sampling: Sampling, inputs: number): number[] => {
    const timed = Array.from({ length: inputs }, (_, position) => position).filter((each) => sampling.isTimed(each));
    sampling.ended(inputs);
    return timed;
  };

  test("takes the first of every small batch", () => {
    const sampling = new Sampling();
    for (let batch = 0; batch < 300; batch += 1) expect(timedOf(sampling, 3)).toEqual([0, 1, 2]);
  });

  test("takes each place of full batches once in a thousand of them", () => {
    const sampling = new Sampling();
    sampling.ended(256);
    const places = Array.from({ length: 1_024 }, () => timedOf(sampling, 256)).flat();
    expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, place) => place));
  });
});

test("the simulated venue times an order from its publication to its taking", () => {
  const { rings, agent, stamps, market, clock, log, reports, config } = setUp();
  const sent = rings.histogram();
  const venue = new VenueAgent({
    ...{ log: log.readers[0], reports: reports.producer, engineBell: rings.control().doorbell },
    ...{ instruments: config.instruments.map(makeInstrument), model: config.paper },
    latency: { commands: stamps, sent, nowUs: () => clock.nowUs + 50 },
  });
  put(market, tradeAt(clock.nowUs, 6_500_000, 10));
  agent.work();
  venue.work();
  expect(only(sent)).toBe(50_000);
});

describe("the threads behind it", () => {
  function behind() {
    const rings = new PrivateRings(1 << 20);
    const [engineTable, journalTable] = [rings.orderStamps(), rings.orderStamps()];
    const [durable, tickToDurable, sent] = [rings.histogram(), rings.histogram(), rings.histogram()];
    const command = (sequence: number, receivedUs: number, publishedUs: number): void => {
      const { row, doubles } = engineTable.writer;
      doubles[row + STAMP_SEQUENCE] = sequence;
      doubles[row + STAMP_RECEIVED] = receivedUs;
      doubles[row + STAMP_PASSED] = publishedUs;
      engineTable.writer.publish();
    };
    const safe = new SafeOrders({ commands: engineTable.reader, safe: journalTable.writer, durable, tickToDurable });
    const moment = { nowUs: 0 };
    const gateway = new SentOrders({ safe: journalTable.reader, sent, nowUs: () => moment.nowUs });
    return { command, safe, gateway, moment, durable, tickToDurable, sent };
  }

  test("an order is timed to its being safe, and from there to its leaving", () => {
    const { command, safe, gateway, moment, durable, tickToDurable, sent } = behind();
    command(7, 1_000, 1_010);
    safe.passed([7], 1_110);
    gateway.begin(7, "a1");
    moment.nowUs = 1_140;
    gateway.left("a1");
    expect([durable, tickToDurable, sent].map(only)).toEqual([100_000, 110_000, 30_000]);
  });

  test("each order of an input counts, by its own leaving", () => {
    const { command, safe, gateway, moment, durable, sent } = behind();
    command(7, 1_000, 1_010);
    safe.passed([7, 7], 1_110);
    gateway.begin(7, "a1");
    gateway.begin(7, "a2");
    moment.nowUs = 1_120;
    gateway.left("a2");
    moment.nowUs = 1_150;
    gateway.left("a1");
    expect([count(durable), count(sent), only(sent)]).toEqual([2, 2, 40_000]);
  });

  test("an order without stamps is not timed, nor is one that no tick led to counted from it", () => {
    const { command, safe, gateway, durable, tickToDurable, sent } = behind();
    safe.passed([3], 500);
    gateway.begin(3, "old");
    gateway.left("old");
    command(9, Number.NaN, 600);
    safe.passed([9], 700);
    expect([count(durable), only(durable), count(tickToDurable), count(sent)]).toEqual([1, 100_000, 0, 0]);
  });

  test("an order that never leaves is forgotten, and one that is not known is nobody's", () => {
    const { command, safe, gateway, moment, sent } = behind();
    for (let sequence = 1; sequence <= 1_025; sequence += 1) {
      command(sequence, 0, 0);
      safe.passed([sequence], 10);
      gateway.begin(sequence, `a${sequence}`);
    }
    moment.nowUs = 20;
    for (const id of ["a1", "a2", "a2", "never"]) gateway.left(id);
    expect(count(sent)).toBe(1);
  });
});

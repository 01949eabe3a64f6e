/** What happens when a ring is full, by ring: agents stepped by hand over small rings in one thread. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { ControlDesk } from "../actors/control-desk.js";
import { COUNTER_NAMES } from "../actors/counter-names.js";
import { EngineAgent } from "../actors/engine/engine-agent.js";
import { Counters } from "../actors/metrics/counters.js";
import { VenueAgent } from "../actors/paper/venue-agent.js";
import { BroadcastReader } from "../actors/ring/broadcast.js";
import { NONE } from "../actors/ring/layout.js";
import { LogReader } from "../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { Engine, makeInstrument } from "../engine/index.js";
import { CANCEL_ORDER_BYTES, MessageType, OperatorAction, viewsOf, writeCancelOrder } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  BTC,
  clockAt,
  configAt,
  engineConfig,
  feedAt,
  type Message,
  MS,
  probe,
  START_US,
  snapshotAt,
  tradeAt,
} from "./support/engine.js";

const identity = { schemaHash: 1, buildHash: 1 };

/** Places structures one after another in a shared memory of its own. */
class Memory {
  readonly views = sharedViewsOf(new SharedArrayBuffer(8 * 1024 * 1024));
  private next = 128;

  place(bytes: number): number {
    const at = this.next;
    this.next = Math.ceil((at + bytes) / 128) * 128;
    return at;
  }

  ring(capacity: number): { producer: SpscProducer; consumer: SpscConsumer } {
    const base = this.place(SpscRing.bytesFor(capacity));
    SpscRing.create(this.views, base, { capacity, identity });
    return {
      producer: SpscProducer.join(this.views, base, identity),
      consumer: SpscConsumer.join(this.views, base, identity),
    };
  }

  log(capacity: number, readers: number) {
    const base = this.place(LogRing.bytesFor(capacity));
    LogRing.create(this.views, base, { capacity, readers, identity });
    return {
      writer: LogWriter.join(this.views, base, identity),
      reader: (slot: number) => LogReader.join(this.views, base, identity, slot),
      views: this.views,
      base,
    };
  }

  doorbell() {
    return new ThreadControl(this.views, this.place(ThreadControl.bytesFor())).doorbell;
  }
}

function put(ring: SpscProducer, message: Message): boolean {
  const at = ring.claim(message.type, message.bytes);
  if (at === NONE) return false;
  ring.views.u8.set(message.views.u8.subarray(message.at, message.at + message.bytes), at);
  ring.commit();
  ring.publish();
  return true;
}

/** An engine agent over a market ring and a log of the given sizes; the log's follower reads only when told to. */
function engineSetup(marketCapacity: number, logCapacity: number) {
  const memory = new Memory();
  const [market, control, reports] = [memory.ring(marketCapacity), memory.ring(64 * 1024), memory.ring(4096)];
  const log = memory.log(logCapacity, 1);
  const config = engineConfig({ strategies: [{ id: "probe", bundle: "", params: {} }] });
  const engine = new Engine({ config, math: createMathCore(), strategies: [probe({})], log: log.writer });
  const agent = new EngineAgent({
    engine,
    log: log.writer,
    market: market.consumer,
    control: control.consumer,
    reports: reports.consumer,
    gate: null,
    followers: [memory.doorbell()],
    counters: new Counters(memory.views, memory.place(Counters.bytesFor(COUNTER_NAMES)), COUNTER_NAMES),
    latency: null,
  });
  put(control.producer, configAt(START_US, config));
  agent.work();
  return { engine, agent, market: market.producer, control: control.producer, follower: log.reader(0) };
}

describe("the log is full", () => {
  test("the engine stops taking, loses nothing, and goes on when there is room", () => {
    const { engine, agent, market, follower } = engineSetup(1 << 20, 1 << 20);
    let offered = 0;
    while (put(market, tradeAt(START_US + offered * MS, 6_500_000, 1, 1, 0, offered + 1))) offered += 1;
    for (let idle = 0; idle < 3; ) idle = agent.work() === 0 ? idle + 1 : 0;
    const takenWhenFull = engine.sequence;
    expect(takenWhenFull).toBeLessThan(offered + 1);
    expect(agent.work()).toBe(0);

    const sequences: number[] = [];
    for (let idle = 0; idle < 3; ) {
      while (follower.next() !== NONE) if (follower.index === 0) sequences.push(follower.sequence);
      follower.release();
      idle = agent.work() === 0 ? idle + 1 : 0;
    }
    expect(engine.sequence).toBe(offered + 1);
    expect(sequences).toEqual(Array.from({ length: offered + 1 }, (_, index) => index + 1));
  });

  test("the market ring then fills, and the feed is told so by its claim", () => {
    const { agent, market } = engineSetup(256 * 1024, 1 << 20);
    let refused = false;
    for (let offered = 0; offered < 100_000 && !refused; offered += 1) {
      refused = !put(market, tradeAt(START_US + offered, 6_500_000, 1, 1, 0, offered + 1));
      if (offered % 64 === 0) agent.work();
    }
    expect(refused).toBe(true);
  });
});

describe("the report ring is full", () => {
  test("no report is dropped, and the venue's cursor stays until they are delivered", () => {
    const memory = new Memory();
    const reports = memory.ring(4096);
    const log = memory.log(1 << 20, 1);
    const reader = log.reader(0);
    const config = engineConfig();
    const venue = new VenueAgent({
      log: reader,
      reports: reports.producer,
      engineBell: memory.doorbell(),
      instruments: [makeInstrument(BTC, 0)],
      model: config.paper,
    });
    let sequence = 0;
    const write = (message: Message, timeUs: number): void => {
      sequence += 1;
      const at = log.writer.claim(message.type, 0, sequence, timeUs, message.bytes);
      log.writer.views.u8.set(message.views.u8.subarray(message.at, message.at + message.bytes), at);
      log.writer.commit();
    };
    write(snapshotAt(START_US, [[6_499_999, 10]], [[6_500_001, 10]]), START_US);
    write(feedAt(START_US), START_US);
    // Cancels of orders that do not exist: one report each, far more than the ring holds.
    for (let order = 1; order <= 200; order += 1) {
      const cancel = { type: MessageType.CancelOrder as number, ...cancelBytes(order) };
      write(cancel, START_US);
    }
    write(clockAt(START_US + 1_000_000), START_US + 1_000_000);
    log.writer.publish();

    let delivered = 0;
    for (let round = 0; round < 1_000 && delivered < 200; round += 1) {
      venue.work();
      if (delivered === 0) expect(log.writer.readerPosition(0)).not.toBe(log.writer.publishedPosition);
      while (reports.consumer.next() !== NONE) delivered += 1;
      reports.consumer.release();
    }
    venue.work();
    expect(delivered).toBe(200);
    expect(log.writer.readerPosition(0)).toBe(log.writer.publishedPosition);
  });
});

describe("the broadcast is full", () => {
  test("the writer goes on, and the reader is told between which two records it lost how many bytes", () => {
    const { writer, views, base } = new Memory().log(4096, 0);
    const lossy = BroadcastReader.join(views, base, identity);
    const append = (sequence: number): void => {
      expect(writer.claim(MessageType.Clock, 0, sequence, 0, 96)).not.toBe(NONE);
      writer.commit();
      writer.publish();
    };
    append(1);
    expect([lossy.next() === NONE, lossy.lapped]).toEqual([false, false]);
    for (let sequence = 2; sequence <= 1_000; sequence += 1) append(sequence);
    expect([lossy.validate(), lossy.next()]).toEqual([false, NONE]);
    append(1_001);
    expect([lossy.next() === NONE, lossy.lapped, lossy.sequence]).toEqual([false, true, 1_001]);
    // The record under its eyes was overwritten too: it has read nothing to its end.
    expect(lossy.gap).toMatchObject({ fromSequence: -1, toSequence: 1_001, lostBytes: 1_000 * 128 });
  });
});

describe("the control ring is full", () => {
  afterEach(() => vi.useRealTimers());

  test("commands wait in order and clock ticks are left out", () => {
    vi.useFakeTimers();
    const memory = new Memory();
    const { producer, consumer } = memory.ring(4096);
    const desk = new ControlDesk(producer, memory.doorbell(), () => START_US);
    desk.onStart();
    vi.advanceTimersByTime(60_000);
    for (let command = 0; command < 100; command += 1) desk.command(OperatorAction.Reduce, `command ${command}`);

    const reasons: string[] = [];
    const drain = (): void => {
      for (let at = consumer.next(); at !== NONE; at = consumer.next()) {
        if (consumer.type !== MessageType.Operator) continue;
        reasons.push(
          Buffer.from(consumer.views.u8.slice(at, at + consumer.payloadBytes))
            .toString()
            .match(/command \d+/)![0],
        );
      }
      consumer.release();
    };
    for (let round = 0; round < 100 && reasons.length < 100; round += 1) {
      drain();
      desk.work();
    }
    desk.onClose();
    expect(reasons).toEqual(Array.from({ length: 100 }, (_, command) => `command ${command}`));
  });

  test("at the queue's bound the run ends rather than lose a command", () => {
    const memory = new Memory();
    const { producer } = memory.ring(4096);
    const desk = new ControlDesk(producer, memory.doorbell(), () => START_US);
    expect(() => {
      for (let command = 0; command < 2_000; command += 1) desk.command(OperatorAction.Reduce, "x".repeat(100));
    }).toThrow(/1024 commands and models wait/);
  });
});

function cancelBytes(orderId: number): Omit<Message, "type"> {
  const views = viewsOf(new ArrayBuffer(CANCEL_ORDER_BYTES));
  writeCancelOrder(views, 0, START_US, orderId, 0, 1, 0);
  return { views, at: 0, bytes: CANCEL_ORDER_BYTES };
}

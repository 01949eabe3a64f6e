/** The ends of the product's rings as a topology uses them: handlers in JavaScript, for the log in WebAssembly too. */
import { NONE } from "../../actors/ring/layout.js";
import type { LogReader } from "../../actors/ring/log-reader.js";
import type { LogWriter } from "../../actors/ring/log-ring.js";
import type { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import type { SharedViews } from "../../actors/ring/views.js";
import { END, exactSum, MESSAGE_BYTES, MESSAGE_TYPE, sumWords, writeWords } from "./message.js";
import { BATCH, type RingConsumer, STRIDE_WORDS, TAKE_MAX } from "./ring-links.js";
import type { Inlet, Outlet } from "./topology-lanes.js";
import { type BenchExports, clearResult, readResult } from "./wasm-links.js";

abstract class ScriptedOutlet implements Outlet {
  /** Adds a message to the batch; false when there is no room. */
  protected abstract append(message: number): boolean;
  protected abstract publish(): void;

  send(first: number, count: number): number {
    let sent = 0;
    while (sent < count && this.append(first + sent)) sent += 1;
    this.publish();
    return sent;
  }

  sendEnd(): boolean {
    const sent = this.append(END);
    this.publish();
    return sent;
  }
}

abstract class ScriptedInlet implements Inlet {
  ends = 0;
  private sum = 0;
  private messages = 0;

  abstract take(): boolean;

  begin(): void {
    this.ends = 0;
    this.sum = 0;
    this.messages = 0;
  }

  result(): { messages: number; checksum: bigint } {
    return { messages: this.messages, checksum: exactSum(this.sum) };
  }

  protected read(f64: Float64Array, word: number): void {
    if (f64[word] === END) {
      this.ends += 1;
    } else {
      this.messages += 1;
      this.sum += sumWords(f64, word);
    }
  }
}

export class RingInlet extends ScriptedInlet {
  private readonly consumer: RingConsumer;

  constructor(consumer: RingConsumer) {
    super();
    this.consumer = consumer;
  }

  take(): boolean {
    const { consumer } = this;
    const { f64 } = consumer.views;
    let taken = 0;
    for (; taken < TAKE_MAX; taken += 1) {
      const at = consumer.next();
      if (at === NONE) break;
      this.read(f64, at >> 3);
    }
    consumer.release();
    return taken > 0;
  }
}

/** A producer that claims many records at once. */
interface BatchProducer {
  readonly views: SharedViews;
  claimMany(type: number, payloadBytes: number, count: number): number;
  commit(): void;
  publish(): void;
}

/** The rings' own form for batches; `strideBytes` is from one record of a batch to the next. */
export class BatchOutlet implements Outlet {
  private readonly producer: BatchProducer;
  private readonly strideWords: number;

  constructor(producer: BatchProducer, strideBytes: number) {
    this.producer = producer;
    this.strideWords = strideBytes / 8;
  }

  send(first: number, count: number): number {
    const { producer, strideWords } = this;
    const { f64 } = producer.views;
    const at = producer.claimMany(MESSAGE_TYPE, MESSAGE_BYTES, count);
    if (at === NONE) return 0;
    for (let each = 0; each < count; each += 1) writeWords(f64, (at >> 3) + each * strideWords, first + each);
    producer.commit();
    producer.publish();
    return count;
  }

  sendEnd(): boolean {
    return this.send(END, 1) === 1;
  }
}

/** Takes from each of its rings in turn. */
export class BatchInlet extends ScriptedInlet {
  private readonly consumers: readonly SpscConsumer[];

  constructor(consumers: readonly SpscConsumer[]) {
    super();
    this.consumers = consumers;
  }

  take(): boolean {
    const { consumers } = this;
    let taken = 0;
    for (let each = 0; each < consumers.length; each += 1) taken += this.takeOf(consumers[each]);
    return taken > 0;
  }

  private takeOf(consumer: SpscConsumer): number {
    const { f64 } = consumer.views;
    const at = consumer.nextMany(TAKE_MAX);
    if (at === NONE) return 0;
    for (let each = 0; each < consumer.count; each += 1) this.read(f64, (at >> 3) + each * STRIDE_WORDS);
    consumer.release();
    return consumer.count;
  }
}

export class LogOutlet extends ScriptedOutlet {
  private readonly writer: LogWriter;

  constructor(writer: LogWriter) {
    super();
    this.writer = writer;
  }

  protected append(message: number): boolean {
    const { writer } = this;
    const at = writer.claim(MESSAGE_TYPE, 0, message, 0, MESSAGE_BYTES);
    if (at === NONE) return false;
    writeWords(writer.views.f64, at >> 3, message);
    writer.commit();
    return true;
  }

  protected publish(): void {
    this.writer.publish();
  }
}

export class LogInlet extends ScriptedInlet {
  private readonly reader: LogReader;

  constructor(reader: LogReader) {
    super();
    this.reader = reader;
  }

  take(): boolean {
    const { reader } = this;
    const { f64 } = reader.views;
    let taken = 0;
    while (taken < TAKE_MAX && reader.next() !== NONE) {
      this.read(f64, reader.payloadOffset >> 3);
      taken += 1;
    }
    reader.release();
    return taken > 0;
  }
}

export class WasmLogOutlet implements Outlet {
  private readonly calls: BenchExports;
  private readonly log: number;

  constructor(calls: BenchExports, log: number) {
    this.calls = calls;
    this.log = log;
    calls.joinWriter(log);
  }

  send(first: number, count: number): number {
    return this.calls.logProduce(this.log, first, count, BATCH);
  }

  sendEnd(): boolean {
    return this.calls.logSendEnd(this.log) !== 0;
  }
}

export class WasmLogInlet implements Inlet {
  ends = 0;
  private readonly calls: BenchExports;
  private readonly views: SharedViews;
  private readonly log: number;
  private readonly slot: number;
  private readonly resultAt: number;

  constructor(
    calls: BenchExports,
    views: SharedViews,
    log: number,
    { slot, dependsOn, resultAt }: { slot: number; dependsOn: readonly number[]; resultAt: number },
  ) {
    this.calls = calls;
    this.views = views;
    this.log = log;
    this.slot = slot;
    this.resultAt = resultAt;
    calls.joinReader(
      log,
      slot,
      dependsOn.reduce((bits, other) => bits | (1 << other), 0),
    );
  }

  begin(): void {
    this.ends = 0;
    clearResult(this.views, this.resultAt);
  }

  take(): boolean {
    const taken = this.calls.logConsume(this.log, this.slot, TAKE_MAX, this.resultAt);
    if (taken < 0) this.ends += 1;
    return taken !== 0;
  }

  result(): { messages: number; checksum: bigint } {
    return readResult(this.views, this.resultAt);
  }
}

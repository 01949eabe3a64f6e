/**
 * The product's point-to-point ring with handlers in WebAssembly, on the same bytes: the loops are in
 * wasm/assembly/bench, and JavaScript only looks at the clock between two calls.
 */
import type { SharedViews } from "../../actors/ring/views.js";
import { embeddedModule } from "../../wasm/module.js";
import { benchWasm } from "../generated/bench.js";
import { BATCH, TAKE_MAX } from "./ring-links.js";
import type { StreamSender, StreamTaker, Taken } from "./streams.js";
import type { Echoed, TripLink } from "./trips.js";

export interface BenchExports {
  joinProducer(ring: number): void;
  joinConsumer(ring: number): void;
  produce(ring: number, first: number, count: number, batch: number): void;
  sendEnd(ring: number): void;
  consume(ring: number, takeMax: number, reads: number, resultAt: number): void;
  roundTrips(out: number, back: number, first: number, count: number, resultAt: number): void;
  echo(there: number, out: number, resultAt: number): void;
  joinWriter(log: number): void;
  /** `dependsOn`: a bit for each slot. */
  joinReader(log: number, slot: number, dependsOn: number): void;
  /** How many were sent: fewer where there was no room. */
  logProduce(log: number, first: number, count: number, batch: number): number;
  logSendEnd(log: number): number;
  /** How many were taken, −1 when the last of them was the end. */
  logConsume(log: number, slot: number, takeMax: number, resultAt: number): number;
}

/** What `consume` and `echo` leave behind: messages, batches and the sum, eight bytes each. */
const RESULTS = 3;
export const RESULT_BYTES = RESULTS * 8;

const benchModule = embeddedModule(benchWasm);

export const instantiate = (memory: WebAssembly.Memory): BenchExports =>
  new WebAssembly.Instance(benchModule(), { env: { memory } }).exports as unknown as BenchExports;

export function readResult({ buffer }: SharedViews, at: number): Taken {
  const [messages, batches, sum] = new BigUint64Array(buffer, at, RESULTS);
  return { messages: Number(messages), batches: Number(batches), checksum: sum };
}

export function clearResult({ f64 }: SharedViews, at: number): void {
  f64.fill(0, at >> 3, (at + RESULT_BYTES) >> 3);
}

/** `out` and `back` are the bases of the rings by which this side sends and receives. */
export class WasmTrips implements TripLink {
  private readonly calls: BenchExports;
  private readonly views: SharedViews;
  private readonly out: number;
  private readonly back: number;
  private readonly resultAt: number;

  constructor(memory: WebAssembly.Memory, views: SharedViews, out: number, back: number, resultAt: number) {
    this.calls = instantiate(memory);
    this.views = views;
    this.out = out;
    this.back = back;
    this.resultAt = resultAt;
    this.calls.joinProducer(out);
    this.calls.joinConsumer(back);
  }

  trips(first: number, count: number): void {
    this.calls.roundTrips(this.out, this.back, first, count, this.resultAt);
  }

  takeSum(): bigint {
    const { checksum } = readResult(this.views, this.resultAt);
    clearResult(this.views, this.resultAt);
    return checksum;
  }

  sendEnd(): void {
    this.calls.sendEnd(this.out);
  }

  echo(): Echoed {
    this.calls.echo(this.back, this.out, this.resultAt);
    return readResult(this.views, this.resultAt);
  }
}

export class WasmStream implements StreamSender, StreamTaker {
  private readonly calls: BenchExports;
  private readonly views: SharedViews;
  private readonly ring: number;
  private readonly resultAt: number;

  /** `sends`: whether this side is the producer. What a side remembers stands in the ring, so it joins as one. */
  constructor(memory: WebAssembly.Memory, views: SharedViews, ring: number, sends: boolean, resultAt: number) {
    this.calls = instantiate(memory);
    this.views = views;
    this.ring = ring;
    this.resultAt = resultAt;
    if (sends) this.calls.joinProducer(ring);
    else this.calls.joinConsumer(ring);
  }

  send(first: number, count: number): void {
    this.calls.produce(this.ring, first, count, BATCH);
  }

  sendEnd(): void {
    this.calls.sendEnd(this.ring);
  }

  takeAll(): Taken {
    this.calls.consume(this.ring, TAKE_MAX, 1, this.resultAt);
    return readResult(this.views, this.resultAt);
  }
}

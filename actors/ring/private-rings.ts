/**
 * Rings in a memory of one's own, placed one after another: for running agents by hand in one thread, as a warm-up and
 * tests do. A session's rings are planned in memory-map.ts instead.
 */
import { ThreadControl } from "../agent/thread-control.js";
import { Counters } from "../metrics/counters.js";
import { Histogram } from "../metrics/histogram.js";
import { OrderStampReader, OrderStampWriter } from "../metrics/order-stamps.js";
import { LINE_PAIR } from "./layout.js";
import { LogReader } from "./log-reader.js";
import { LogRing, LogWriter } from "./log-ring.js";
import { SpscProducer, SpscRing } from "./spsc.js";
import { SpscConsumer } from "./spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "./views.js";

const IDENTITY = { schemaHash: 1, buildHash: 1 };

export class PrivateRings {
  readonly views: SharedViews;
  private next = LINE_PAIR;

  constructor(bytes: number) {
    this.views = sharedViewsOf(new SharedArrayBuffer(bytes));
  }

  spsc(capacity: number): { readonly producer: SpscProducer; readonly consumer: SpscConsumer } {
    const { views } = this;
    const base = this.place(SpscRing.bytesFor(capacity));
    SpscRing.create(views, base, { capacity, identity: IDENTITY });
    return { producer: SpscProducer.join(views, base, IDENTITY), consumer: SpscConsumer.join(views, base, IDENTITY) };
  }

  /** A log with gating readers, by slot. */
  log(capacity: number, readers: number): { readonly writer: LogWriter; readonly readers: readonly LogReader[] } {
    const { views } = this;
    const base = this.place(LogRing.bytesFor(capacity));
    LogRing.create(views, base, { capacity, readers, identity: IDENTITY });
    const joined = Array.from({ length: readers }, (_, slot) => LogReader.join(views, base, IDENTITY, slot));
    return { writer: LogWriter.join(views, base, IDENTITY), readers: joined };
  }

  control(): ThreadControl {
    return new ThreadControl(this.views, this.place(ThreadControl.bytesFor()));
  }

  histogram(): Histogram {
    return new Histogram(this.views, this.place(Histogram.bytesFor()));
  }

  orderStamps(): { readonly writer: OrderStampWriter; readonly reader: OrderStampReader } {
    const base = this.place(OrderStampWriter.bytesFor());
    return { writer: new OrderStampWriter(this.views, base), reader: new OrderStampReader(this.views, base) };
  }

  counters<Name extends string>(names: readonly Name[]): Counters<Name> {
    return new Counters(this.views, this.place(Counters.bytesFor(names)), names);
  }

  private place(bytes: number): number {
    const at = this.next;
    this.next = Math.ceil((at + bytes) / LINE_PAIR) * LINE_PAIR;
    return at;
  }
}

/**
 * The shared memory of one life: its rings, counters and the tables of the checksum, as actors/memory-map.ts plans them
 * for threads. One memory serves all lives, one after another, and is cleared before each: what a dead life left in it
 * must not decide anything.
 */
import { COUNTER_NAMES, type CounterName } from "../../../actors/counter-names.js";
import { Counters } from "../../../actors/metrics/counters.js";
import { LINE_PAIR } from "../../../actors/ring/layout.js";
import { LogReader } from "../../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../../actors/ring/log-ring.js";
import { SpscProducer, SpscRing } from "../../../actors/ring/spsc.js";
import { SpscConsumer } from "../../../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../../../actors/ring/views.js";
import { CRC32C_BYTES, createSharedMemory, Fabric } from "../../../wasm/index.js";

const IDENTITY = { schemaHash: 1, buildHash: 1 };
const LOG_BYTES = 1024 * 1024;
const CONTROL_BYTES = 32 * 1024;
const MEMORY_BYTES = 2 * 1024 * 1024;

/** Who follows the log and gates it; `witness` is the simulator's own. */
const FOLLOWERS = ["journal", "gateway", "witness"] as const;

export interface RingSizes {
  readonly marketRingBytes: number;
  readonly reportRingBytes: number;
}

const memory = createSharedMemory(MEMORY_BYTES);
const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);

export class RingMemory {
  readonly views: SharedViews = views;
  readonly fabric: Fabric;
  readonly counters: Counters<CounterName>;
  private readonly log: number;
  private readonly rings: Readonly<Record<"market" | "control" | "report", number>>;
  private next = 0;

  constructor({ marketRingBytes, reportRingBytes }: RingSizes) {
    views.u8.fill(0);
    this.fabric = new Fabric(memory, this.place(CRC32C_BYTES));
    this.counters = new Counters(views, this.place(Counters.bytesFor(COUNTER_NAMES)), COUNTER_NAMES);
    this.log = this.place(LogRing.bytesFor(LOG_BYTES));
    LogRing.create(views, this.log, { capacity: LOG_BYTES, readers: FOLLOWERS.length, identity: IDENTITY });
    this.rings = {
      market: this.ring(marketRingBytes),
      control: this.ring(CONTROL_BYTES),
      report: this.ring(reportRingBytes),
    };
  }

  logWriter(): LogWriter {
    return LogWriter.join(views, this.log, IDENTITY);
  }

  logReader(follower: (typeof FOLLOWERS)[number], dependsOn: readonly (typeof FOLLOWERS)[number][] = []): LogReader {
    const slot = (name: (typeof FOLLOWERS)[number]): number => FOLLOWERS.indexOf(name);
    return LogReader.join(views, this.log, IDENTITY, slot(follower), dependsOn.map(slot));
  }

  producer(ring: keyof RingMemory["rings"]): SpscProducer {
    return SpscProducer.join(views, this.rings[ring], IDENTITY);
  }

  consumer(ring: keyof RingMemory["rings"]): SpscConsumer {
    return SpscConsumer.join(views, this.rings[ring], IDENTITY);
  }

  private ring(capacity: number): number {
    const base = this.place(SpscRing.bytesFor(capacity));
    SpscRing.create(views, base, { capacity, identity: IDENTITY });
    return base;
  }

  private place(bytes: number): number {
    const at = this.next;
    this.next = Math.ceil((at + bytes) / LINE_PAIR) * LINE_PAIR;
    return at;
  }
}

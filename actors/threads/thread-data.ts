/** What a worker is told when it is spawned, and the handles on shared memory that it makes from that. */
import { SCHEMA_HASH } from "../../schemas/index.js";
import { IDLE, type IdleStrategy } from "../agent/idle.js";
import { ThreadControl } from "../agent/thread-control.js";
import { type ClockBasis, makeClock, type NowUs } from "../clock.js";
import { COUNTER_NAMES, type CounterName } from "../counter-names.js";
import { HOPS, type Hop } from "../hops.js";
import { ERRORS_MAX, type MemoryMap, type StampName } from "../memory-map.js";
import { Counters } from "../metrics/counters.js";
import { ErrorLog } from "../metrics/error-log.js";
import { Histogram } from "../metrics/histogram.js";
import { OrderStampReader, OrderStampWriter } from "../metrics/order-stamps.js";
import { type PlannedThread, type ThreadPlan, threadOf } from "../placement.js";
import type { RingIdentity } from "../ring/header.js";
import { LogReader } from "../ring/log-reader.js";
import { LogWriter } from "../ring/log-ring.js";
import { SpscProducer } from "../ring/spsc.js";
import { SpscConsumer } from "../ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../ring/views.js";
import { type LOG, logSlot, type RingName, THREAD_NAMES, type ThreadName } from "../topology.js";

export interface ThreadData {
  readonly memory: WebAssembly.Memory;
  readonly map: MemoryMap;
  readonly clock: ClockBasis;
  readonly buildHash: number;
  /** Which agents share a thread. */
  readonly plan: ThreadPlan;
  /** How often the agent's thread was started again; 0, as without it, the first time. */
  readonly restarts?: number;
}

/** A thread's own objects over the shared memory; each thread makes them once. */
export class ThreadContext {
  readonly name: ThreadName;
  readonly views: SharedViews;
  readonly memory: WebAssembly.Memory;
  readonly map: MemoryMap;
  readonly nowUs: NowUs;
  readonly counters: Counters<CounterName>;
  /** Distinct errors of all threads. */
  readonly errors: ErrorLog;
  /** Of the thread that each agent runs on; agents of one thread share them. */
  readonly controls: Readonly<Record<ThreadName, ThreadControl>>;
  readonly histograms: Readonly<Record<Hop, Histogram>>;
  /** Where the engine stands; see EngineParts. */
  readonly running: Float64Array;
  private readonly identity: RingIdentity;
  readonly plan: ThreadPlan;

  constructor(name: ThreadName, { memory, map, clock, buildHash, plan }: ThreadData) {
    const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
    this.name = name;
    this.views = views;
    this.memory = memory;
    this.map = map;
    this.nowUs = makeClock(clock);
    this.running = new Float64Array(views.f64.buffer, map.running, 2);
    this.errors = new ErrorLog(views, map.errors, ERRORS_MAX);
    this.counters = new Counters(views, map.counters, COUNTER_NAMES);
    this.controls = record(THREAD_NAMES, (thread) => new ThreadControl(views, map.threads[hostOf(plan, thread)]));
    this.histograms = record(HOPS, (hop) => new Histogram(views, map.histograms[hop]));
    this.identity = { schemaHash: SCHEMA_HASH, buildHash };
    this.plan = plan;
  }

  get control(): ThreadControl {
    return this.controls[this.name];
  }

  /** How the thread waits; the main one has sockets, as those with agents of that kind have. */
  get idle(): IdleStrategy {
    return this.name === "main" ? IDLE.eventLoop : this.thread.idle;
  }

  /** What the plan says of the thread. Throws for the main one, which no plan places. */
  get thread(): PlannedThread {
    if (this.name === "main") throw new RangeError("the main thread is in no plan: ask for a worker's");
    return threadOf(this.plan, this.name);
  }

  /** Puts an error on record, with the role of the agent whose it is. */
  readonly recordError = (error: unknown, role: string): void => {
    this.errors.record(`${role}: ${error instanceof Error ? error.message : String(error)}`, this.nowUs());
  };

  producer(ring: RingName): SpscProducer {
    return SpscProducer.join(this.views, this.map.rings[ring], this.identity);
  }

  consumer(ring: RingName): SpscConsumer {
    return SpscConsumer.join(this.views, this.map.rings[ring], this.identity);
  }

  logWriter(): LogWriter {
    return LogWriter.join(this.views, this.map.log, this.identity);
  }

  /** A follower that depends on another never reads what that one has not released. */
  logReader(follower: (typeof LOG.gating)[number], dependsOn: readonly (typeof LOG.gating)[number][] = []): LogReader {
    return LogReader.join(this.views, this.map.log, this.identity, logSlot(follower), dependsOn.map(logSlot));
  }

  /** One thread's alone: the engine's of commands, the journal's of what is safe. */
  stampWriter(name: StampName): OrderStampWriter {
    return new OrderStampWriter(this.views, this.map.stamps[name]);
  }

  stampReader(name: StampName): OrderStampReader {
    return new OrderStampReader(this.views, this.map.stamps[name]);
  }

  get ringIdentity(): RingIdentity {
    return this.identity;
  }
}

/** A thread's control words are those of its first agent; an agent that the plan leaves out has its own. */
function hostOf({ threads }: ThreadPlan, name: ThreadName): ThreadName {
  return name === "main" ? name : (threads.find(({ agents }) => agents.includes(name))?.agents[0] ?? name);
}

function record<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}

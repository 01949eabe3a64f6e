/**
 * One life of the process: started by recovery as every life is, then four threads on simulated rings, with the real
 * engine, journal, gateway and feed on them. It ends when it is told to stop, or dies; then nothing of it is heard
 * again.
 */
import { ControlDesk } from "../../../actors/control-desk.js";
import { completeInput } from "../../../actors/engine/complete-input.js";
import { EngineAgent } from "../../../actors/engine/engine-agent.js";
import { MarketRingSink } from "../../../actors/feeds/market-ring-sink.js";
import { JournalAgent } from "../../../actors/journal/journal-agent.js";
import { readBundle, storeBundles } from "../../../actors/journal/journal-directory.js";
import { SegmentWriter } from "../../../actors/journal/segment-writer.js";
import { type NextLife, nextLife } from "../../../actors/recovery/next-life.js";
import { type Recovered, recover } from "../../../actors/recovery/recover.js";
import { whatToAsk } from "../../../actors/recovery/what-to-ask.js";
import { NONE } from "../../../actors/ring/layout.js";
import type { LogReader } from "../../../actors/ring/log-reader.js";
import type { SpscProducer } from "../../../actors/ring/spsc.js";
import { type Engine, type EngineConfig, loadStrategy, type StrategyDefinition } from "../../../engine/index.js";
import { BinanceFeed } from "../../../feeds/binance/session.js";
import { createFeedCounters, droppedTotal } from "../../../feeds/feed-counters.js";
import { CLOCK_BYTES, MessageType, Mode, writeClock } from "../../../schemas/index.js";
import { createCrc32c, createDeterministicMath, createMathCore, type MathCore } from "../../../wasm/index.js";
import { Mount, ProcessDied } from "../disk/mount.js";
import { FeedPort } from "../network/feed-port.js";
import type { OrderLink } from "../network/order-link.js";
import type { CrashMoment } from "../options.js";
import { INSTRUMENTS } from "../venue/instruments.js";
import { promise } from "../violation.js";
import { archiveOf, keeperOf } from "./archive.js";
import { startGateway } from "./gateway.js";
import { RingMemory } from "./ring-memory.js";
import { SimDoorbell, SimThread } from "./sim-thread.js";
import type { World } from "./world.js";

export const DIRECTORY = "/data";
const crc32c = createCrc32c();

export class Life {
  isDead = false;
  /** A disk operation was the last thing that happened. */
  readonly mount: Mount;
  readonly threads: Readonly<Record<"feeds" | "engine" | "journal" | "gateway" | "archive", SimThread>>;
  engine!: Engine;
  life!: NextLife;
  port!: FeedPort;
  link!: OrderLink;
  desk!: ControlDesk;
  journal!: JournalAgent;
  private readonly world: World;
  private readonly memory: RingMemory;
  private witnessLog!: LogReader;
  private control!: SpscProducer;
  /** Our clock against the venue's. */
  private readonly skewUs: number;

  constructor(world: World, number: number, onCrash: () => void) {
    const { clock, options, random, tally } = world;
    this.world = world;
    const own = random.split(`life/${number}`);
    this.skewUs = (own.uniform() * 2 - 1) * options.skewUs;
    this.memory = new RingMemory(options.process);
    const thread = (name: string): SimThread =>
      new SimThread({
        name,
        clock,
        random: own.split(name),
        step: (agent) => this.step(name, agent),
        isDead: () => this.isDead,
        cyclesMax: name === "journal" ? 1 : 3,
      });
    this.threads = {
      feeds: thread("feeds"),
      engine: thread("engine"),
      journal: thread("journal"),
      gateway: thread("gateway"),
      archive: thread("archive"),
    };
    this.mount = new Mount({
      disk: world.disk,
      options: options.disk,
      random: own.split("disk"),
      tally,
      nowUs: () => clock.nowUs,
      charge: (waitUs) => this.running?.charge(waitUs),
      onCrash,
      diesMidWrite: () => world.isMomentDue("mid-write"),
    });
    this.mount.isFaulty = world.isFaulty;
  }

  /** Recovers and begins. Throws what recovery throws, and ProcessDied. */
  start(config: EngineConfig): Recovered {
    const { mount, memory, world } = this;
    const texts = new Map(world.strategies.map(({ bundle, text }) => [bundle, text]));
    mount.makeDirectory(DIRECTORY);
    storeBundles(mount, DIRECTORY, texts);
    const keeper = keeperOf({ world, mount, directory: DIRECTORY });
    const recovered = recover({
      disk: mount,
      directory: DIRECTORY,
      crc32c,
      buildHash: world.buildHash,
      makeCore: createMathCore,
      load: (wanted, core) => this.load(wanted, core, world.checks.probe),
      restore: (execution) => keeper.restoreNewest(execution),
    });
    this.requireLife();
    world.onRecovered(recovered);
    this.life = nextLife(recovered, config);
    this.engine = this.life.engine;
    const log = memory.logWriter();
    this.witnessLog = memory.logReader("witness");
    this.startJournal(recovered);
    const archive = archiveOf({
      ...{ world, mount, memory, directory: DIRECTORY, nowUs: this.wallUs, recoveredSequence: this.engine.sequence },
      load: (wanted, core) => this.load(wanted, core, world.checks.blindProbe),
    });
    if (archive) this.threads.archive.start(archive);
    this.requireLife();
    completeInput(recovered.execution.replayer, log);
    this.engine.logTo(log);
    this.link = startGateway({
      ...{ world, memory, threads: this.threads, wallUs: this.wallUs, deliver: this.deliver },
      recovery: whatToAsk(this.engine, this.life.epoch),
      passMoment: (moment) => this.passMoment(moment),
    });
    this.startEngine(log);
    this.startFeed();
    // The engine may be the one of a configuration that the log has yet to tell.
    world.witness.follow(this.witnessLog);
    this.isBegun = true;
    return recovered;
  }

  /** Wall clock of the process; while a thread works, that thread's. */
  readonly wallUs = (): number => this.world.clock.nowUs + this.skewUs + (this.running?.aheadUs ?? 0);

  /** It has recovered and lives. */
  get isRunning(): boolean {
    return !this.isDead && this.isBegun;
  }

  /** The engine is told the time. */
  tick(): void {
    const at = this.control.claim(MessageType.Clock, CLOCK_BYTES);
    if (at === NONE) return;
    writeClock(this.control.views, at, this.wallUs());
    this.control.commit();
    this.control.publish();
    this.threads.engine.wake();
  }

  /** The process stands still, sockets and all. */
  pause(forUs: number): void {
    this.pausedUntilUs = this.world.clock.nowUs + forUs;
    for (const thread of Object.values(this.threads)) thread.stall(forUs);
  }

  /** Nothing that it had begun goes on. */
  die(): void {
    this.isDead = true;
    this.mount.isDead = true;
    this.port?.close();
    this.link?.close();
  }

  heal(): void {
    this.mount.isFaulty = false;
    this.mount.armCrash(0);
    this.port?.heal();
    this.link?.heal();
  }

  /** The end of an ordered stop: what is in the log is made durable. */
  close(): void {
    this.look();
    try {
      this.journal.onClose();
    } catch (error) {
      if (!this.isDead) this.world.onJournalUnsaved(error);
    }
  }

  private isBegun = false;
  private pausedUntilUs = 0;
  private running: SimThread | undefined;

  /** Lets something in that comes over the network, when the process is there to take it. */
  private readonly deliver = (run: () => void): void => {
    const { clock } = this.world;
    if (this.isDead) return;
    if (clock.nowUs < this.pausedUntilUs) clock.after(this.pausedUntilUs - clock.nowUs, () => this.deliver(run));
    else this.guard(run);
  };

  /** The process may be made to die here; then nothing behind this is done. */
  private passMoment(moment: CrashMoment): void {
    this.world.onMoment(moment);
    if (this.isDead) throw new ProcessDied(`the process ended ${moment}`);
  }

  /** Code that goes on after an error may not have noticed that the process has died. */
  private requireLife(): void {
    if (this.isDead) throw new ProcessDied("the process ended while it started");
  }

  private guard<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (error instanceof ProcessDied && this.isDead) return undefined;
      throw error;
    }
  }

  private step(name: string, agent: { work(): number }): number {
    this.running = this.threads[name as keyof Life["threads"]];
    try {
      const done = this.guard(() => agent.work()) ?? 0;
      if (name === "engine") this.look();
      return done;
    } finally {
      this.running = undefined;
    }
  }

  /** The simulator reads along. */
  private look(): void {
    this.world.witness.follow(this.witnessLog);
    this.world.checks.check();
    this.world.checkState(this.engine);
  }

  private load(config: EngineConfig, core: MathCore, probe: StrategyDefinition) {
    const math = createDeterministicMath(core);
    return config.strategies.map(({ id, bundle }) => {
      if (id === "probe") return probe;
      return loadStrategy(readBundle(DIRECTORY, bundle, this.mount), id, math);
    });
  }

  private startJournal(recovered: Recovered): void {
    const { memory, mount, world } = this;
    const { durability, segmentBytes } = world.options.process;
    this.journal = new JournalAgent({
      log: memory.logReader("journal"),
      writer: new SegmentWriter({
        disk: mount,
        directory: DIRECTORY,
        buildHash: world.buildHash,
        crc32c,
        nowUs: this.wallUs,
        firstSegment: recovered.nextSegment,
        segmentBytes,
      }),
      fabric: memory.fabric,
      nowUs: this.wallUs,
      counters: memory.counters,
      recordError: (error) => world.onJournalTrouble(error),
      mode: durability,
      previousCrc: recovered.crc,
    });
    const { journal } = this;
    const { gateway } = this.threads;
    const work = (): number => {
      const done = journal.work();
      if (done > 0) gateway.wake();
      return done;
    };
    this.threads.journal.start({ role: "journal", work });
  }

  private startEngine(log: ReturnType<RingMemory["logWriter"]>): void {
    const { memory, threads, engine, world } = this;
    const bell = (thread: SimThread) => new SimDoorbell(memory.views, thread);
    this.control = memory.producer("control");
    this.desk = new ControlDesk(this.control, bell(threads.engine), this.wallUs);
    this.desk.configure(engine.config, this.life.epoch, Mode.Live, this.life.start);
    threads.engine.start(
      new EngineAgent({
        engine,
        log,
        market: memory.consumer("market"),
        control: memory.consumer("control"),
        reports: memory.consumer("report"),
        gate: null,
        followers: [bell(threads.journal), bell(threads.gateway)],
        counters: memory.counters,
        latency: null,
      }),
    );
    world.checks.engine = engine;
  }

  private startFeed(): void {
    const { memory, threads, world } = this;
    const { clock, options, random, tally, market, turn } = world;
    const own = random.split(`feed/${this.life.epoch}`);
    this.port = new FeedPort({
      clock,
      venue: market,
      options: options.feed,
      random: own,
      tally,
      turn,
      deliver: this.deliver,
    });
    if (!world.isFaulty) this.port.heal();
    const counters = createFeedCounters();
    const delays = own.split("delays");
    const feed = new BinanceFeed({
      instruments: INSTRUMENTS,
      endpoints: this.port.endpoints,
      sink: new MarketRingSink(memory.producer("market"), new SimDoorbell(memory.views, threads.engine)),
      counters,
      stamp: (into, at) => {
        into[at] = this.wallUs();
      },
      random: () => delays.uniform(),
    });
    const work = (): number => {
      const done = feed.work();
      const known = counters.decoded + counters.pending + droppedTotal(counters);
      promise(
        counters.received === known,
        "frames",
        () => `${counters.received} frames came, ${known} are accounted for`,
      );
      return done;
    };
    threads.feeds.start({ role: "feed", work });
    void feed.start();
    turn();
  }
}

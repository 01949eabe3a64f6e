/**
 * An engine with regimes and what makes their models, in one thread and stepped by hand: a real log, the agent that
 * follows it, a real pool, and the control ring by which answers come back.
 */
import { ThreadControl } from "../../actors/agent/thread-control.js";
import { ControlDesk } from "../../actors/control-desk.js";
import { COUNTER_NAMES } from "../../actors/counter-names.js";
import { Counters } from "../../actors/metrics/counters.js";
import { FitPool, type FitPoolOptions } from "../../actors/models/fit-pool.js";
import { ModelAgent } from "../../actors/models/model-agent.js";
import { BroadcastReader } from "../../actors/ring/broadcast.js";
import { NONE } from "../../actors/ring/layout.js";
import { LogRing, LogWriter } from "../../actors/ring/log-ring.js";
import { SpscProducer, SpscRing } from "../../actors/ring/spsc.js";
import { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { Engine, type Regime } from "../../engine/index.js";
import { createMathCore } from "../../wasm/index.js";
import { clockAt, configAt, engineConfig, type Message, MS, probe, START_US, takeAll } from "./engine.js";

const identity = { schemaHash: 1, buildHash: 2 };
const place = (bytes: number): number => Math.ceil(bytes / 128) * 128;

export interface ModelRunOptions extends FitPoolOptions {
  readonly regimes?: number;
  readonly logBytes?: number;
  readonly controlBytes?: number;
}

export class ModelRun {
  readonly engine: Engine;
  readonly agent: ModelAgent;
  readonly desk: ControlDesk;
  readonly pool: FitPool;
  readonly counters: Counters<(typeof COUNTER_NAMES)[number]>;
  readonly errors: string[] = [];
  /** What strategies were told, by regime. */
  readonly told: string[] = [];
  private readonly log: LogWriter;
  private readonly control: SpscConsumer;
  private nowUs = START_US;

  constructor({ regimes = 1, logBytes = 1 << 20, controlBytes = 1 << 16, ...pool }: ModelRunOptions = {}) {
    const [log, control] = [place(LogRing.bytesFor(logBytes)), place(SpscRing.bytesFor(controlBytes))];
    const [bell, counters] = [place(ThreadControl.bytesFor()), place(Counters.bytesFor(COUNTER_NAMES))];
    const views = sharedViewsOf(new SharedArrayBuffer(log + control + bell + counters));
    LogRing.create(views, 0, { capacity: logBytes, identity, readers: 0 });
    SpscRing.create(views, log, { capacity: controlBytes, identity });
    this.log = LogWriter.join(views, 0, identity);
    this.control = SpscConsumer.join(views, log, identity);
    const { doorbell } = new ThreadControl(views, log + control);
    this.counters = new Counters(views, log + control + bell, COUNTER_NAMES);
    this.desk = new ControlDesk(SpscProducer.join(views, log, identity), doorbell, () => this.nowUs);
    this.pool = new FitPool(pool);
    this.agent = new ModelAgent({
      log: BroadcastReader.join(views, 0, identity),
      pool: this.pool,
      answer: (answer) => this.desk.answer(answer),
      counters: this.counters,
      recordError: (error) => void this.errors.push(error instanceof Error ? error.message : String(error)),
    });
    this.engine = this.makeEngine(regimes);
  }

  get regimes(): readonly Regime[] {
    return this.engine.regimes.all;
  }

  /** Lets a regime see some numbers and ask at the next input, which is taken. */
  ask(regime: number, observations: readonly number[]): void {
    for (const x of observations) this.regimes[regime].push(x);
    this.regimes[regime].refit();
    this.tick();
  }

  tick(): void {
    this.nowUs += MS;
    this.take([clockAt(this.nowUs)]);
  }

  take(messages: readonly Message[]): void {
    takeAll(this.engine, messages);
    this.log.publish();
  }

  /** What the engine's thread does with the control ring. */
  takeAnswers(): void {
    for (let at = this.control.peek(); at !== NONE; at = this.control.peek()) {
      const { type, views, payloadBytes } = this.control;
      this.engine.take(type, views, at, payloadBytes);
      this.control.advance();
    }
    this.control.release();
    this.log.publish();
  }

  /** Works until something is so; rejects when it never comes to that. */
  async until(holds: () => boolean, what: string): Promise<void> {
    for (const endMs = performance.now() + 20_000; !holds(); ) {
      if (performance.now() > endMs) throw new Error(`it never came to this: ${what}; ${this.errors}`);
      while (this.agent.work() > 0);
      this.desk.work();
      this.takeAnswers();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async close(): Promise<void> {
    this.agent.onClose();
    await this.pool.close();
  }

  private makeEngine(regimes: number): Engine {
    const strategy = probe<{ regimes: Regime[] }>({
      init: (ctx) => ({
        regimes: Array.from({ length: regimes }, () => ctx.hmm({ states: 2, features: 1, window: 400 })),
      }),
      onModel: (_ctx, state, regime) => {
        this.told.push(`${state.regimes.indexOf(regime)} ${regime.outcome}`);
      },
    });
    const config = engineConfig({ strategies: [{ id: "probe", bundle: "", params: {} }] });
    const engine = new Engine({ config, strategies: [strategy], math: createMathCore(), log: this.log });
    takeAll(engine, [configAt(this.nowUs, config)]);
    this.log.publish();
    return engine;
  }
}

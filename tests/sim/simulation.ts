/**
 * One seed from its first event to its verdict: lives begin, run, are paused, stopped and killed; then the faults end and
 * within a minute everything must be as the venue says it is.
 */

import { codeOf } from "../../actors/disk/disk.js";
import {
  ConfigError,
  type Engine,
  type EngineConfig,
  formatHash,
  loadStrategy,
  replay,
  stateHash,
  TapeError,
} from "../../engine/index.js";
import { OperatorAction, OrderStatus, TradingReason } from "../../schemas/index.js";
import { createCrc32c, createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { truthOf } from "./checks/order-checks.js";
import { fillKey } from "./checks/shadow.js";
import { segmentsOf } from "./checks/witness.js";
import { type CrashKind, type CrashMoment, drawOptions, type PlannedCrash } from "./options.js";
import { DIRECTORY, Life } from "./process/life.js";
import { World } from "./process/world.js";
import { Random } from "./random.js";
import type { StrategyText } from "./strategies.js";
import type { Counts } from "./tally.js";
import { INSTRUMENTS, SPECS } from "./venue/instruments.js";
import { promise, Violation } from "./violation.js";

const SECOND = 1_000_000;
const SETTLE_US = 60 * SECOND;
const RESTARTS_MAX = 50;
const crc32c = createCrc32c();

export interface SeedResult {
  readonly seed: number;
  readonly steps: number;
  readonly simulatedUs: number;
  readonly faults: Counts;
  readonly events: Counts;
  readonly failure: SeedFailure | null;
}

export interface SeedFailure {
  readonly checker: string;
  readonly message: string;
  readonly step: number;
  readonly trace: readonly string[];
  readonly stack: string;
}

export interface SeedSettings {
  readonly steps: number;
  readonly texts: ReadonlyMap<string, StrategyText>;
  readonly onLine?: (line: string) => void;
}

export async function runSeed(seed: number, settings: SeedSettings): Promise<SeedResult> {
  const run = new Simulation(seed, settings);
  const failure = await run.execute();
  const { clock, tally } = run.world;
  const simulatedUs = clock.nowUs - run.startUs;
  return { seed, steps: clock.steps, simulatedUs, faults: tally.faults, events: tally.events, failure };
}

class Simulation {
  readonly world: World;
  readonly startUs: number;
  private readonly random: Random;
  private readonly texts: ReadonlyMap<string, StrategyText>;
  private config: EngineConfig;
  private readonly strategies: EngineConfig["strategies"];
  private readonly crashes: PlannedCrash[];
  private lives = 0;
  /** The journal was lost to a disk that lied, and refused for it: nothing can go on. */
  private isOver = false;
  private nextCrash: PlannedCrash | undefined;
  /** What comes of the crash that waits in the disk. */
  private armed: CrashKind = "kill";

  constructor(seed: number, { steps, texts, onLine }: SeedSettings) {
    this.random = new Random(seed);
    const options = drawOptions(this.random, steps);
    const strategies = options.strategies.map((id) => texts.get(id)!);
    this.texts = texts;
    this.world = new World({ random: this.random, options, strategies, onLine });
    this.startUs = this.world.clock.nowUs;
    this.world.onMoment = this.crashAt;
    this.crashes = [...options.process.crashes];
    this.strategies = [
      ...strategies.map(({ id, bundle }) => ({ id, bundle, params: {} })),
      { id: "probe", bundle: "probe", params: {} },
    ];
    this.config = {
      format: 1,
      currency: "USDT",
      seed: this.random.split("engine").word(),
      instruments: SPECS,
      strategies: this.strategies,
      risk: options.risk,
      paper: { orderLatencyUs: 0, reportLatencyUs: 0 },
    };
  }

  async execute(): Promise<SeedFailure | null> {
    try {
      await this.storm();
      if (!this.isOver) await this.settle();
      if (!this.isOver) this.checkEnd();
      return null;
    } catch (error) {
      const violation = error instanceof Violation ? error : new Violation("no agent fails", String(error));
      return {
        checker: violation.checker,
        message: violation.message,
        step: this.world.clock.steps,
        trace: this.world.trace.lines(),
        stack: error instanceof Error ? (error.stack ?? "") : "",
      };
    } finally {
      this.world.life?.die();
    }
  }

  private async storm(): Promise<void> {
    const { world } = this;
    const { options, clock } = world;
    world.market.start();
    this.startLife();
    this.planTicks();
    this.planTroubles();
    this.planOperator();
    if (options.swizzleClog) this.planSwizzle();
    while (clock.steps < options.steps && !this.isOver) {
      this.crashIfDue();
      await this.step();
    }
  }

  private async step(): Promise<void> {
    const { world } = this;
    world.clock.step();
    if (!world.needsTurn) return;
    world.needsTurn = false;
    await new Promise(setImmediate);
  }

  /** Faults off; a life must be running, and come to agree with the venue. */
  private async settle(): Promise<void> {
    const { world } = this;
    const { clock } = world;
    world.isFaulty = false;
    world.api.isFaulty = false;
    world.venue.heal();
    world.market.heal();
    world.life?.heal();
    this.nextCrash = undefined;
    world.trace.note("faults end");
    this.operator(OperatorAction.Halt, "the simulation settles");
    const untilUs = clock.nowUs + SETTLE_US;
    let lookUs = clock.nowUs;
    let difference = "nothing ran";
    while (clock.nowUs < untilUs && !this.isOver) {
      await this.step();
      if (clock.nowUs < lookUs) continue;
      lookUs = clock.nowUs + 50_000;
      difference = this.difference();
      if (difference === "") return;
    }
    promise(this.isOver, "liveness", () => `a minute after the faults ended: ${difference}`);
  }

  /** What is not as the venue says it is; "" when everything is. */
  private difference(): string {
    const { life, witness, venue } = this.world;
    if (!life || life.isDead) return "no process runs";
    const { engine } = life;
    if (engine.risk.reason === TradingReason.Recovery) return "the life is still held";
    const { shadow } = witness;
    for (const order of shadow.openOrders()) {
      const truth = truthOf(order, venue);
      const isOpen = truth?.status === "NEW" || truth?.status === "PARTIALLY_FILLED";
      if (order.status === OrderStatus.Unknown) return `order ${order.orderId} is unknown`;
      if (!isOpen)
        return `order ${order.orderId} is ${OrderStatus[order.status]} here and ${truth?.status} at the venue`;
    }
    for (const { index } of INSTRUMENTS) {
      for (const { clientOrderId } of venue.openOf(index)) {
        const order = shadow.orders.get(Number.parseInt(clientOrderId.slice(7), 36));
        if (!order || !shadow.openOrders().includes(order)) return `the venue holds ${clientOrderId}, we do not`;
      }
      for (const trade of venue.trades[index]) {
        if (!shadow.fills.has(fillKey(index, trade.tradeId)))
          return `trade ${trade.tradeId} of ${index} is not applied`;
      }
    }
    return "";
  }

  /** The end: balances are the venue's, and the journal replays to the same state. */
  private checkEnd(): void {
    const { life, witness, venue, checks } = this.world;
    for (const { index, id } of INSTRUMENTS) {
      const ours = witness.shadow.netLots(index);
      const theirs = venue.ledger.lotsGained(index);
      promise(ours === theirs, "conservation", () => `we have gained ${ours} lots of ${id}, the venue says ${theirs}`);
    }
    const money = witness.shadow.cashTotal;
    promise(money === venue.ledger.moneyGained(), "conservation", () => {
      return `we have gained ${money} of money, the venue says ${venue.ledger.moneyGained()}`;
    });
    const { engine, journal, mount } = life!;
    mount.isFaulty = false;
    journal.onClose();
    checks.engine = null;
    const [live, again] = [engine, this.replayed()].map((each) => each && formatHash(stateHash(each)));
    if (again === null) return;
    promise(live === again, "replay", () => `the journal replays to state ${again}, the engine stands at ${live}`);
  }

  /** The engine that the whole journal leads to; null when a disk that lied has made it unreadable, and that is said. */
  private replayed(): Engine | null {
    const { disk, mayBeDamaged, tally } = this.world;
    const segments = segmentsOf(disk, DIRECTORY);
    try {
      return replay({ segments, crc32c, makeCore: createMathCore, load: (config, core) => this.load(config, core) })
        .engine;
    } catch (error) {
      if (!mayBeDamaged || !isRefusal(error)) throw error;
      tally.event("journals-refused");
      return null;
    }
  }

  private load(config: EngineConfig, core: ReturnType<typeof createMathCore>) {
    const math = createDeterministicMath(core);
    return config.strategies.map(({ id }) =>
      id === "probe" ? this.world.checks.probe : loadStrategy(this.texts.get(id)!.text, id, math),
    );
  }

  /** A process starts; when it cannot, another follows a little later. */
  private startLife(): void {
    const { world } = this;
    this.lives += 1;
    promise(this.lives <= RESTARTS_MAX, "liveness", () => `the process was started ${RESTARTS_MAX} times`);
    world.tally.event("lives");
    world.trace.note("a life begins", this.lives);
    const life = new Life(world, this.lives, () => this.die(this.armed));
    world.life = life;
    world.checks.engine = null;
    this.planCrash(life);
    try {
      life.start(this.config);
    } catch (error) {
      this.onStartFailed(life, error);
    }
  }

  private onStartFailed(life: Life, error: unknown): void {
    const { world } = this;
    if (error instanceof Violation) throw error;
    // It died, and whatever was thrown on the way was heard by nobody.
    if (life.isDead) return;
    const mayFail = codeOf(error) !== "" || /\((ENOSPC|EIO)\)/.test(String(error));
    if (world.mayBeDamaged && isRefusal(error)) return this.onRefused(life);
    if (/not part of this run/.test(String(error))) return this.onHeldBack(life);
    if (!mayFail || error instanceof TapeError) throw error;
    this.world.tally.event("starts-refused-by-the-disk");
    life.die();
    this.restartLater();
  }

  /** A journal that was harmed is refused; the operator puts the harm right, where that is possible, and starts again. */
  private onRefused(life: Life): void {
    const { world } = this;
    world.tally.event("journals-refused");
    life.die();
    if (world.repair()) this.restartLater();
    else this.isOver = true;
  }

  /** A strategy was left out that has something open: the operator puts it back. */
  private onHeldBack(life: Life): void {
    this.world.tally.event("starts-refused-for-what-is-open");
    this.config = { ...this.config, strategies: this.strategies };
    life.die();
    this.restartLater();
  }

  private restartLater(): void {
    const { clock } = this.world;
    clock.after(this.random.uniform() * 2 * SECOND, () => this.startLife());
  }

  /** The next planned crash may come while the life recovers. */
  private planCrash(life: Life): void {
    this.nextCrash = this.world.isFaulty ? this.crashes.shift() : undefined;
    const again = this.nextCrash?.againAfter ?? 0;
    if (this.lives > 1) this.changeWorld(this.nextCrash?.change ?? "none");
    if (again > 0 && this.lives > 1) this.arm(life, this.nextCrash!.kind, again);
  }

  /** What is different in the life that begins. */
  private changeWorld(change: PlannedCrash["change"]): void {
    const { world, config } = this;
    if (change === "none") return;
    world.tally.event(`restart.other-${change}`);
    if (change === "build") world.buildHash += 1;
    if (change === "limits")
      this.config = { ...config, risk: { ...config.risk, maxPosition: "600", maxOrderValue: "500" } };
    if (change === "strategies") this.config = { ...config, strategies: this.otherStrategies() };
  }

  /** In another order; and one that was there is gone, or one that was gone is back. */
  private otherStrategies(): EngineConfig["strategies"] {
    const all = [...this.strategies].reverse();
    return this.config.strategies.length < all.length ? all : all.filter((_, index) => index !== 1);
  }

  private arm(life: Life, kind: CrashKind, operations: number): void {
    this.armed = kind;
    life.mount.armCrash(operations);
  }

  private crashIfDue(): void {
    const { clock, life } = this.world;
    const planned = this.nextCrash;
    if (!planned || !life || life.isDead || clock.steps < planned.step) return;
    if (planned.moment !== null) return;
    if (planned.operations > 0) {
      this.arm(life, planned.kind, planned.operations);
      this.nextCrash = undefined;
    } else if (planned.kind === "stop") this.stopInOrder(life);
    else this.die(planned.kind);
  }

  /** A moment of an order's life: the crash that waits for it comes. */
  private readonly crashAt = (moment: CrashMoment): void => {
    const planned = this.nextCrash;
    if (planned?.moment !== moment || this.world.clock.steps < planned.step) return;
    this.world.tally.fault(`process.dies-${moment}`);
    this.die(planned.kind);
  };

  /** The operator ends the life: the engine takes the stop, the rest follows, the process exits. */
  private stopInOrder(life: Life): void {
    const { world } = this;
    const { clock } = world;
    this.nextCrash = undefined;
    world.tally.event("operator.stop");
    life.desk.command(OperatorAction.Stop, "the simulation's operator stops");
    const untilUs = clock.nowUs + 2 * SECOND;
    const look = (): void => {
      if (life.isDead) return;
      if (!life.engine.stopped && clock.nowUs < untilUs) return clock.after(10_000, look);
      life.close();
      // A crash may have come in between.
      if (!life.isDead) this.die("kill");
    };
    look();
  }

  /** The process is gone, with or without the power. */
  private die(kind: CrashKind): void {
    const { world } = this;
    const { life } = world;
    this.nextCrash = undefined;
    if (!life || life.isDead) return;
    world.tally.fault(`process.${kind}`);
    world.trace.note(`the process dies: ${kind}`);
    world.noteCrash(kind === "power");
    world.checks.engine = null;
    life.die();
    if (kind === "power") world.losePower();
    world.decay();
    this.restartLater();
  }

  private planTicks(): void {
    const { world } = this;
    world.clock.after(world.options.clockTickUs, () => {
      if (world.life && !world.life.isDead && world.life.engine) world.life.tick();
      this.planTicks();
    });
  }

  /** Pauses of the process and stalls of its threads. */
  private planTroubles(): void {
    const { world } = this;
    const { random, options, clock, tally } = world;
    const own = random.split("troubles");
    const trouble = (): void => {
      const { life } = world;
      if (!world.isFaulty) return;
      if (life && !life.isDead && life.engine) {
        if (own.chance(options.process.pause)) {
          tally.fault("process.pause");
          life.pause(own.exponential(2) * SECOND);
        }
        if (own.chance(options.process.stall)) {
          tally.fault("thread.stall");
          own.pick(Object.values(life.threads)).stall(own.exponential(0.3) * SECOND);
        }
      }
      clock.after(SECOND, trouble);
    };
    trouble();
  }

  /** Every way of the network is stopped, one after another, and let go again in another order. */
  private planSwizzle(): void {
    const { clock, tally } = this.world;
    const own = this.random.split("swizzle");
    const beginUs = own.uniform() * 6 * SECOND;
    for (let way = 0; way < 5; way += 1) {
      clock.after(beginUs + own.uniform() * 2 * SECOND, () => {
        const { life } = this.world;
        if (!this.world.isFaulty || !life || life.isDead || !life.port) return;
        tally.fault("network.swizzle-clog");
        const { port, link } = life;
        [port.frames, port.requests, link.requests, link.answers, link.stream][way].clog(
          (2 + own.uniform() * 4) * SECOND,
        );
      });
    }
  }

  private planOperator(): void {
    const { options, clock, tally } = this.world;
    const own = this.random.split("operator");
    const { Halt, Resume, Reduce, Suspend } = OperatorAction;
    for (let left = options.operatorActions; left > 0; left -= 1) {
      const atUs = own.uniform() * options.steps * 4_000;
      const action = own.pick([Halt, Resume, Reduce, Suspend]);
      clock.after(atUs, () => {
        if (!this.world.isFaulty) return;
        tally.event(`operator.${OperatorAction[action].toLowerCase()}`);
        this.operator(action, "the simulation's operator");
      });
      if (action === Halt) clock.after(atUs + own.uniform() * 5 * SECOND, () => this.operator(Resume, "after a halt"));
    }
  }

  private operator(action: number, why: string): void {
    const { life } = this.world;
    if (life && !life.isDead && life.desk) life.desk.command(action, why);
  }
}

/** The journal, or what stands beside it, is not believed: an error that names the place, and no engine. */
const isRefusal = (error: unknown): boolean => error instanceof TapeError || error instanceof ConfigError;

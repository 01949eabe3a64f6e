/**
 * One life of the process after another: each is started through recovery, ends as the seed has planned it, and is
 * followed by the next a little later, perhaps with another configuration or another build.
 */
import { codeOf } from "../../../actors/disk/disk.js";
import { type EngineConfig, TapeError } from "../../../engine/index.js";
import { OperatorAction } from "../../../schemas/index.js";
import { isRefusal } from "../checks/end-checks.js";
import type { CrashKind, CrashMoment, PlannedCrash } from "../options.js";
import type { Random } from "../random.js";
import { SPECS } from "../venue/instruments.js";
import { promise, Violation } from "../violation.js";
import { Life } from "./life.js";
import type { World } from "./world.js";

const SECOND = 1_000_000;
const RESTARTS_MAX = 50;

export class Lives {
  /** The journal was lost to a disk that lied, and refused for it: nothing can go on. */
  isOver = false;
  private readonly world: World;
  private readonly random: Random;
  private config: EngineConfig;
  private readonly strategies: EngineConfig["strategies"];
  private readonly crashes: PlannedCrash[];
  private count = 0;
  private nextCrash: PlannedCrash | undefined;
  /** What comes of the crash that waits in the disk. */
  private armed: CrashKind = "kill";

  constructor(world: World) {
    const { options, random, strategies } = world;
    this.world = world;
    this.random = random.split("lives");
    this.crashes = [...options.process.crashes];
    this.strategies = [
      ...strategies.map(({ id, bundle }) => ({ id, bundle, params: {} })),
      { id: "probe", bundle: "probe", params: {} },
    ];
    this.config = {
      format: 1,
      currency: "USDT",
      seed: random.split("engine").word(),
      instruments: SPECS,
      strategies: this.strategies,
      risk: options.risk,
      paper: { orderLatencyUs: 0, reportLatencyUs: 0 },
    };
    world.onMoment = this.crashAt;
    world.isMomentDue = this.isDue;
  }

  /** No more crashes. */
  heal(): void {
    this.nextCrash = undefined;
  }

  /** A process starts; when it cannot, another follows a little later. */
  begin(): void {
    const { world } = this;
    this.count += 1;
    promise(this.count <= RESTARTS_MAX, "liveness", () => `the process was started ${RESTARTS_MAX} times`);
    world.tally.event("lives");
    world.trace.note("a life begins", this.count);
    const life = new Life(world, this.count, () => this.dieInDisk());
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

  /** A journal that was harmed is refused; the operator mends it, where that is possible, and starts again. */
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
    clock.after(this.random.uniform() * 2 * SECOND, () => this.begin());
  }

  /** The next planned crash may come while the life recovers. */
  private planCrash(life: Life): void {
    this.nextCrash = this.world.isFaulty ? this.crashes.shift() : undefined;
    const again = this.nextCrash?.againAfter ?? 0;
    if (this.count > 1) this.changeWorld(this.nextCrash?.change ?? "none");
    if (again > 0 && this.count > 1) this.arm(life, this.nextCrash!.kind, again);
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

  /** Between two steps. */
  crashIfDue(): void {
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
    if (!this.isDue(moment)) return;
    this.world.tally.fault(`process.dies-${moment}`);
    this.die(this.nextCrash!.kind);
  };

  private readonly isDue = (moment: CrashMoment): boolean => {
    const planned = this.nextCrash;
    return planned?.moment === moment && this.world.clock.steps >= planned.step;
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

  /** In a disk operation: at the one that was armed, or in the middle of a write. */
  private dieInDisk(): void {
    if (this.isDue("mid-write")) this.crashAt("mid-write");
    else this.die(this.armed);
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
}

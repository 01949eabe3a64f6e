/**
 * What a side of a litmus test has at hand on its thread: the shared memory, its own seeded chance, and the counts of
 * what it observed. It pauses now and then, so that the sides meet in every order, and gives its core up while it has
 * nothing to do, for there may be more threads than cores.
 */
import { createHash } from "node:crypto";
import { ThreadControl } from "../../actors/agent/thread-control.js";
import type { SharedViews } from "../../actors/ring/views.js";
import type { FabricExports } from "../../wasm/index.js";
import { type Counts, forbiddenIn, type Litmus, outcomesOf } from "./litmus.js";
import { Random } from "./random.js";
import { ABORT, controlOf, FINISH, REST } from "./stage.js";

/** Looks in vain before the side rests. */
const LOOKS_MAX = 2_000;
const REST_MS = 0.05;

export interface SideOptions {
  readonly name: string;
  readonly seed: number;
  readonly messages: number;
  /** How often this side was started before. */
  readonly life: number;
  /** After so long a sleep nobody was going to wake it. */
  readonly sleepMsMax: number;
}

export class Side {
  readonly views: SharedViews;
  readonly i32: Int32Array;
  readonly fabric: FabricExports;
  readonly seed: number;
  readonly messages: number;
  readonly life: number;
  readonly sleepMsMax: number;
  readonly random: Random;
  readonly counts: Counts = {};
  private readonly forbidden: ReadonlySet<string>;
  private looks = 0;

  constructor(views: SharedViews, fabric: FabricExports, litmus: Litmus, options: SideOptions) {
    this.views = views;
    this.i32 = views.i32;
    this.fabric = fabric;
    this.forbidden = new Set(Object.keys(outcomesOf(litmus)).filter((name) => forbiddenIn(litmus, { [name]: 1 }) > 0));
    this.seed = options.seed;
    this.messages = options.messages;
    this.life = options.life;
    this.sleepMsMax = options.sleepMsMax;
    const own = createHash("sha256").update(`${options.name}/${options.life}`).digest().readInt32LE();
    this.random = new Random(options.seed ^ own);
  }

  /** A forbidden outcome ends the run: one is enough. */
  count(outcome: string): void {
    const before = this.counts[outcome];
    if (before === undefined && this.forbidden.has(outcome)) this.endAll();
    this.counts[outcome] = (before ?? 0) + 1;
  }

  control(thread: number): ThreadControl {
    return new ThreadControl(this.views, controlOf(thread));
  }

  /** For a side that found nothing to do: whether it shall look again. Rests now and then. */
  looksAgain(): boolean {
    this.looks += 1;
    if (this.looks % LOOKS_MAX === 0) Atomics.wait(this.i32, REST >> 2, 0, REST_MS);
    return Atomics.load(this.i32, ABORT >> 2) === 0;
  }

  /** Ends every side: what was seen leaves nothing to wait for. */
  private endAll(): void {
    Atomics.store(this.i32, ABORT >> 2, 1);
  }

  /** Whether a side that is never done by itself shall end. */
  get isFinished(): boolean {
    return Atomics.load(this.i32, FINISH >> 2) !== 0 || Atomics.load(this.i32, ABORT >> 2) !== 0;
  }

  /** Sometimes takes a moment, seldom a long one. */
  maybePause(): void {
    const chance = this.random.below(16_384);
    if (chance === 0) Atomics.wait(this.i32, REST >> 2, 0, 1);
    if (chance < 64) this.spin(this.random.below(2_000));
  }

  spin(turns: number): void {
    for (let turn = 0; turn < turns; turn += 1) Atomics.load(this.i32, REST >> 2);
  }
}

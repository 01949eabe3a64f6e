/**
 * Times the engine's work into histograms: the first inputs of every batch, one in sixty-four of the others, and every
 * input that led to an order. Moments live in an array and lengths are handed on as integers: a double that crosses a
 * call which V8 does not inline is boxed, 16 bytes at a time.
 */
import { timeOffset } from "../../engine/input.js";
import type { MessageViews } from "../../schemas/index.js";
import type { StampUs } from "../clock.js";
import type { Histogram } from "../metrics/histogram.js";
import { decodeOffset } from "./decode-stamp.js";

export interface EngineHistograms {
  readonly decode: Histogram;
  readonly ring: Histogram;
  readonly engine: Histogram;
  readonly tickToOrder: Histogram;
}

const TAKEN = 0;
const DONE = 1;
/** Of a batch these are all timed; beyond them, where clock readings would cost more than the work, one in so many. */
const TIMED_FIRST = 2;
const TIMED_EVERY = 64;
const NS_MAX = 2_147_483_647;

export class Stopwatch {
  private readonly latency: EngineHistograms;
  private readonly stamp: StampUs;
  private readonly momentsUs = new Float64Array(2);
  private isTimed = false;

  constructor(latency: EngineHistograms, stamp: StampUs) {
    this.latency = latency;
    this.stamp = stamp;
  }

  /** The input at `position` of its batch is about to be applied. */
  taken(position: number): void {
    this.isTimed = position < TIMED_FIRST || position % TIMED_EVERY === 0;
    if (this.isTimed) this.stamp(this.momentsUs, TAKEN);
  }

  /** It was applied, and led to an order or not. */
  applied(type: number, views: MessageViews, at: number, isMarket: boolean, hasOrdered: boolean): void {
    if (this.isTimed || hasOrdered) this.stamp(this.momentsUs, DONE);
    if (!isMarket) return;
    this.latency.decode.record(views.i32[(at + decodeOffset(type)) >> 2]);
    if (this.isTimed) this.recordStay(type, views, at);
    if (hasOrdered) this.recordOrder(type, views, at);
  }

  private recordStay(type: number, views: MessageViews, at: number): void {
    const { latency, momentsUs } = this;
    const decodeNs = views.i32[(at + decodeOffset(type)) >> 2];
    const receivedUs = views.f64[(at + timeOffset(type)) >> 3];
    latency.ring.record(Math.min((momentsUs[TAKEN] - receivedUs) * 1000 - decodeNs, NS_MAX) | 0);
    latency.engine.record(Math.min((momentsUs[DONE] - momentsUs[TAKEN]) * 1000, NS_MAX) | 0);
  }

  private recordOrder(type: number, views: MessageViews, at: number): void {
    const receivedUs = views.f64[(at + timeOffset(type)) >> 3];
    this.latency.tickToOrder.record(Math.min((this.momentsUs[DONE] - receivedUs) * 1000, NS_MAX) | 0);
  }
}

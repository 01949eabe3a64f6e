/**
 * Times the engine's work into histograms: the inputs that it is told to time, and the moment of every order, which
 * also goes into the table of stamps for the threads behind. Moments live in arrays and lengths are handed on as
 * integers: a double that crosses a call which V8 does not inline is boxed, 16 bytes at a time.
 */
import type { Engine } from "../../engine/index.js";
import { timeOffset } from "../../engine/input.js";
import type { MessageViews } from "../../schemas/index.js";
import type { StampClock, StampUs } from "../clock.js";
import type { Hop } from "../hops.js";
import type { Histogram } from "../metrics/histogram.js";
import { type OrderStampWriter, STAMP_PASSED, STAMP_RECEIVED, STAMP_SEQUENCE } from "../metrics/order-stamps.js";
import type { PrivateRings } from "../ring/private-rings.js";
import { decodeOffset } from "./decode-stamp.js";

/** Where the engine's thread leaves what it measures. */
export interface EngineLatency {
  readonly histograms: Readonly<Record<EngineHop, Histogram>>;
  /** For the journal and the simulated venue. */
  readonly commands: OrderStampWriter;
  readonly clock: StampClock;
}

export type EngineHop = Extract<Hop, "decode" | "ring" | "engine" | "command" | "tick-to-order">;

/** For an engine that is stepped by hand in a memory of its own. */
export function privateLatency(rings: PrivateRings, clock: StampClock): EngineLatency {
  const histogram = (): Histogram => rings.histogram();
  const [decode, ring, engine, command] = [histogram(), histogram(), histogram(), histogram()];
  const histograms = { decode, ring, engine, command, "tick-to-order": histogram() };
  return { histograms, commands: rings.orderStamps().writer, clock };
}

const TAKEN = 0;
const DONE = 1;
const NS_MAX = 2_147_483_647;

export class Stopwatch {
  private readonly decode: Histogram;
  private readonly ring: Histogram;
  private readonly engine: Histogram;
  private readonly command: Histogram;
  private readonly tickToOrder: Histogram;
  private readonly commands: OrderStampWriter;
  private readonly stamp: StampUs;
  private readonly wallUsAtZero: number;
  /** Of the stamps' clock. */
  private readonly momentsUs = new Float64Array(2);

  constructor({ histograms, commands, clock }: EngineLatency) {
    this.decode = histograms.decode;
    this.ring = histograms.ring;
    this.engine = histograms.engine;
    this.command = histograms.command;
    this.tickToOrder = histograms["tick-to-order"];
    this.commands = commands;
    this.stamp = clock.stamp;
    this.wallUsAtZero = clock.wallUsAtZero;
  }

  /** An input that is timed is about to be applied. */
  taken(): void {
    this.stamp(this.momentsUs, TAKEN);
  }

  /** It was a market message, and was applied. */
  applied(type: number, views: MessageViews, at: number): void {
    const { momentsUs } = this;
    this.stamp(momentsUs, DONE);
    const decodeNs = views.i32[(at + decodeOffset(type)) >> 2];
    const receivedUs = views.f64[(at + timeOffset(type)) >> 3] - this.wallUsAtZero;
    this.decode.record(decodeNs);
    this.ring.record(nanoseconds(momentsUs[TAKEN] - receivedUs) - decodeNs);
    this.engine.record(nanoseconds(momentsUs[DONE] - momentsUs[TAKEN]));
  }

  /**
   * An input, timed or not, led to so many orders, and they are about to be published. `receivedAt` is where, in
   * doubles, its moment at the socket stands, or -1 for an input that did not come from the market.
   */
  ordered(engine: Engine, orders: number, wasTimed: boolean, views: MessageViews, receivedAt: number): void {
    const { momentsUs, wallUsAtZero } = this;
    const { row, doubles } = this.commands;
    this.stamp(momentsUs, DONE);
    const isTick = receivedAt !== -1;
    doubles[row + STAMP_SEQUENCE] = engine.sequence;
    doubles[row + STAMP_RECEIVED] = isTick ? views.f64[receivedAt] : Number.NaN;
    doubles[row + STAMP_PASSED] = momentsUs[DONE] + wallUsAtZero;
    this.commands.publish();
    const commandNs = nanoseconds(momentsUs[DONE] - momentsUs[TAKEN]);
    const tickNs = isTick ? nanoseconds(momentsUs[DONE] - (views.f64[receivedAt] - wallUsAtZero)) : 0;
    for (let order = 0; order < orders; order += 1) {
      if (wasTimed) this.command.record(commandNs);
      if (isTick) this.tickToOrder.record(tickNs);
    }
  }
}

/** An integer. */
function nanoseconds(us: number): number {
  return Math.min(us * 1000, NS_MAX) | 0;
}

/**
 * The members of a topology: sources that send, and handlers that read every word of every message. There are more
 * threads than cores, so all of them sleep at their doorbells after a short spin, as the engine's threads do on shared
 * cores.
 */
import type { Doorbell } from "../../actors/agent/doorbell.js";
import { IDLE, IdleCount } from "../../actors/agent/idle.js";
import { makeClock } from "../../actors/clock.js";
import type { Lane, LaneResult, LaneTask } from "./lane.js";
import { BATCH } from "./ring-links.js";

/** One writer's end of a ring. */
export interface Outlet {
  /** Sends messages from number `first` on, as far as there is room, and shows them. Returns how many. */
  send(first: number, count: number): number;
  /** Sends the message that ends a run; false when there is no room. */
  sendEnd(): boolean;
}

/** One handler's end of a ring, or of several. */
export interface Inlet {
  /** Begins a run. */
  begin(): void;
  /** Reads what is there up to a bound and gives its room back. False when there was nothing. */
  take(): boolean;
  /** Messages that end a run, so far: one comes from each source. */
  readonly ends: number;
  result(): { readonly messages: number; readonly checksum: bigint };
}

/** A member sleeps at `own` and wakes `others`: whoever may wait for what it did. */
export interface Bells {
  readonly own: Doorbell;
  readonly others: readonly Doorbell[];
}

const BATCHES_PER_LOOK = 64;
const nowUs = makeClock({ wallUsAtZero: 0 });

export class SourceLane implements Lane {
  private readonly outlet: Outlet;
  private readonly bells: Bells;
  private readonly idle = new IdleCount(IDLE.shared);
  /** The next message to send, and where to stop. */
  private next = 1;
  private until = 1;

  constructor(outlet: Outlet, bells: Bells) {
    this.outlet = outlet;
    this.bells = bells;
  }

  run({ ms }: LaneTask): LaneResult {
    const startUs = nowUs();
    this.next = 1;
    this.until = 1;
    do {
      for (let batch = 0; batch < BATCHES_PER_LOOK; batch += 1) {
        this.until += BATCH;
        while (this.next < this.until) this.work(this.sendSome);
      }
    } while (nowUs() < startUs + ms * 1e3);
    while (!this.work(this.sendEnd));
    return { messages: this.next - 1, checksum: null, startUs, endUs: nowUs(), batches: 0 };
  }

  /** One step; sleeps when there has been no room for a while, and still is none at the last look. */
  private work(step: () => boolean): boolean {
    if (step()) {
      this.idle.shouldPark(1);
      return true;
    }
    if (!this.idle.shouldPark(0)) return false;
    const { own } = this.bells;
    own.arm();
    const done = step();
    if (done) own.disarm();
    else own.wait(IDLE.shared.parkMs);
    return done;
  }

  private readonly sendSome = (): boolean => {
    const sent = this.outlet.send(this.next, this.until - this.next);
    this.next += sent;
    if (sent > 0) ringAll(this.bells.others);
    return sent > 0;
  };

  private readonly sendEnd = (): boolean => {
    const sent = this.outlet.sendEnd();
    if (sent) ringAll(this.bells.others);
    return sent;
  };
}

export class HandlerLane implements Lane {
  private readonly inlet: Inlet;
  private readonly bells: Bells;
  private readonly sources: number;
  private readonly idle = new IdleCount(IDLE.shared);
  private batches = 0;

  constructor(inlet: Inlet, bells: Bells, sources: number) {
    this.inlet = inlet;
    this.bells = bells;
    this.sources = sources;
  }

  run(): LaneResult {
    const { inlet, idle, sources } = this;
    const startUs = nowUs();
    inlet.begin();
    this.batches = 0;
    while (inlet.ends < sources) {
      if (idle.shouldPark(this.step() ? 1 : 0)) this.park();
    }
    return { ...inlet.result(), startUs, endUs: nowUs(), batches: this.batches };
  }

  private step(): boolean {
    const found = this.inlet.take();
    if (found) {
      this.batches += 1;
      ringAll(this.bells.others);
    }
    return found;
  }

  /** The step between arming and waiting is the look that the doorbell asks for. */
  private park(): void {
    const { own } = this.bells;
    own.arm();
    if (this.step()) own.disarm();
    else own.wait(IDLE.shared.parkMs);
  }
}

function ringAll(bells: readonly Doorbell[]): void {
  for (let bell = 0; bell < bells.length; bell += 1) bells[bell].ring();
}

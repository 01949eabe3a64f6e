/**
 * The one producer of the control ring: the configuration, the clock, operators' commands and models. Commands and
 * models are never dropped: while the ring is full they wait in a bounded queue, and at its bound the run ends rather
 * than lose one. Clock ticks may be left out, because the next one says more.
 */
import { answerBytes, assert, type EngineConfig, type FitAnswer, writeAnswer } from "../engine/index.js";
import {
  CLOCK_BYTES,
  CONFIG_BYTES,
  CONFIG_JSON_COUNT,
  encodeText,
  MessageType,
  OPERATOR_BYTES,
  OPERATOR_REASON_COUNT,
  textMessageBytes,
  writeClock,
  writeConfig,
  writeOperator,
  writeText,
} from "../schemas/index.js";
import type { Agent } from "./agent/agent.js";
import type { Doorbell } from "./agent/doorbell.js";
import type { NowUs } from "./clock.js";
import { NONE } from "./ring/layout.js";
import type { SpscProducer } from "./ring/spsc.js";

/** How often a quiet market is told the time. */
const CLOCK_INTERVAL_MS = 10;
const QUEUE_MAX = 1024;
/** While commands wait for room in the ring: a reader does not say that it made some. */
const FULL_MS = 1;

/** Writes an input into the ring; false when there is no room. */
type Send = () => boolean;

export class ControlDesk implements Agent {
  readonly role = "clock";
  private readonly ring: SpscProducer;
  private readonly engineBell: Doorbell;
  private readonly nowUs: NowUs;
  private readonly waiting: Send[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(ring: SpscProducer, engineBell: Doorbell, nowUs: NowUs) {
    this.ring = ring;
    this.engineBell = engineBell;
    this.nowUs = nowUs;
  }

  /** Writes the configuration, the first input of a life. */
  configure(config: EngineConfig, epoch: number, mode: number, start: number): void {
    const json = encodeText(JSON.stringify(config));
    const at = this.ring.claim(MessageType.Config, textMessageBytes(CONFIG_BYTES, json.length));
    assert(at !== NONE, "the control ring takes the configuration");
    writeConfig(this.ring.views, at, this.nowUs(), epoch, mode, start, json.length);
    writeText(this.ring.views, at + CONFIG_JSON_COUNT, json);
    this.show();
  }

  /** Passes an operator's command on; `reason` says who and why. */
  command(action: number, reason: string): void {
    const text = encodeText(reason);
    this.queue(() => this.sendCommand(action, text));
  }

  /** Passes on what became of a request for a model. */
  answer(answer: FitAnswer): void {
    this.queue(() => this.sendAnswer(answer));
  }

  private queue(send: Send): void {
    assert(this.waiting.length < QUEUE_MAX, `${QUEUE_MAX} commands and models wait for a full control ring`);
    this.waiting.push(send);
    this.work();
  }

  onStart(): void {
    this.timer = setInterval(() => this.tick(), CLOCK_INTERVAL_MS);
  }

  work(): number {
    let sent = 0;
    while (this.waiting.length > 0 && this.waiting[0]()) {
      this.waiting.shift();
      this.show();
      sent += 1;
    }
    return sent;
  }

  nextWorkMs(): number {
    return this.waiting.length > 0 ? FULL_MS : Number.POSITIVE_INFINITY;
  }

  stopClock(): void {
    clearInterval(this.timer);
  }

  onClose(): void {
    this.stopClock();
  }

  private tick(): void {
    const at = this.ring.claim(MessageType.Clock, CLOCK_BYTES);
    if (at === NONE) return;
    writeClock(this.ring.views, at, this.nowUs());
    this.show();
  }

  private sendCommand(action: number, reason: Uint8Array): boolean {
    const at = this.ring.claim(MessageType.Operator, textMessageBytes(OPERATOR_BYTES, reason.length));
    if (at === NONE) return false;
    writeOperator(this.ring.views, at, this.nowUs(), action, reason.length);
    writeText(this.ring.views, at + OPERATOR_REASON_COUNT, reason);
    return true;
  }

  private sendAnswer(answer: FitAnswer): boolean {
    const at = this.ring.claim(MessageType.ModelFit, answerBytes(answer));
    if (at === NONE) return false;
    writeAnswer(this.ring.views, at, this.nowUs(), answer);
    return true;
  }

  private show(): void {
    this.ring.commit();
    this.ring.publish();
    this.engineBell.ring();
  }
}

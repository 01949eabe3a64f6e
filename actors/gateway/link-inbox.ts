/**
 * What the link heard, in the order in which it was heard, until the gateway's next batch. Bounded: when it is full,
 * events of the private stream are left out and the gap is remembered, for everything they say can be asked for again.
 * Answers always find room: there are no more of them than requests.
 */
import type { Gateway } from "../../feeds/orders/gateway.js";
import type { LinkAnswer, StreamEvent } from "../../feeds/orders/link.js";
import { crashPoint } from "../crash-point.js";

export const EVENTS_MAX = 16_384;

export class LinkInbox {
  /** Events left out. */
  dropped = 0;
  private readonly wake: () => void;
  private heard: (LinkAnswer | StreamEvent)[] = [];
  private hasGap = false;

  /** `wake` is called when something has come. */
  constructor(wake: () => void) {
    this.wake = wake;
  }

  readonly onAnswer = (answer: LinkAnswer): void => {
    this.heard.push(answer);
    this.wake();
  };

  readonly onEvent = (event: StreamEvent): void => {
    if (this.heard.length < EVENTS_MAX) this.heard.push(event);
    else this.leaveOut();
    this.wake();
  };

  /** Hands over what was heard, while `hasRoom` says that there is room for what it causes; returns how much. */
  drain(gateway: Gateway, nowUs: number, hasRoom: () => boolean): number {
    let done = 0;
    while (done < this.heard.length && hasRoom()) {
      hand(gateway, this.heard[done], nowUs);
      done += 1;
    }
    if (done > 0) this.heard = this.heard.slice(done);
    if (this.hasGap && this.heard.length === 0) {
      this.hasGap = false;
      gateway.onStream({ kind: "up" }, nowUs);
    }
    return done;
  }

  private leaveOut(): void {
    this.dropped += 1;
    this.hasGap = true;
  }
}

function hand(gateway: Gateway, heard: LinkAnswer | StreamEvent, nowUs: number): void {
  if ("requestId" in heard) {
    crashPoint("gateway.answer");
    return gateway.onAnswer(heard, nowUs);
  }
  if (heard.kind === "order" && heard.trade !== null) crashPoint("gateway.fill");
  gateway.onStream(heard, nowUs);
}

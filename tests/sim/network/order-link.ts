/**
 * The way between the gateway and the order venue, as the real link behaves: every request is answered once, by the
 * venue or by a timeout, never before the call has returned; the private stream carries what happens while it is up. A
 * life has a link of its own; when the life ends its link is cut, and what it sent may still arrive at the venue.
 */
import type { LinkAnswer, LinkOutcome, LinkRequest, StreamEvent } from "../../../feeds/orders/link.js";
import type { VirtualClock } from "../clock.js";
import type { OrderLinkOptions } from "../options.js";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";
import type { OrderApi } from "../venue/order-api.js";
import { type OrderVenue, type TrueOrder, type TrueTrade, writeOrder, writeTrade } from "../venue/order-venue.js";
import { Path } from "./path.js";

const SECOND = 1_000_000;
const TIMEOUT_US = 5 * SECOND;

export interface OrderLinkParts {
  readonly clock: VirtualClock;
  readonly venue: OrderVenue;
  readonly api: OrderApi;
  readonly options: OrderLinkOptions;
  readonly random: Random;
  readonly tally: Tally;
  /** The process's own clock. */
  readonly wallUs: () => number;
  readonly onAnswer: (answer: LinkAnswer) => void;
  readonly onStream: (event: StreamEvent) => void;
}

export class OrderLink {
  readonly requests: Path;
  readonly answers: Path;
  readonly stream: Path;
  private readonly parts: OrderLinkParts;
  /** What the link adds to its clock to stamp requests; it asks the venue's time when its stamps are refused. */
  private offsetUs = 0;
  private isUp = false;
  private isClosed = false;

  constructor(parts: OrderLinkParts) {
    const { clock, options, random, tally } = parts;
    this.parts = parts;
    this.requests = new Path("order.request", clock, options.requests, random.split("requests"), tally);
    this.answers = new Path("order.answer", clock, options.answers, random.split("answers"), tally);
    this.stream = new Path("order.stream", clock, options.stream, random.split("stream"), tally);
  }

  /** Opens the private stream. */
  open(): void {
    this.dial();
    this.watchStream();
  }

  /** The process is gone: nothing comes back any more. */
  close(): void {
    this.isClosed = true;
    this.isUp = false;
    this.answers.cut();
    this.stream.cut();
  }

  heal(): void {
    for (const path of [this.requests, this.answers, this.stream]) path.heal();
  }

  send(request: LinkRequest): void {
    const { clock, api, wallUs } = this.parts;
    const stampUs = wallUs() + this.offsetUs;
    let isAnswered = false;
    const answer = (outcome: LinkOutcome): void => {
      if (isAnswered || this.isClosed) return;
      isAnswered = true;
      if (outcome.kind === "answer" && outcome.code === -1021) this.offsetUs = clock.nowUs - wallUs();
      this.parts.onAnswer({ requestId: request.requestId, outcome });
    };
    clock.after(TIMEOUT_US, () => answer({ kind: "none", why: "timeout" }));
    this.requests.send(() => {
      const outcome = api.execute(request, stampUs);
      this.answers.send(() => answer(outcome));
    });
  }

  /** The venue tells of an order; the faults of the stream apply. */
  tell(order: TrueOrder, trade: TrueTrade | null): void {
    if (!this.isUp || this.isClosed) return;
    const { options, random, tally, clock, venue } = this.parts;
    if (trade && trade.shownUs > clock.nowUs) {
      // Told when it is shown, with what is shown by then.
      return clock.after(trade.shownUs - clock.nowUs, () => this.tell(order, trade));
    }
    const written = writeOrder(order, venue.shownLots(order, clock.nowUs));
    const event: StreamEvent = { kind: "order", order: written, trade: trade && writeTrade(trade) };
    if (this.stream.isFaulty && random.chance(options.missingEvent)) return tally.fault("stream.missing-event");
    if (this.stream.isFaulty && random.chance(options.duplicateEvent)) {
      tally.fault("stream.duplicate-event");
      this.stream.send(() => this.parts.onStream(event));
    }
    if (trade && this.stream.isFaulty && random.chance(options.lateFill)) {
      tally.fault("stream.late-fill");
      return clock.after(random.uniform() * 120 * SECOND, () => {
        if (!this.isClosed) this.parts.onStream(event);
      });
    }
    this.stream.send(() => this.parts.onStream(event));
  }

  /** The stream is lost with what is under way on it; the client dials again. */
  drop(): void {
    if (!this.isUp || this.isClosed) return;
    this.parts.tally.fault("stream.drop");
    this.isUp = false;
    this.stream.cut();
    this.parts.onStream({ kind: "down" });
    this.dial();
  }

  private dial(): void {
    const { clock, random } = this.parts;
    clock.after(random.exponential(0.15) * SECOND, () => {
      if (this.isClosed || this.isUp) return;
      this.isUp = true;
      this.parts.onStream({ kind: "up" });
    });
  }

  private watchStream(): void {
    const { clock, options, random } = this.parts;
    clock.after(SECOND, () => {
      if (this.isClosed) return;
      if (this.stream.isFaulty && random.chance(options.streamDrop)) this.drop();
      this.watchStream();
    });
  }
}

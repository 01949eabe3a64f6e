/**
 * A live feed of Binance's market data: it subscribes, fetches the snapshots that books ask for, and dials again when
 * a connection ends. Frames are handled the moment they arrive; everything that needs time happens in `work`, by the
 * clock given. It never throws after start: what goes wrong shows in the feed's statuses and counters.
 */
import type { Instrument } from "../../engine/instrument.js";
import { Backoff } from "../backoff.js";
import type { FeedCounters } from "../feed-counters.js";
import type { MarketSink } from "../market-sink.js";
import type { StampUs } from "../stamp.js";
import type { BookFeed } from "./book-feed.js";
import { Outcome } from "./decode.js";
import { BinanceExchange, type Endpoints } from "./exchange.js";
import { BinanceIntake } from "./intake.js";
import type { DepthFrame } from "./messages.js";
import { readSnapshot } from "./snapshot.js";

export interface BinanceFeedOptions {
  readonly instruments: readonly Instrument[];
  readonly endpoints: Endpoints;
  readonly sink: MarketSink;
  readonly counters: FeedCounters;
  readonly stamp: StampUs;
  /** A live book without an update for longer is stale; default 2000. */
  readonly silenceMs?: number;
  /** A connection without any frame for longer is given up; default 30 000. */
  readonly deadMs?: number;
  /** Draws the delays between attempts; default Math.random. */
  readonly random?: () => number;
  /**
   * Told that `work` has something to do: at once, or, after each frame, before long. Whoever looks in time without
   * being told leaves it out.
   */
  readonly onStir?: (isUrgent: boolean) => void;
  /** Told why a connection ended or a snapshot failed, for the log. */
  readonly onTrouble?: (what: string, error: unknown) => void;
}

const STREAMS = ["trade", "bookTicker", "depth@100ms"] as const;
const SNAPSHOT_LEVELS = 1000;
const RECONNECT_MS = { firstMs: 1000, maxMs: 60_000 };
const SNAPSHOT_RETRY_MS = { firstMs: 500, maxMs: 60_000 };
const US_PER_MS = 1000;
const NEVER = Number.POSITIVE_INFINITY;

/** Fetching of one book's snapshot. */
interface SnapshotRequest {
  readonly book: BookFeed;
  readonly backoff: Backoff;
  asked: boolean;
  notBeforeUs: number;
  arrived: DepthFrame | undefined;
}

export class BinanceFeed {
  private readonly options: Required<BinanceFeedOptions>;
  private readonly intake: BinanceIntake;
  private readonly requests: readonly SnapshotRequest[];
  private readonly backoff: Backoff;
  private exchange: BinanceExchange | undefined;
  private connected = false;
  private stopped = false;
  /** The venue has answered before; that it does not now is a trouble like others. */
  private hasVenue = false;
  private dialAtUs = NEVER;
  /** Frames before the connection was opened say nothing about it. */
  private openedUs = 0;
  private readonly moment = new Float64Array(1);

  constructor(options: BinanceFeedOptions) {
    this.options = {
      ...{ silenceMs: 2000, deadMs: 30_000, random: Math.random, onStir: () => {}, onTrouble: () => {} },
      ...options,
    };
    const { random } = this.options;
    this.intake = new BinanceIntake(this.options);
    this.requests = this.intake.books.map((book) => ({
      book,
      backoff: new Backoff({ ...SNAPSHOT_RETRY_MS, random }),
      asked: false,
      notBeforeUs: 0,
      arrived: undefined,
    }));
    this.backoff = new Backoff({ ...RECONNECT_MS, random });
  }

  /**
   * For a feed in the place of one that ended without a word, before its start: says that all books are old. It has a
   * venue that answers, or one that is away for a while as any may be.
   */
  takeOver(): void {
    this.hasVenue = true;
    this.intake.disconnected();
  }

  /** Dials. Rejects with VenueUnreachable when the venue does not answer; later troubles are overcome by themselves. */
  async start(): Promise<void> {
    this.exchange = await BinanceExchange.open({
      endpoints: this.options.endpoints,
      tap: (frame, isText) => this.onFrame(frame, isText),
      onOpen: () => this.onOpen(),
    });
    if (!this.hasVenue) await this.exchange.ping();
    if (!this.stopped) this.dial();
  }

  /** Ends the connection. Nothing is put into the sink after the last status. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.connected = false;
    this.dialAtUs = NEVER;
    await this.exchange?.close();
    this.intake.stopped();
  }

  /** Does what is due; returns how much that was. To be called often: it is cheap when nothing is. */
  work(): number {
    if (this.stopped) return 0;
    const nowUs = this.nowUs();
    let done = this.intake.tick();
    if (nowUs >= this.dialAtUs) {
      this.dial();
      done += 1;
    }
    if (this.connected && nowUs - this.lastFrameUs() > this.options.deadMs * US_PER_MS) this.exchange!.disconnect();
    for (const request of this.requests) done += this.attend(request, nowUs);
    return done;
  }

  /** In how many milliseconds `work` has something to do, unless `onStir` says so before. */
  nextWorkMs(): number {
    if (this.stopped) return NEVER;
    const nowUs = this.nowUs();
    const dead = this.connected ? this.lastFrameUs() + this.options.deadMs * US_PER_MS : NEVER;
    let dueUs = Math.min(this.dialAtUs, dead, this.intake.nextTickUs(nowUs));
    for (const request of this.requests) {
      if (request.arrived) return 0;
      if (this.isWanted(request)) dueUs = Math.min(dueUs, request.notBeforeUs);
    }
    return Math.max(0, (dueUs - nowUs) / US_PER_MS);
  }

  private onFrame(frame: Uint8Array, isText: boolean): boolean {
    const outcome = this.intake.onFrame(frame, isText);
    this.options.onStir(false);
    // ccxt hears what becomes of our requests; a refusal ends the subscription there, and so here.
    return outcome === Outcome.Reply || outcome === Outcome.Refusal;
  }

  private dial(): void {
    this.dialAtUs = NEVER;
    const streams = this.intake.books.flatMap(({ instrument }) =>
      STREAMS.map((stream) => `${instrument.venueSymbol.toLowerCase()}@${stream}`),
    );
    void this.exchange!.subscribe(streams).then((reason) => this.onEnd(reason));
  }

  private onOpen(): void {
    if (this.stopped) return;
    this.connected = true;
    this.openedUs = this.nowUs();
    this.intake.subscribed();
    this.options.onStir(true);
  }

  private onEnd(reason: unknown): void {
    if (this.stopped) return;
    if (this.connected) this.intake.disconnected();
    this.connected = false;
    this.exchange!.disconnect();
    this.dialAtUs = this.nowUs() + this.backoff.next() * US_PER_MS;
    this.options.onTrouble("connection", reason);
    this.options.onStir(true);
  }

  private attend(request: SnapshotRequest, nowUs: number): number {
    const { book, arrived } = request;
    if (arrived) {
      request.arrived = undefined;
      if (!this.intake.onSnapshot(book, arrived)) this.delay(request);
      else if (book.sync.following) this.settle(request);
      return 1;
    }
    if (!this.isWanted(request) || nowUs < request.notBeforeUs) return 0;
    void this.fetch(request);
    return 1;
  }

  private isWanted({ book, asked }: SnapshotRequest): boolean {
    return book.sync.wantsSnapshot && book.isTold && !asked;
  }

  /** The result waits for the next `work`. */
  private async fetch(request: SnapshotRequest): Promise<void> {
    const { instrument, sync } = request.book;
    request.asked = true;
    sync.snapshotAsked();
    try {
      const answer = await this.exchange!.depth(instrument.venueSymbol, SNAPSHOT_LEVELS);
      request.arrived = readSnapshot(answer, instrument, this.nowUs());
      if (!request.arrived) throw new Error(`the venue's depth answer for ${instrument.venueSymbol} is not a snapshot`);
    } catch (error) {
      sync.snapshotFailed();
      this.delay(request);
      this.options.onTrouble("snapshot", error);
    }
    request.asked = false;
    this.options.onStir(true);
  }

  private lastFrameUs(): number {
    return Math.max(this.openedUs, this.intake.heardUs[0]);
  }

  private nowUs(): number {
    this.options.stamp(this.moment, 0);
    return this.moment[0];
  }

  private delay(request: SnapshotRequest): void {
    request.notBeforeUs = this.nowUs() + request.backoff.next() * US_PER_MS;
  }

  /** A book that joins shows that the venue is well. */
  private settle(request: SnapshotRequest): void {
    request.backoff.reset();
    request.notBeforeUs = 0;
    this.backoff.reset();
  }
}

/**
 * The public side of the venue: its books, the trades that wander over them, and what it tells of both. A pulse is what
 * happens at one moment: some levels change, perhaps a trade, perhaps a frame; snapshots are taken between pulses, so
 * they fall into the middle of what a frame tells.
 */
import type { VirtualClock } from "../clock.js";
import type { MarketOptions } from "../options.js";
import type { Random } from "../random.js";
import { depthAnswer, depthFrame, quoteFrame, tradeFrame } from "./frames.js";
import { FIRST_TICKS, INSTRUMENTS } from "./instruments.js";
import { TrueBook } from "./true-book.js";

/** The price stays within an eighth of where it began, so that exposure in value means something. */
const WANDER_PART = 8;

export type OnFrame = (frame: string) => void;
export type OnPublicTrade = (instrument: number, ticks: number, lots: number, takerBuys: boolean) => void;

export class MarketVenue {
  readonly books: readonly TrueBook[];
  onFrame: OnFrame = () => {};
  onTrade: OnPublicTrade = () => {};
  onBestMoved: (instrument: number) => void = () => {};
  private readonly clock: VirtualClock;
  private readonly options: MarketOptions;
  private readonly random: Random;
  private readonly nextTradeId = INSTRUMENTS.map(() => 1);
  private readonly framedUs = INSTRUMENTS.map(() => 0);
  /** What a cache of the venue's answers with, by instrument. */
  private readonly kept: unknown[] = [];
  private staleSnapshot: number;

  constructor(clock: VirtualClock, options: MarketOptions, random: Random) {
    this.clock = clock;
    this.options = options;
    this.staleSnapshot = options.staleSnapshot;
    this.random = random;
    this.books = INSTRUMENTS.map(
      ({ venueSymbol }, index) => new TrueBook(FIRST_TICKS[index], options.levels, random.split(`book/${venueSymbol}`)),
    );
  }

  heal(): void {
    this.staleSnapshot = 0;
  }

  start(): void {
    for (let instrument = 0; instrument < INSTRUMENTS.length; instrument += 1) this.pulse(instrument);
  }

  /** What a depth request is answered with now. */
  depth(symbol: string): unknown {
    const instrument = INSTRUMENTS.findIndex(({ venueSymbol }) => venueSymbol === symbol);
    const kept = this.kept[instrument];
    const now = this.snapshotOf(instrument);
    return kept !== undefined && this.random.chance(this.staleSnapshot) ? kept : now;
  }

  private snapshotOf(instrument: number): unknown {
    const book = this.books[instrument];
    return depthAnswer(book.updateId, book.sideLevels(book.bids), book.sideLevels(book.asks));
  }

  private pulse(instrument: number): void {
    const { random, options, clock } = this;
    const book = this.books[instrument];
    const { bidTicks, askTicks } = book;
    if (this.staleSnapshot > 0 && random.chance(0.2)) this.kept[instrument] = this.snapshotOf(instrument);
    if (random.chance(options.movePerPulse)) book.move(this.wander(instrument));
    for (let change = random.integer(0, 2); change > 0; change -= 1) book.stir();
    if (random.chance(0.4)) this.trade(instrument);
    if (book.bidTicks !== bidTicks || book.askTicks !== askTicks) {
      this.onBestMoved(instrument);
      this.quote(instrument);
    }
    if (clock.nowUs - this.framedUs[instrument] >= options.frameEveryUs) this.tellChanges(instrument);
    clock.after(random.exponential(options.pulseUs), () => this.pulse(instrument));
  }

  /** Places of the grid to move by; back toward where the price began when it is far from there. */
  private wander(instrument: number): number {
    const { random } = this;
    const first = FIRST_TICKS[instrument];
    const places = random.integer(1, 3);
    const away = this.books[instrument].bidTicks - first;
    if (Math.abs(away) > first / WANDER_PART) return away > 0 ? -places : places;
    return random.chance(0.5) ? places : -places;
  }

  private trade(instrument: number): void {
    const { random } = this;
    const book = this.books[instrument];
    const takerBuys = random.chance(0.5);
    const side = takerBuys ? book.asks : book.bids;
    const ticks = takerBuys ? book.askTicks : book.bidTicks;
    const lots = book.take(side, random.integer(1, 300));
    this.onTrade(instrument, ticks, lots, takerBuys);
    const { venueSymbol } = INSTRUMENTS[instrument];
    this.onFrame(tradeFrame(venueSymbol, this.nowMs(), this.nextTradeId[instrument]++, ticks, lots, !takerBuys));
  }

  private quote(instrument: number): void {
    const book = this.books[instrument];
    const bid = [book.bidTicks, book.bestLots(book.bids)] as const;
    const ask = [book.askTicks, book.bestLots(book.asks)] as const;
    this.onFrame(quoteFrame(INSTRUMENTS[instrument].venueSymbol, book.updateId, bid, ask));
  }

  private tellChanges(instrument: number): void {
    this.framedUs[instrument] = this.clock.nowUs;
    const changes = this.books[instrument].takeChanges();
    if (changes) this.onFrame(depthFrame(INSTRUMENTS[instrument].venueSymbol, this.nowMs(), changes));
  }

  private nowMs(): number {
    return Math.floor(this.clock.nowUs / 1000);
  }
}

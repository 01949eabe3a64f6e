/**
 * What is promised of market data: a book that is shown as live is the venue's book as of its update id, strategies are
 * called for live markets alone, and a timer fires once for each of its moments. The probe is a strategy that looks and
 * does nothing else; while a journal is replayed it is blind.
 */
import type { Engine, StrategyDefinition } from "../../../engine/index.js";
import type { Book } from "../../../engine/market/book.js";
import { INSTRUMENTS, SPECS } from "../venue/instruments.js";
import { levelSum, type TrueBook } from "../venue/true-book.js";
import { promise } from "../violation.js";

const TIMERS = { "50ms": 50_000, "1s": 1_000_000 } as const;

/** Shared by the lives of a run; each life's engine is looked at in turn. */
export class MarketChecks {
  /** The engine that runs now; null while nothing does, and while a journal is replayed. */
  engine: Engine | null = null;
  private readonly books: readonly TrueBook[];
  /** What the probe has seen that must not be. */
  private seen: unknown;
  private readonly checkedIds = INSTRUMENTS.map(() => 0);
  /** By timer: the moment it fired for last, and the sequence at which it did. */
  private firings: { name: string; dueUs: number; sequence: number }[] = [];

  constructor(books: readonly TrueBook[]) {
    this.books = books;
  }

  /** A strategy of the run, which every engine of it has. */
  get probe(): StrategyDefinition {
    const definition: StrategyDefinition = {
      id: "probe",
      params: {},
      subscribe: [
        ...SPECS.flatMap(({ id }) => [`book:${id}`, `quotes:${id}`]),
        ...Object.keys(TIMERS).map((interval) => `timer:${interval}`),
      ],
      onBook: (_ctx, _state, { instrument }) => this.look(() => this.onShown(instrument)),
      onQuote: (_ctx, _state, { instrument }) => this.look(() => this.onShown(instrument)),
      onTimer: (_ctx, _state, { name, dueUs }) => this.look(() => this.onTimer(name, dueUs)),
    };
    return definition;
  }

  /** The same for an engine that only executes what is recorded. */
  get blindProbe(): StrategyDefinition {
    return { ...this.probe, onBook: () => {}, onQuote: () => {}, onTimer: () => {} };
  }

  /** After the engine has done something. */
  check(): void {
    const { engine, seen } = this;
    if (seen !== undefined) throw seen;
    if (engine === null) return;
    for (let instrument = 0; instrument < INSTRUMENTS.length; instrument += 1) {
      const { lastUpdateId } = engine.market.books[instrument];
      if (lastUpdateId === this.checkedIds[instrument] || !engine.market.isLive(instrument)) continue;
      this.checkedIds[instrument] = lastUpdateId;
      this.checkBook(engine, instrument);
    }
  }

  /** What came behind this sequence was lost, and did not happen. */
  forgetAfter(sequence: number): void {
    this.firings = this.firings.filter((firing) => firing.sequence <= sequence);
    this.checkedIds.fill(0);
  }

  /** A handler's fault would only switch the probe off: it is kept until the simulator asks. */
  private look(at: () => void): void {
    try {
      at();
    } catch (error) {
      this.seen ??= error;
    }
  }

  private onShown(id: string): void {
    const { engine } = this;
    if (engine === null) return;
    const instrument = INSTRUMENTS.findIndex((each) => each.id === id);
    promise(engine.market.isLive(instrument), "live book", () => `a strategy was shown ${id}, which is not live`);
    this.check();
  }

  private checkBook(engine: Engine, instrument: number): void {
    const book = engine.market.books[instrument];
    const truth = this.books[instrument].sumAt(book.lastUpdateId);
    const { id } = INSTRUMENTS[instrument];
    promise(truth === sumOf(book), "live book", () => {
      return `the live book of ${id} at update ${book.lastUpdateId} is not the venue's`;
    });
  }

  private onTimer(name: string, dueUs: number): void {
    const { engine } = this;
    if (engine === null) return;
    const intervalUs = TIMERS[name as keyof typeof TIMERS];
    const last = this.firings.findLast((firing) => firing.name === name);
    const isNewest = dueUs <= engine.timeUs && dueUs + intervalUs > engine.timeUs && dueUs % intervalUs === 0;
    promise(isNewest, "timer", () => `timer ${name} fired for ${dueUs} at ${engine.timeUs}`);
    promise(last === undefined || dueUs > last.dueUs, "timer", () => `timer ${name} fired twice for ${dueUs}`);
    this.firings.push({ name, dueUs, sequence: engine.sequence });
  }
}

function sumOf({ bids, asks }: Book): number {
  let sum = 0;
  for (let at = 0; at < bids.count; at += 1) sum = (sum + levelSum(true, bids.keys[at], bids.lots[at])) | 0;
  for (let at = 0; at < asks.count; at += 1) sum = (sum + levelSum(false, -asks.keys[at], asks.lots[at])) | 0;
  return sum;
}

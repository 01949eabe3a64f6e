/**
 * The venue's true book of one symbol: what a client that follows the protocol must hold. Prices and quantities stay
 * decimal text in one canonical form (eight decimals, no leading zeros), so that equal prices are equal keys and
 * nothing is rounded. Built for being right: sorting happens when somebody asks.
 */

export type Level = readonly [price: string, quantity: string];

/** The body of the REST depth answer: bids from high to low, asks from low to high. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The part of a depthUpdate that changes a book: new quantities, absolute; zero removes the level. */
export interface DepthUpdate {
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

const DECIMALS = 8;
const DECIMAL = /^0*(\d+?)(?:\.(\d{0,8}))?$/;
const ZERO = "0.00000000";

export class VenueBook {
  #lastUpdateId: number;
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();

  constructor(snapshot: DepthSnapshot) {
    this.#lastUpdateId = snapshot.lastUpdateId;
    setLevels(this.#bids, snapshot.bids);
    setLevels(this.#asks, snapshot.asks);
  }

  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  /** Sets the levels of one update. That updates are continuous is the caller's promise. */
  apply(update: DepthUpdate): void {
    setLevels(this.#bids, update.b);
    setLevels(this.#asks, update.a);
    this.#lastUpdateId = update.u;
  }

  bestBid(): Level | undefined {
    return best(this.#bids, 1);
  }

  bestAsk(): Level | undefined {
    return best(this.#asks, -1);
  }

  /** The quantity shown at a canonical price; zero where there is none. */
  shown(side: "bids" | "asks", price: string): string {
    return (side === "bids" ? this.#bids : this.#asks).get(price) ?? ZERO;
  }

  /** The best `limit` levels of each side. */
  snapshot(limit = Number.POSITIVE_INFINITY): DepthSnapshot {
    return {
      lastUpdateId: this.#lastUpdateId,
      bids: sorted(this.#bids, -1).slice(0, limit),
      asks: sorted(this.#asks, 1).slice(0, limit),
    };
  }

  /** The levels that turn this book into `target`: its own where they differ, zero where it has none. */
  changesTo(target: VenueBook): Pick<DepthUpdate, "b" | "a"> {
    return { b: changes(this.#bids, target.#bids), a: changes(this.#asks, target.#asks) };
  }
}

/** Eight decimals, no leading zeros: `00.5` is `0.50000000`. Throws when the text is no such decimal. */
export function canonicalDecimal(text: string): string {
  const match = DECIMAL.exec(text);
  if (!match) throw new Error(`a price or quantity must be a decimal with at most ${DECIMALS} places, was "${text}"`);
  return `${match[1]}.${(match[2] ?? "").padEnd(DECIMALS, "0")}`;
}

/** Negative, zero or positive, of canonical decimals: with equal decimals the longer text is the larger number. */
export function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function setLevels(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, quantity] of levels) {
    const amount = canonicalDecimal(quantity);
    if (amount === ZERO) side.delete(canonicalDecimal(price));
    else side.set(canonicalDecimal(price), amount);
  }
}

function sorted(side: ReadonlyMap<string, string>, direction: 1 | -1): Level[] {
  return [...side].sort(([a], [b]) => direction * compareDecimals(a, b));
}

function best(side: ReadonlyMap<string, string>, direction: 1 | -1): Level | undefined {
  let found: Level | undefined;
  for (const level of side) if (!found || direction * compareDecimals(level[0], found[0]) > 0) found = level;
  return found;
}

function changes(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): Level[] {
  const removed = [...from.keys()].filter((price) => !to.has(price)).map((price): Level => [price, ZERO]);
  return [...removed, ...[...to].filter(([price, quantity]) => from.get(price) !== quantity)];
}

/**
 * The state hash of a checkpoint: of all but what grows without deciding anything, which is levels behind the best,
 * orders that have ended, and trade ids before the newest. Each instrument, position and strategy has a hash of its
 * own; the brief hash is that of their sums, so that a checkpoint looks again only at those that were touched since the
 * last one. The sums are those of the state alone: a hash from scratch is the same, whatever happened before.
 */
import type { Engine, Touched } from "./engine.js";
import { MarkSet } from "./mark-set.js";
import { isWorking, ORDERS_MAX, type OrderTable } from "./orders/order-table.js";
import { GraphHash } from "./snapshot/graph-hash.js";
import { Hasher } from "./snapshot/hasher.js";
import {
  FAULT,
  hashMarketOf,
  hashOrder,
  hashPositionOf,
  hashProgress,
  hashRegime,
  hashRisk,
  hashTimer,
  type StateHash,
} from "./state-hash.js";
import { StateWalk } from "./strategy/state-walk.js";

/** Hashes a row of a kind into the hasher. */
type HashRow = (engine: Engine, row: number) => void;

export class BriefHash implements StateHash {
  private readonly hasher = new Hasher();
  private readonly lanes = new Uint32Array(2);
  private readonly kinds: readonly RowHashes[];
  private readonly walk: StateWalk;
  private engine: Engine | null = null;

  constructor() {
    const contents = (index: number): Uint8Array => this.engine!.math.indicators[index].briefBytes;
    this.walk = new StateWalk(new GraphHash(this.hasher, contents));
    this.kinds = [
      new RowHashes(1, this.hasher, (engine, row) => hashMarketOf(this.hasher, engine, row, true)),
      new RowHashes(2, this.hasher, (engine, row) => hashPositionOf(this.hasher, engine, row)),
      new RowHashes(3, this.hasher, (engine, row) => this.hashStrategy(engine, row)),
    ];
  }

  /** The hash now; it is good until the next call. What was touched counts as seen. */
  take(engine: Engine, touched: Touched = engine.touched): StateHash {
    const { hasher, kinds } = this;
    this.engine = engine;
    kinds[0].update(engine, touched.instruments);
    kinds[1].update(engine, touched.cells);
    kinds[2].update(engine, touched.strategies);
    hasher.reset();
    hashProgress(hasher, engine);
    hasher.element(engine.timers.earliest, 0);
    hasher.number(engine.orders.nextId);
    hasher.word(engine.orders.working);
    hashWorking(hasher, engine.orders);
    hashRisk(hasher, engine);
    for (let kind = 0; kind < kinds.length; kind += 1) hasher.ints(kinds[kind].sums);
    hasher.finish(this.lanes);
    return this;
  }

  get high(): number {
    return this.lanes[1];
  }

  get low(): number {
    return this.lanes[0];
  }

  /**
   * With its timers, its indicators and its regimes, less what these keep for a fit. The state of one that is switched
   * off decides nothing any more.
   */
  private hashStrategy({ strategies, math, timers, regimes }: Engine, row: number): void {
    const { hasher } = this;
    const { enabled, context, state, timerIndexes } = strategies[row];
    hasher.word(enabled ? 1 : 0);
    hasher.ints(context._random.words);
    for (let at = 0; at < timerIndexes.length; at += 1) hashTimer(hasher, timers.all[timerIndexes[at]]);
    const own = regimes.of(row);
    for (let at = 0; at < own.length; at += 1) hashRegime(hasher, own[at]);
    if (!enabled) return;
    try {
      this.walk.walk(state, math.indicators, false);
    } catch {
      hasher.word(FAULT);
    }
  }
}

/** The same from scratch: a look at every row. */
export function briefHash(engine: Engine): StateHash {
  return new BriefHash().take(engine, untouched(engine.instruments.length, engine.strategies.length));
}

/** Nothing has changed yet in so many instruments and strategies. */
export function untouched(instruments: number, strategies: number): Touched {
  return {
    instruments: new MarkSet(instruments),
    cells: new MarkSet(strategies * instruments),
    strategies: new MarkSet(strategies),
  };
}

/** The hashes of all rows of a kind, and their sum: which rows there are decides it, not the order they came in. */
class RowHashes {
  readonly sums = new Uint32Array(2);
  private readonly kind: number;
  private readonly hasher: Hasher;
  private readonly hashRow: HashRow;
  private readonly lanes = new Uint32Array(2);
  /** Two words a row; empty until all have been looked at once. */
  private hashes = new Uint32Array(0);

  constructor(kind: number, hasher: Hasher, hashRow: HashRow) {
    this.kind = kind;
    this.hasher = hasher;
    this.hashRow = hashRow;
  }

  /** Looks again at the rows that were marked; the first time at all. */
  update(engine: Engine, marked: MarkSet): void {
    const size = marked.rows.length;
    if (this.hashes.length !== 2 * size) {
      this.hashes = new Uint32Array(2 * size);
      marked.markAll();
    }
    for (let at = 0; at < marked.count; at += 1) this.look(engine, marked.rows[at]);
    marked.clear();
  }

  private look(engine: Engine, row: number): void {
    const { hasher, hashes, lanes, sums } = this;
    hasher.reset();
    hasher.word(this.kind);
    hasher.word(row);
    this.hashRow(engine, row);
    hasher.finish(lanes);
    for (let lane = 0; lane < 2; lane += 1) {
      sums[lane] += lanes[lane] - hashes[2 * row + lane];
      hashes[2 * row + lane] = lanes[lane];
    }
  }
}

/** From the newest order back: the search ends at the last working one. */
function hashWorking(hasher: Hasher, orders: OrderTable): void {
  const { status } = orders;
  const newest = (orders.nextId - 1) & (ORDERS_MAX - 1);
  let left = orders.working;
  for (let row = newest; left > 0 && row > newest - ORDERS_MAX; row -= 1) {
    if (!isWorking(status[row & (ORDERS_MAX - 1)])) continue;
    hashOrder(hasher, orders, row & (ORDERS_MAX - 1));
    left -= 1;
  }
}

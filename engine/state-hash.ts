/**
 * One 64-bit number for the whole state of an engine: equal states, equal hashes, on any machine. Two lanes of the
 * 32-bit murmur3 mixing step (Austin Appleby), over the bits of every array and of the strategies' own state.
 */
import { assert } from "./assert.js";
import type { Engine } from "./engine.js";
import { ORDERS_MAX } from "./orders/order-table.js";

export interface StateHash {
  readonly high: number;
  readonly low: number;
}

export function stateHash(engine: Engine): StateHash {
  const hasher = new StateHasher();
  hasher.numbers(engine.sequence, engine.timeUs, engine.epoch, engine.mode, engine.fills, engine.ordersSent);
  hashMarket(hasher, engine);
  hashOrders(hasher, engine);
  hashPositions(hasher, engine);
  hashStrategies(hasher, engine);
  return hasher.finish();
}

/** Sixteen hexadecimal digits. */
export function formatHash({ high, low }: StateHash): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

function hashMarket(hasher: StateHasher, { market }: Engine): void {
  for (const { bids, asks, lastUpdateId } of market.books) {
    hasher.numbers(lastUpdateId, bids.count, asks.count);
    for (const side of [bids, asks]) {
      hasher.array(side.keys, side.count);
      hasher.array(side.lots, side.count);
    }
  }
  for (const array of [market.bidTicks, market.askTicks, market.bidLots, market.askLots, market.lastTicks]) {
    hasher.array(array, array.length);
  }
  hasher.array(market.feedState, market.feedState.length);
}

function hashOrders(hasher: StateHasher, { orders, seenTrades }: Engine): void {
  hasher.numbers(orders.nextId, orders.working, seenTrades.size);
  const used = Math.min(orders.nextId, ORDERS_MAX);
  for (const array of [
    orders.id,
    orders.qtyLots,
    orders.filledLots,
    orders.priceTicks,
    orders.instrument,
    orders.strategy,
    orders.side,
    orders.orderType,
    orders.timeInForce,
    orders.status,
  ]) {
    hasher.array(array, used);
  }
  for (const tradeId of seenTrades.values()) hasher.number(tradeId);
}

function hashPositions(hasher: StateHasher, { positions, risk }: Engine): void {
  const { lots, costMoney, realisedMoney, feesMoney } = positions;
  for (const array of [lots, costMoney, realisedMoney, feesMoney]) hasher.array(array, array.length);
  hasher.numbers(risk.state, risk.day, risk.dayStartMoney);
}

function hashStrategies(hasher: StateHasher, engine: Engine): void {
  for (const { dueUs } of engine.timers.all) hasher.number(dueUs);
  for (const host of engine.strategies) {
    hasher.number(host.enabled ? 1 : 0);
    hasher.array(host.context._random.words, 4);
    hasher.value(host.state, 0);
  }
  const arena = engine.math.arenaBytes();
  hasher.array(arena, arena.length);
}

/** How deep a strategy's state may nest. */
const DEPTH_MAX = 16;

export class StateHasher {
  private high = 0x9747b28c;
  private low = 0x3c6ef372;
  private words = 0;
  private readonly double = new Float64Array(1);
  private readonly halves = new Uint32Array(this.double.buffer);

  word(value: number): void {
    this.high = mix(this.high, value);
    this.low = mix(this.low, Math.imul(value, 0x9e3779b1) ^ this.high);
    this.words += 1;
  }

  number(value: number): void {
    this.double[0] = Number.isNaN(value) ? Number.NaN : value;
    this.word(this.halves[0]);
    this.word(this.halves[1]);
  }

  numbers(...values: number[]): void {
    for (const value of values) this.number(value);
  }

  array(values: ArrayLike<number>, count: number): void {
    this.word(count);
    if (isFractional(values)) for (let at = 0; at < count; at += 1) this.number(values[at]);
    else for (let at = 0; at < count; at += 1) this.word(values[at]);
  }

  text(value: string): void {
    this.word(value.length);
    for (let at = 0; at < value.length; at += 1) this.word(value.charCodeAt(at));
  }

  /** A strategy's own state: plain data in its own order. Other objects, such as indicators, live in the arena. */
  value(value: unknown, depth: number): void {
    assert(depth <= DEPTH_MAX, `a strategy's state nests deeper than ${DEPTH_MAX}`);
    const kind = kindOf(value);
    this.word(kind);
    // biome-ignore format: one arm a line
    switch (kind) {
      case Kind.Number: this.number(value as number); break;
      case Kind.Text: this.text(value as string); break;
      case Kind.Boolean: this.word(value ? 1 : 0); break;
      case Kind.Big: this.text(String(value)); break;
      case Kind.List: this.list(value as unknown[], depth); break;
      case Kind.View: this.view(value as ArrayBufferView); break;
      case Kind.Collection: this.list([...(value as Set<unknown>)], depth); break;
      case Kind.Plain: this.list(Object.entries(value as object), depth); break;
    }
  }

  private view(value: ArrayBufferView): void {
    if (isFractional(value)) this.array(value, value.length);
    else this.array(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), value.byteLength);
  }

  finish(): StateHash {
    return { high: avalanche(this.high ^ this.words), low: avalanche(this.low ^ Math.imul(this.words, 0x85ebca6b)) };
  }

  private list(values: readonly unknown[], depth: number): void {
    this.word(values.length);
    for (const each of values) this.value(each, depth + 1);
  }
}

function isFractional(values: unknown): values is Float64Array | Float32Array {
  return values instanceof Float64Array || values instanceof Float32Array;
}

/** What a value is, as hashed before it: an empty list and an empty text are not the same state. */
const Kind = {
  Nothing: 0,
  Number: 1,
  Text: 2,
  Boolean: 3,
  Big: 4,
  List: 5,
  View: 6,
  Collection: 7,
  Plain: 8,
  Null: 9,
} as const;

function kindOf(value: unknown): number {
  if (typeof value === "number") return Kind.Number;
  if (typeof value === "string") return Kind.Text;
  if (typeof value === "boolean") return Kind.Boolean;
  if (typeof value === "bigint") return Kind.Big;
  if (value === null) return Kind.Null;
  if (Array.isArray(value)) return Kind.List;
  if (ArrayBuffer.isView(value)) return Kind.View;
  if (value instanceof Map || value instanceof Set) return Kind.Collection;
  return isPlain(value) ? Kind.Plain : Kind.Nothing;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function avalanche(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

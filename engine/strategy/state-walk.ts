/**
 * The one walk over a strategy's state: it says which values may be kept, numbers the objects by their first visit, so
 * that cycles and shared references are state too, and hands everything to a visitor. What is hashed, what is written
 * to a snapshot and what is refused can therefore never differ. It allocates nothing for small states of plain objects.
 */
import { StreamingIndicator } from "../../wasm/index.js";
import { Regime } from "../models/regime.js";
import { refusalOf } from "./state-refusal.js";

/** How many objects may lie inside one another. */
export const STATE_DEPTH_MAX = 16;
/** Values that a state may hold. A text or a buffer counts one more for each eight characters or bytes. */
export const STATE_VALUES_MAX = 100_000;

/** What a value is; the numbers stand in snapshots. */
export const Kind = {
  End: 0,
  Undefined: 1,
  Null: 2,
  False: 3,
  True: 4,
  Number: 5,
  Text: 6,
  Big: 7,
  Object: 8,
  /** An object without a prototype. */
  Bare: 9,
  List: 10,
  Map: 11,
  Set: 12,
  Buffer: 13,
  View: 14,
  Indicator: 15,
  /** An object that was visited before. */
  Again: 16,
  Regime: 17,
} as const;

interface ViewMaker {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView;
  readonly prototype: ArrayBufferView;
  /** A DataView has none: it counts bytes. */
  readonly BYTES_PER_ELEMENT?: number;
}

/** The views on buffers, in the order of their numbers. */
export const VIEWS: readonly ViewMaker[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];
const VIEW_PROTOTYPES: readonly unknown[] = VIEWS.map(({ prototype }) => prototype);

/** A strategy keeps something that cannot be kept. The message names the path to it and the remedy. */
export class StateFault extends Error {
  override readonly name = "StateFault";
}

/** Who is told of every value, in order. Objects without a prototype and frozen ones come back as what they were. */
export interface StateVisitor {
  /** Undefined, Null, False or True. */
  constant(kind: number): void;
  number(value: number): void;
  text(value: string): void;
  big(value: bigint): void;
  indicator(index: number): void;
  /** By its number, and its filter's among the indicators. */
  regime(index: number, filter: number): void;
  again(visit: number): void;
  /** Object, Bare, List, Map or Set; `size` is 0 for the first two. What it holds follows, then `end`. */
  begin(kind: number, frozen: boolean, size: number): void;
  /** The name of the property whose value comes next. */
  key(name: string): void;
  end(kind: number): void;
  /** A view; its buffer comes next. `length` counts elements, of a DataView bytes. */
  view(view: number, frozen: boolean, byteOffset: number, length: number): void;
  /** A buffer, and the view through which it was found, if any. */
  buffer(buffer: ArrayBuffer, frozen: boolean, through: ArrayBufferView | null): void;
}

/** Objects that are looked up by scanning; a state of more is looked up in a map. */
const SCANNED_MAX = 32;

interface ObjectPrototype {
  __lookupGetter__(key: string): unknown;
  __lookupSetter__(key: string): unknown;
}
/** Unlike a property descriptor, what they answer is no new object. */
const { __lookupGetter__: getterOf, __lookupSetter__: setterOf } = Object.prototype as unknown as ObjectPrototype;

export class StateWalk {
  private readonly visitor: StateVisitor;
  private readonly seen: unknown[] = new Array(SCANNED_MAX).fill(undefined);
  private readonly numbers = new Map<unknown, number>();
  /** The way to the value at hand: in what kind of object each step was taken, and its key. */
  private readonly kinds = new Int32Array(STATE_DEPTH_MAX);
  private readonly steps: unknown[] = new Array(STATE_DEPTH_MAX).fill(undefined);
  private indicators: readonly StreamingIndicator[] = [];
  private thorough = false;
  private objects = 0;
  private values = 0;

  constructor(visitor: StateVisitor) {
    this.visitor = visitor;
  }

  /**
   * Walks a state, whose indicators are among `indicators`. Throws StateFault at the first value that cannot be kept.
   * Only a thorough walk finds what is hidden: symbol keys, properties that are no part of a list or a collection.
   */
  walk(state: unknown, indicators: readonly StreamingIndicator[], thorough: boolean): void {
    this.indicators = indicators;
    this.thorough = thorough;
    this.objects = this.values = 0;
    try {
      this.visit(state, 0);
    } catch (error) {
      // Something that only looks like what it says it is; the words of such errors differ between versions of Node.
      throw error instanceof StateFault ? error : new StateFault("state holds what cannot be read: keep plain data");
    } finally {
      this.forget();
    }
  }

  /** Keeps no object of the strategy's alive. */
  private forget(): void {
    for (let at = 0; at < SCANNED_MAX && at < this.objects; at += 1) this.seen[at] = undefined;
    for (let depth = 0; depth < STATE_DEPTH_MAX; depth += 1) this.steps[depth] = undefined;
    if (this.objects > SCANNED_MAX) this.numbers.clear();
  }

  private visit(value: unknown, depth: number): void {
    this.count(1, depth);
    // biome-ignore format: one arm a line
    switch (typeof value) {
      case "number": this.visitor.number(value); break;
      case "string": this.visitText(value, depth); break;
      case "boolean": this.visitor.constant(value ? Kind.True : Kind.False); break;
      case "undefined": this.visitor.constant(Kind.Undefined); break;
      case "bigint": this.visitBig(value, depth); break;
      case "object": if (value === null) this.visitor.constant(Kind.Null); else this.visitObject(value, depth); break;
      default: throw this.fault(depth, refusalOf(value));
    }
  }

  private visitText(value: string, depth: number): void {
    this.count(value.length >>> 3, depth);
    this.visitor.text(value);
  }

  private visitBig(value: bigint, depth: number): void {
    // Any bigint in bounds passes; one beyond would take seconds to write down.
    if (BigInt.asIntN(STATE_VALUES_MAX, value) !== value) this.count(STATE_VALUES_MAX, depth);
    this.visitor.big(value);
  }

  private visitObject(value: object, depth: number): void {
    if (value instanceof StreamingIndicator) return this.visitIndicator(value, depth);
    if (value instanceof Regime) return this.visitRegime(value, depth);
    const number = this.numberOf(value);
    if (number < this.objects) return this.visitor.again(number);
    this.remember(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (depth === STATE_DEPTH_MAX) throw this.fault(depth, `lies deeper than ${STATE_DEPTH_MAX}: keep a flatter state`);
    const frozen = this.isFrozen(value, depth);
    if (prototype === Object.prototype) return this.visitProperties(value, Kind.Object, frozen, depth);
    if (prototype === null) return this.visitProperties(value, Kind.Bare, frozen, depth);
    if (prototype === Array.prototype && Array.isArray(value)) return this.visitList(value, frozen, depth);
    if (prototype === Map.prototype) return this.visitMap(value as Map<unknown, unknown>, frozen, depth);
    if (prototype === Set.prototype) return this.visitSet(value as Set<unknown>, frozen, depth);
    if (prototype === ArrayBuffer.prototype) return this.visitBuffer(value as ArrayBuffer, frozen, null, depth);
    const view = VIEW_PROTOTYPES.indexOf(prototype);
    if (view < 0) throw this.fault(depth, refusalOf(value));
    this.visitView(value as ArrayBufferView, view, frozen, depth);
  }

  private visitIndicator(value: StreamingIndicator, depth: number): void {
    if (this.indicators[value.index] !== value) throw this.fault(depth, "is an indicator that ctx.ta did not make");
    this.visitor.indicator(value.index);
  }

  private visitRegime({ _filter, _row }: Regime, depth: number): void {
    if (this.indicators[_filter.index] !== _filter) throw this.fault(depth, "is a regime that ctx.hmm did not make");
    this.visitor.regime(_row.index, _filter.index);
  }

  private visitProperties(value: object, kind: number, frozen: boolean, depth: number): void {
    if (this.thorough) this.checkKeys(value, kind, frozen, depth);
    this.visitor.begin(kind, frozen, 0);
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      this.step(depth, kind, key);
      if (getterOf.call(value, key) !== undefined || setterOf.call(value, key) !== undefined) {
        throw this.fault(depth + 1, GETTER);
      }
      this.count(key.length >>> 3, depth + 1);
      this.visitor.key(key);
      this.visit((value as Record<string, unknown>)[key], depth + 1);
    }
    this.visitor.end(kind);
  }

  private visitList(list: readonly unknown[], frozen: boolean, depth: number): void {
    if (list.length > STATE_VALUES_MAX) this.count(list.length, depth);
    if (this.thorough) this.checkKeys(list, Kind.List, frozen, depth);
    this.visitor.begin(Kind.List, frozen, list.length);
    for (let at = 0; at < list.length; at += 1) {
      this.step(depth, Kind.List, at);
      const value = list[at];
      if (value === undefined && !Object.hasOwn(list, at)) throw this.fault(depth + 1, HOLE);
      this.visit(value, depth + 1);
    }
    this.visitor.end(Kind.List);
  }

  private visitMap(map: ReadonlyMap<unknown, unknown>, frozen: boolean, depth: number): void {
    if (this.thorough) this.checkBare(map, depth);
    this.visitor.begin(Kind.Map, frozen, map.size);
    let at = 0;
    for (const [key, value] of map) {
      this.step(depth, Kind.Set, at++);
      this.visit(key, depth + 1);
      this.step(depth, Kind.Map, key);
      this.visit(value, depth + 1);
    }
    this.visitor.end(Kind.Map);
  }

  private visitSet(set: ReadonlySet<unknown>, frozen: boolean, depth: number): void {
    if (this.thorough) this.checkBare(set, depth);
    this.visitor.begin(Kind.Set, frozen, set.size);
    let at = 0;
    for (const value of set) {
      this.step(depth, Kind.Set, at++);
      this.visit(value, depth + 1);
    }
    this.visitor.end(Kind.Set);
  }

  private visitView(view: ArrayBufferView, number: number, frozen: boolean, depth: number): void {
    const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length;
    if (this.thorough) this.checkBare(view, depth, view instanceof DataView ? 0 : length);
    this.visitor.view(number, frozen, view.byteOffset, length);
    const buffer: unknown = view.buffer;
    const visit = this.numberOf(buffer);
    if (visit < this.objects) return this.visitor.again(visit);
    if (Object.getPrototypeOf(buffer) !== ArrayBuffer.prototype) throw this.fault(depth, refusalOf(buffer));
    this.remember(buffer);
    this.visitBuffer(buffer as ArrayBuffer, this.isFrozen(buffer as ArrayBuffer, depth), view, depth);
  }

  private visitBuffer(buffer: ArrayBuffer, frozen: boolean, through: ArrayBufferView | null, depth: number): void {
    if (buffer.resizable || buffer.detached)
      throw this.fault(depth, "has a buffer that changes its length: use another");
    if (this.thorough) this.checkBare(buffer, depth);
    this.count(buffer.byteLength >>> 3, depth);
    this.visitor.buffer(buffer, frozen, through);
  }

  /** Its number if it was visited before, else the number of objects so far. */
  private numberOf(value: unknown): number {
    const scanned = this.objects < SCANNED_MAX ? this.objects : SCANNED_MAX;
    for (let at = 0; at < scanned; at += 1) if (this.seen[at] === value) return at;
    return this.objects > SCANNED_MAX ? (this.numbers.get(value) ?? this.objects) : this.objects;
  }

  private remember(value: unknown): void {
    if (this.objects < SCANNED_MAX) this.seen[this.objects] = value;
    else this.numbers.set(value, this.objects);
    this.objects += 1;
  }

  private count(values: number, depth: number): void {
    this.values += values;
    if (this.values <= STATE_VALUES_MAX) return;
    const remedy = "keep a window of fixed length, or an indicator of ctx.ta";
    throw this.fault(depth, `is where the state passes ${STATE_VALUES_MAX} values: ${remedy}`);
  }

  private isFrozen(value: object, depth: number): boolean {
    if (Object.isExtensible(value)) return false;
    if (Object.isFrozen(value)) return true;
    throw this.fault(depth, "is sealed: freeze it, or leave it open");
  }

  /** Every property of an object or a list must be an ordinary one that can be seen. */
  private checkKeys(value: object, kind: number, frozen: boolean, depth: number): void {
    const keys = Reflect.ownKeys(value);
    if (kind === Kind.List && keys.pop() !== "length") throw this.fault(depth, EXTRA);
    for (const key of keys) {
      this.step(depth, kind, key);
      if (typeof key === "symbol") throw this.fault(depth + 1, "has a symbol for its key: use a text");
      const { enumerable, writable, get, set } = Reflect.getOwnPropertyDescriptor(value, key)!;
      if (get !== undefined || set !== undefined) throw this.fault(depth + 1, GETTER);
      if (enumerable !== true) throw this.fault(depth + 1, "is hidden: make it an ordinary property");
      if (!frozen && writable !== true)
        throw this.fault(depth + 1, "is read-only: freeze the whole object, or nothing");
    }
  }

  /** A collection, a view or a buffer must have no properties beside its `elements`. */
  private checkBare(value: object, depth: number, elements = 0): void {
    if (Reflect.ownKeys(value).length > elements) throw this.fault(depth, EXTRA);
  }

  private step(depth: number, kind: number, key: unknown): void {
    this.kinds[depth] = kind;
    this.steps[depth] = key;
  }

  private fault(depth: number, what: string): StateFault {
    let path = "state";
    for (let at = 0; at < depth; at += 1) path += wordOf(this.kinds[at], this.steps[at]);
    return new StateFault(`${path} ${what}`);
  }
}

const GETTER = "is a getter or a setter: keep its value";
const HOLE = "is a hole: write undefined, or leave no gap";
const EXTRA = "has a property of its own: keep it beside, in a plain object";

/** One step of a path, as it would be written; an element of a set and a key of a map can only be counted. */
function wordOf(kind: number, key: unknown): string {
  if (kind === Kind.List) return `[${String(key)}]`;
  if (kind === Kind.Set) return ` element ${String(key)}`;
  if (kind === Kind.Map)
    return `.get(${typeof key === "string" ? JSON.stringify(key) : typeof key === "object" ? "…" : String(key)})`;
  if (typeof key === "symbol") return `[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
}

/**
 * Makes a strategy's state again: the same values, the same objects shared in the same places, frozen where they were
 * frozen. Objects are numbered in the order in which the walk first visited them.
 */
import type { StreamingIndicator } from "../../wasm/index.js";
import type { Regime } from "../models/regime.js";
import { Kind, STATE_DEPTH_MAX, STATE_VALUES_MAX, VIEWS } from "../strategy/state-walk.js";
import type { ByteReader } from "./byte-reader.js";

/** What a state refers to by number. */
export interface Referred {
  readonly indicators: readonly StreamingIndicator[];
  readonly regimes: readonly Regime[];
}

export function readGraph(reader: ByteReader, referred: Referred): unknown {
  return new GraphReader(reader, referred).value(0);
}

class GraphReader {
  private readonly reader: ByteReader;
  private readonly referred: Referred;
  private readonly made: unknown[] = [];
  private values = 0;

  constructor(reader: ByteReader, referred: Referred) {
    this.reader = reader;
    this.referred = referred;
  }

  value(depth: number): unknown {
    this.values += 1;
    if (this.values > STATE_VALUES_MAX) this.reader.refuse("a strategy's state of too many values");
    const kind = this.reader.u8();
    // biome-ignore format: one arm a line
    switch (kind) {
      case Kind.Undefined: return undefined;
      case Kind.Null: return null;
      case Kind.False: return false;
      case Kind.True: return true;
      case Kind.Number: return this.reader.f64();
      case Kind.Text: return this.reader.text();
      case Kind.Big: return this.big();
      case Kind.Indicator: return this.indicator();
      case Kind.Again: return this.again();
      case Kind.Regime: return this.regime();
      default: return this.object(kind, depth);
    }
  }

  private object(kind: number, depth: number): unknown {
    if (depth === STATE_DEPTH_MAX) this.reader.refuse("a strategy's state nests too deep");
    const frozen = this.reader.flag("frozen");
    const value = this.content(kind, depth);
    return frozen ? this.freeze(value) : value;
  }

  private content(kind: number, depth: number): object {
    // biome-ignore format: one arm a line
    switch (kind) {
      case Kind.Object: return this.properties({}, depth);
      case Kind.Bare: return this.properties(Object.create(null) as object, depth);
      case Kind.List: return this.list(depth);
      case Kind.Map: return this.map(depth);
      case Kind.Set: return this.set(depth);
      case Kind.Buffer: return this.buffer();
      case Kind.View: return this.view();
      default: return this.reader.refuse(`a value of unknown kind ${kind}`);
    }
  }

  private properties(object: object, depth: number): object {
    this.made.push(object);
    while (this.reader.flag("property")) {
      const key = this.reader.text();
      const value = this.value(depth + 1);
      // An assignment to this one name would set the prototype.
      if (key === "__proto__") Object.defineProperty(object, key, { value, ...ORDINARY });
      else (object as Record<string, unknown>)[key] = value;
    }
    return object;
  }

  private list(depth: number): unknown[] {
    const list: unknown[] = [];
    this.made.push(list);
    const length = this.reader.count(1, "a list's length");
    for (let at = 0; at < length; at += 1) list.push(this.value(depth + 1));
    return list;
  }

  private map(depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    this.made.push(map);
    const size = this.reader.count(2, "a map's size");
    for (let at = 0; at < size; at += 1) map.set(this.value(depth + 1), this.value(depth + 1));
    return map;
  }

  private set(depth: number): Set<unknown> {
    const set = new Set<unknown>();
    this.made.push(set);
    const size = this.reader.count(1, "a set's size");
    for (let at = 0; at < size; at += 1) set.add(this.value(depth + 1));
    return set;
  }

  private buffer(): ArrayBuffer {
    const { buffer } = this.reader.raw(this.reader.count(1, "a buffer's length"));
    this.made.push(buffer);
    return buffer;
  }

  /** Its number comes before its buffer's. */
  private view(): ArrayBufferView {
    const number = this.made.push(undefined) - 1;
    const Maker = VIEWS[this.reader.u8()] ?? this.reader.refuse("a view of unknown kind");
    const byteOffset = this.reader.u32();
    const length = this.reader.u32();
    const bytesEach = Maker.BYTES_PER_ELEMENT ?? 1;
    const buffer = this.bufferOfView();
    if (byteOffset % bytesEach !== 0 || byteOffset + length * bytesEach > buffer.byteLength) {
      this.reader.refuse(`a view of ${length} elements from byte ${byteOffset} of ${buffer.byteLength}`);
    }
    const view = new Maker(buffer, byteOffset, length);
    this.made[number] = view;
    return view;
  }

  private bufferOfView(): ArrayBuffer {
    const kind = this.reader.u8();
    const value = kind === Kind.Again ? this.again() : kind === Kind.Buffer ? this.object(kind, 0) : null;
    return value instanceof ArrayBuffer ? value : this.reader.refuse("a view of what is no buffer");
  }

  private big(): bigint {
    const text = this.reader.text();
    if (text.length > STATE_VALUES_MAX || !/^-?[0-9a-f]+$/.test(text))
      this.reader.refuse("a bigint without its digits");
    return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  }

  private indicator(): StreamingIndicator {
    const index = this.reader.u32();
    const { indicators } = this.referred;
    return indicators[index] ?? this.reader.refuse(`indicator ${index}; there are ${indicators.length}`);
  }

  private regime(): Regime {
    const index = this.reader.u32();
    const { regimes } = this.referred;
    return regimes[index] ?? this.reader.refuse(`regime ${index}; there are ${regimes.length}`);
  }

  private again(): unknown {
    const visit = this.reader.u32();
    return this.made[visit] ?? this.reader.refuse(`object ${visit} again, which was not yet`);
  }

  private freeze(value: object): object {
    if (ArrayBuffer.isView(value) && value.byteLength > 0) this.reader.refuse("a frozen view");
    return Object.freeze(value);
  }
}

const ORDINARY = { writable: true, enumerable: true, configurable: true } as const;

/**
 * Numbers by name in shared memory, one float64 each, for whoever watches. A counter has one writer, any thread
 * reads; it orders nothing and may be seen a little late. The names are a table in the code, the same in every thread
 * of a build.
 */
import { LINE_PAIR } from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";

/** The first word holds a hash of the names, so that a thread with another table is refused; slots follow. */
const NAMES_HASH = 0;
const SLOTS = LINE_PAIR;
/** Counters of different threads stand side by side, a line of eight to a writer at best: publish once a batch. */
const SLOT_BYTES = 8;

export class Counters<Name extends string = string> {
  readonly names: readonly Name[];
  private readonly f64: Float64Array;
  private readonly first: number;
  private readonly slots: ReadonlyMap<string, number>;

  /** The counters at byte `base`, in memory that is zero at the start. Throws if another table of names is there. */
  constructor(views: SharedViews, base: number, names: readonly Name[]) {
    this.names = names;
    this.f64 = views.f64;
    this.first = (base + SLOTS) >> 3;
    this.slots = new Map(names.map((name, slot) => [name, slot]));
    if (this.slots.size !== names.length) throw new RangeError("counters have distinct names (one occurs twice)");
    const hash = hashOf(names);
    const found = Atomics.compareExchange(views.i32, (base + NAMES_HASH) >> 2, 0, hash);
    if (found !== 0 && found !== hash) {
      throw new Error(
        `the counters at ${base} have other names (hash ${found}, was ${hash}): start every thread from one build`,
      );
    }
  }

  static bytesFor(names: readonly string[]): number {
    return SLOTS + names.length * SLOT_BYTES;
  }

  /** The number of a counter, to be looked up once and used on the hot path. Throws for a name not in the table. */
  slot(name: Name): number {
    const slot = this.slots.get(name);
    if (slot === undefined) throw new RangeError(`there is no counter "${name}": add it to the table of names`);
    return slot;
  }

  setSlot(slot: number, value: number): void {
    this.f64[this.first + slot] = value;
  }

  addSlot(slot: number, amount: number): void {
    this.f64[this.first + slot] += amount;
  }

  set(name: Name, value: number): void {
    this.setSlot(this.slot(name), value);
  }

  /** Shows `values[at]`: a double that is handed to a call which V8 does not inline is boxed. */
  setFrom(name: Name, values: Float64Array, at: number): void {
    this.f64[this.first + this.slot(name)] = values[at];
  }

  add(name: Name, amount: number): void {
    this.addSlot(this.slot(name), amount);
  }

  get(name: Name): number {
    return this.f64[this.first + this.slot(name)];
  }
}

/** FNV-1a over the names with their ends marked; never 0, which is the word of a table not yet there. */
function hashOf(names: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const character of names.join("\n")) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash | 1;
}

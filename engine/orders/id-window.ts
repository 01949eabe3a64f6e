/**
 * The newest ids of a kind, oldest first, in typed arrays: a ring for their order and a hash table over it for finding
 * them. It grows by doubling up to its bound; then the oldest goes when a new one comes. Ids stay in the caller's array
 * on their way in, because a double handed from call to call is boxed.
 */
const CAPACITY_MIN = 16;

export class IdWindow {
  size = 0;
  private readonly max: number;
  private ids = new Float64Array(CAPACITY_MIN);
  private oldest = 0;
  /** Places in `ids` plus one, by hash; 0 where there is none. At most half full, so that a search is short. */
  private slots = new Int32Array(CAPACITY_MIN * 2);
  private readonly double = new Float64Array(1);
  private readonly halves = new Int32Array(this.double.buffer);

  /** Keeps `max` ids, a power of two from 16. */
  constructor(max: number) {
    if (max < CAPACITY_MIN || (max & (max - 1)) !== 0) throw new RangeError(`${max} is not a power of two from 16`);
    this.max = max;
  }

  /** Whether `from[at]` is among them. */
  has(from: Float64Array, at: number): boolean {
    return this.slots[this.slotOf(from, at)] !== 0;
  }

  /** Adds `from[at]`; false when it is there already. */
  add(from: Float64Array, at: number): boolean {
    if (this.has(from, at)) return false;
    if (this.size === this.max) this.forgetOldest();
    else if (this.size === this.ids.length) this.grow();
    const place = (this.oldest + this.size) & (this.ids.length - 1);
    this.ids[place] = from[at];
    this.slots[this.slotOf(from, at)] = place + 1;
    this.size += 1;
    return true;
  }

  /** Oldest first. For whoever writes them down. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.size; at += 1) yield this.ids[(this.oldest + at) & (this.ids.length - 1)];
  }

  /** The slot in which an id stands, or the empty one in which it would. */
  private slotOf(from: Float64Array, at: number): number {
    const { slots, ids } = this;
    let slot = this.hash(from, at);
    while (slots[slot] !== 0 && ids[slots[slot] - 1] !== from[at]) slot = (slot + 1) & (slots.length - 1);
    return slot;
  }

  private hash(from: Float64Array, at: number): number {
    this.double[0] = from[at];
    const mixed = Math.imul(this.halves[0] ^ Math.imul(this.halves[1], 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.slots.length - 1);
  }

  private forgetOldest(): void {
    this.empty(this.slotOf(this.ids, this.oldest));
    this.oldest = (this.oldest + 1) & (this.ids.length - 1);
    this.size -= 1;
  }

  /** Those behind it that had made way for it move up, so that no search ends too early. */
  private empty(slot: number): void {
    const { slots, ids } = this;
    const last = slots.length - 1;
    for (let next = (slot + 1) & last; slots[next] !== 0; next = (next + 1) & last) {
      const home = this.hash(ids, slots[next] - 1);
      if (((next - home) & last) < ((next - slot) & last)) continue;
      slots[slot] = slots[next];
      slot = next;
    }
    slots[slot] = 0;
  }

  private grow(): void {
    const { ids, oldest } = this;
    this.ids = new Float64Array(ids.length * 2);
    this.slots = new Int32Array(ids.length * 4);
    this.oldest = this.size = 0;
    for (let at = 0; at < ids.length; at += 1) this.add(ids, (oldest + at) & (ids.length - 1));
  }
}

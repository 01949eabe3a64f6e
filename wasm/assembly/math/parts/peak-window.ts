/**
 * How many inputs ago the highest of the last `capacity` came, of equal ones the newest or, where `age` is 1, the
 * oldest; −1 until full. By blocks as in SumWindow, each slot holding the highest from it to the end of its block and
 * the slot where that is.
 */
import { Part, place } from "./part";

@unmanaged
export class PeakWindow extends Part {
  filling: f64;

  push(x: f64): i32 {
    const position = this.position;
    const slot = changetype<usize>(this) + (<usize>position << 4);
    if (position == 0 || this.isHigher(x, this.filling)) {
      this.filling = x;
      this.head = position;
    }
    store<f64>(slot, x, offsetof<PeakWindow>());
    const after = position + 1;
    if (after == this.capacity) return this.turn();
    this.position = after;
    if (this.count == 0) return -1;
    if (this.isHigher(this.filling, load<f64>(slot, offsetof<PeakWindow>() + 16))) return position - this.head;
    return position + this.capacity - <i32>load<f64>(slot, offsetof<PeakWindow>() + 24);
  }

  /** Whether the newer of two takes the place of the older. */
  // @ts-ignore: decorator
  @inline
  isHigher(newer: f64, older: f64): bool {
    return this.age == 1 ? newer > older : newer >= older;
  }

  turn(): i32 {
    const slots = changetype<usize>(this) + offsetof<PeakWindow>();
    const last = this.capacity - 1;
    let place = last;
    let highest = load<f64>(slots + (<usize>last << 4));
    for (let index = last; index >= 0; --index) {
      const slot = slots + (<usize>index << 4);
      const x = load<f64>(slot);
      if (!this.isHigher(highest, x)) {
        highest = x;
        place = index;
      }
      store<f64>(slot, highest);
      store<f64>(slot, <f64>place, 8);
    }
    const ago = last - this.head;
    this.position = 0;
    this.count = this.capacity;
    return ago;
  }
}

export function placePeak(capacity: i32, oldest: bool): PeakWindow {
  const part = place<PeakWindow>(capacity, 2 * capacity);
  part.age = oldest ? 1 : 0;
  return part;
}

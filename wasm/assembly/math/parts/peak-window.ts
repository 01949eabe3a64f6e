/**
 * How many inputs ago the highest of the last `capacity` came, of equal ones the newest or, where `age` is 1, the
 * oldest; −1 until full. By blocks as in SumWindow, each slot holding the highest from it to the end of its block and
 * the slot where that is.
 */
import { larger } from "../number";
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
    const older = load<f64>(slot, offsetof<PeakWindow>() + 16);
    const place = <i32>load<f64>(slot, offsetof<PeakWindow>() + 24) - this.capacity;
    return position - either(this.isHigher(this.filling, older), this.head, place);
  }

  /** Once full: pushes each double from `at` to `end` and writes its result, as a double, `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    while (at < end) {
      const stop = min(at + (<usize>(this.capacity - this.position - 1) << 3), end);
      if (this.position == 0) this.filling = -Infinity;
      this.slide(at, stop, shift);
      at = stop;
      if (at == end) return;
      store<f64>(at + shift, <f64>this.push(load<f64>(at)));
      at += 8;
    }
  }

  /** The same inside a block. Which of two is higher and where it lies cost no branch: both come at random. */
  private slide(at: usize, stop: usize, shift: usize): void {
    let slot = changetype<usize>(this) + (<usize>this.position << 4);
    let position = this.position;
    let filling = this.filling;
    let head = this.head;
    const capacity = this.capacity;
    for (; at < stop; at += 8) {
      const x = load<f64>(at);
      head = either(this.isHigher(x, filling), position, head);
      filling = larger(filling, x);
      store<f64>(slot, x, offsetof<PeakWindow>());
      slot += 16;
      const older = load<f64>(slot, offsetof<PeakWindow>());
      const place = <i32>load<f64>(slot, offsetof<PeakWindow>() + 8) - capacity;
      store<f64>(at + shift, <f64>(position - either(this.isHigher(filling, older), head, place)));
      ++position;
    }
    this.position = position;
    this.filling = filling;
    this.head = head;
  }

  /** Whether the newer of two takes the place of the older. */
  // @ts-ignore: decorator
  @inline
  isHigher(newer: f64, older: f64): bool {
    return (newer > older) | ((newer == older) & (this.age != 1));
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

/** One of two numbers, without a branch. */
// @ts-ignore: decorator
@inline
function either(isFirst: bool, one: i32, other: i32): i32 {
  return other ^ ((one ^ other) & -(<i32>isFirst));
}

export function placePeak(capacity: i32, oldest: bool): PeakWindow {
  const part = place<PeakWindow>(capacity, 2 * capacity);
  part.age = oldest ? 1 : 0;
  return part;
}

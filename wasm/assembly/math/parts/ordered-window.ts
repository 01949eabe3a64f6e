/**
 * The last `capacity` inputs in the order they came, for kernels that read all of them at every push: those run through
 * memory in one line, and moving it up by one place costs little beside that. Zeros until full.
 */
import { Part, place } from "./part";

@unmanaged
export class OrderedWindow extends Part {
  push(x: f64): void {
    const slots = this.slots;
    const last = <usize>(this.capacity - 1) << 3;
    memory.copy(slots, slots + 8, last);
    store<f64>(slots + last, x);
    if (this.count != this.capacity) ++this.count;
  }

  // @ts-ignore: decorator
  @inline
  get slots(): usize {
    return changetype<usize>(this) + offsetof<OrderedWindow>();
  }

  // @ts-ignore: decorator
  @inline
  get isFull(): bool {
    return this.count == this.capacity;
  }

  /** The oldest is number 0. */
  // @ts-ignore: decorator
  @inline
  at(index: i32): f64 {
    return load<f64>(this.slots + (<usize>index << 3));
  }
}

export function placeOrdered(capacity: i32): OrderedWindow {
  return place<OrderedWindow>(capacity, capacity);
}

/**
 * The last `capacity` inputs as they came. `push` takes the newest and returns the one it displaces, which came
 * `capacity` pushes before: NaN until there is one.
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class Lag extends Part {
  push(x: f64): f64 {
    const slot = changetype<usize>(this) + (<usize>this.position << 3);
    const old = load<f64>(slot, offsetof<Lag>());
    store<f64>(slot, x, offsetof<Lag>());
    if (++this.position == this.capacity) this.position = 0;
    if (this.count == this.capacity) return old;
    ++this.count;
    return CANONICAL_NAN;
  }

  // @ts-ignore: decorator
  @inline
  get isFull(): bool {
    return this.count == this.capacity;
  }

  /** The oldest, once full, is number 0. */
  // @ts-ignore: decorator
  @inline
  at(index: i32): f64 {
    let place = this.position + index;
    if (place >= this.capacity) place -= this.capacity;
    return load<f64>(changetype<usize>(this) + (<usize>place << 3), offsetof<Lag>());
  }
}

export function placeLag(capacity: i32): Lag {
  return place<Lag>(capacity, capacity);
}

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

  /**
   * Once full: pushes each double from `at` to `end` and writes the one it displaces `shift` bytes further on, which
   * must not be among those still to come.
   */
  run(at: usize, end: usize, shift: usize): void {
    const window = <usize>this.capacity << 3;
    const turned = end - at < window ? end : at + window;
    memory.copy(turned + shift, at, end - turned);
    for (; at < turned; at += 8) store<f64>(at + shift, this.push(load<f64>(at)));
    if (at < end) for (at = max(at, end - window); at < end; at += 8) this.push(load<f64>(at));
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

/**
 * Sequentially consistent operations on one 32-bit word, for cursors. A pointer that is not 4-aligned traps.
 */
export function atomicLoad(pointer: usize): i32 {
  return atomic.load<i32>(pointer);
}

export function atomicStore(pointer: usize, value: i32): void {
  atomic.store<i32>(pointer, value);
}

/** Adds with wraparound and returns what was there before. */
export function atomicAdd(pointer: usize, value: i32): i32 {
  return atomic.add<i32>(pointer, value);
}

/** Stores `value` and returns what was there before. */
export function atomicExchange(pointer: usize, value: i32): i32 {
  return atomic.xchg<i32>(pointer, value);
}

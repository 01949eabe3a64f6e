/** Moves and fills bytes with the bulk instructions; a range outside the memory traps before anything is written. */

/** Copies `length` bytes; the ranges may overlap. */
export function copy(target: usize, source: usize, length: usize): void {
  memory.copy(target, source, length);
}

/** Writes the low byte of `value` over `length` bytes. */
export function fill(target: usize, value: i32, length: usize): void {
  memory.fill(target, <u8>value, length);
}

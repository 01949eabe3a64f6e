/**
 * What every part of an indicator's state begins with. Parts lie one after another behind the indicator's own fields
 * and refer to each other by nothing but that order, so a state can be copied anywhere. The host checks a restored part
 * by these words alone: bytes and capacity as they were made, count at most the capacity, position and head below it.
 */
import { ARENA } from "../../../layout";

@unmanaged
export class Part {
  bytes: i32;
  /** Inputs that fill it. */
  capacity: i32;
  count: i32;
  position: i32;
  head: i32;
  age: i32;
}

/** Where the next part of the state under construction begins. */
let cursor: usize = 0;

export function beginParts(at: usize): void {
  cursor = at;
}

export function endOfParts(): usize {
  return cursor;
}

/** Places a zeroed part with `doubles` of its own behind its fields; T is a Part. */
export function place<T>(capacity: i32, doubles: i32): T {
  const at = cursor;
  const bytes = <usize>offsetof<T>() + (<usize>doubles << 3);
  if (bytes > <usize>ARENA - at) unreachable();
  memory.fill(at, 0, bytes);
  const part = changetype<Part>(at);
  part.bytes = <i32>bytes;
  part.capacity = capacity;
  cursor = at + bytes;
  return changetype<T>(at);
}

/** The part behind another. */
// @ts-ignore: decorator
@inline
export function next<T>(part: Part): T {
  return changetype<T>(changetype<usize>(part) + <usize>part.bytes);
}

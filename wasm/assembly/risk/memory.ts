/** Where the module's own tables end; a caller's data may lie from there to the end of the memory. */
export function dataStart(): usize {
  return (__heap_base + 63) & ~63;
}

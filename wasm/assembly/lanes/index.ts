/**
 * The lanes module: the indicators used most, over many series at once, two to a vector. Every lane gives the bits that
 * the math module gives for its series alone. States lie where the host puts them; nothing here allocates.
 */
export { lanesRefused } from "./accepted";
export { lanesBytes, lanesInit, lanesPush, lanesRun } from "./run";

/** Where the module's own tables end; a caller's data may lie from there to the end of the memory. */
export function dataStart(): usize {
  return (__heap_base + 63) & ~63;
}

/** The log's operations as calls of their own, for a host that steps a side in WebAssembly by hand. */
import { claim, commit, next, publish, release } from "./log";

export { joinReader as logJoinReader, joinWriter as logJoinWriter } from "./log";

export function logClaim(
  ring: usize, type: i32, index: i32, sequence: f64, timeUs: f64, payloadBytes: i32,
): usize {
  return claim(ring, type, index, sequence, timeUs, payloadBytes);
}

export function logCommit(ring: usize): void {
  commit(ring);
}

export function logPublish(ring: usize): void {
  publish(ring);
}

export function logNext(ring: usize, slot: i32): usize {
  return next(ring, slot);
}

export function logRelease(ring: usize, slot: i32): void {
  release(ring, slot);
}

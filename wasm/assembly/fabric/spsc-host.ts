/** The ring's operations as calls of their own, for a host that steps a side in WebAssembly by hand. */
import { claim, commit, next, payloadBytesOf, publish, release, typeOf } from "./spsc";

export { abort as spscAbort, awaitRecord as spscAwait, joinConsumer as spscJoinConsumer } from "./spsc";
export { joinProducer as spscJoinProducer } from "./spsc";

export function spscClaim(ring: usize, type: i32, payloadBytes: i32): usize {
  return claim(ring, type, payloadBytes);
}

export function spscCommit(ring: usize): void {
  commit(ring);
}

export function spscPublish(ring: usize): void {
  publish(ring);
}

export function spscNext(ring: usize): usize {
  return next(ring);
}

export function spscType(payload: usize): i32 {
  return typeOf(payload);
}

export function spscPayloadBytes(payload: usize): i32 {
  return payloadBytesOf(payload);
}

export function spscRelease(ring: usize): void {
  release(ring);
}

/**
 * The fabric module: kernels that work on the memory all threads share. It keeps no data segment, no mutable global and
 * no heap, because every thread instantiates it over the same bytes; whatever a kernel needs, its caller hands over.
 */
export { crc32c, crc32cInit } from "./crc32c";
export { copy, fill } from "./block";
export { atomicAdd, atomicExchange, atomicLoad, atomicStore } from "./atomic";
export {
  spscAbort, spscAwait, spscClaim, spscCommit, spscJoinConsumer, spscJoinProducer, spscNext, spscPayloadBytes,
  spscPublish, spscRelease, spscType,
} from "./spsc-host";
export {
  logClaim, logCommit, logJoinReader, logJoinWriter, logNext, logPublish, logRelease,
} from "./log-host";

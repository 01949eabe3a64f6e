/**
 * The fabric module bound to one shared memory: checksums, block moves and atomic words. Every thread makes its own
 * Fabric over the same memory; the instances hold no state, so they cannot disturb each other. Offsets are bytes from
 * the memory's start.
 */

import { MathArgumentError } from "./errors.js";
import { fabricWasm } from "./generated/fabric.js";
import { CRC32C_BYTES } from "./layout.js";
import { embeddedModule } from "./module.js";

/** The compiled fabric module of this thread; another thread may be given it to spare a compilation. */
export const fabricModule = embeddedModule(fabricWasm);

/** The module's own functions, for callers that hold their offsets checked already. */
export interface FabricExports {
  crc32cInit(table: number): void;
  /** The result is signed; `>>> 0` makes it the usual unsigned CRC. */
  crc32c(table: number, offset: number, length: number, seed: number): number;
  copy(target: number, source: number, length: number): void;
  fill(target: number, value: number, length: number): void;
  atomicLoad(offset: number): number;
  atomicStore(offset: number, value: number): void;
  atomicAdd(offset: number, value: number): number;
  atomicExchange(offset: number, value: number): number;
  // The sides of a ring at byte `ring`, stepped by hand; see assembly/fabric/spsc.ts. A broken rule traps.
  spscJoinProducer(ring: number): void;
  /** Byte offset of the payload, 0 when there is no room. */
  spscClaim(ring: number, type: number, payloadBytes: number): number;
  spscCommit(ring: number): void;
  spscAbort(ring: number): void;
  spscPublish(ring: number): void;
  spscJoinConsumer(ring: number): void;
  /** 1 when a record came within so many looks, else 0. */
  spscAwait(ring: number, looks: number): number;
  /** Byte offset of the payload, 0 when there is no record. */
  spscNext(ring: number): number;
  spscType(payload: number): number;
  spscPayloadBytes(payload: number): number;
  spscRelease(ring: number): void;
  // The writer and the gating readers of the log at byte `ring`; see assembly/fabric/log.ts. A broken rule traps.
  logJoinWriter(ring: number): void;
  /** Byte offset of the payload, 0 when there is no room. */
  logClaim(ring: number, type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number;
  logCommit(ring: number): void;
  logPublish(ring: number): void;
  /** `dependsOn`: a bit for each reader of a lower slot that this one may not pass. */
  logJoinReader(ring: number, slot: number, dependsOn: number): void;
  /** Byte offset of the payload, 0 when there is no record; its header stands 32 bytes before it. */
  logNext(ring: number, slot: number): number;
  logRelease(ring: number, slot: number): void;
}

export class Fabric {
  readonly memory: WebAssembly.Memory;
  readonly exports: FabricExports;
  readonly #tableOffset: number;

  /**
   * Fills CRC32C_BYTES bytes at `tableOffset` with the checksum's tables. Threads may share one region: each writes
   * the same final values. Throws MathArgumentError when the region is not 4-aligned or passes the memory's end.
   */
  constructor(memory: WebAssembly.Memory, tableOffset: number, module: WebAssembly.Module = fabricModule()) {
    const last = memory.buffer.byteLength - CRC32C_BYTES;
    if (!(Number.isInteger(tableOffset) && tableOffset >= 0 && tableOffset <= last && tableOffset % 4 === 0)) {
      throw new MathArgumentError("tableOffset", tableOffset, `a multiple of 4 from 0 to ${last}`);
    }
    this.memory = memory;
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as FabricExports;
    this.#tableOffset = tableOffset;
    this.exports.crc32cInit(tableOffset);
  }

  /** CRC32C of `length` bytes, continuing `seed`: the checksum of A then B is crc32c(B, seed: crc32c(A)). */
  crc32c(offset: number, length: number, seed = 0): number {
    return this.exports.crc32c(this.#tableOffset, offset, length, seed) >>> 0;
  }

  /** Copies `length` bytes; the ranges may overlap. A range outside the memory throws WebAssembly.RuntimeError. */
  copy(target: number, source: number, length: number): void {
    this.exports.copy(target, source, length);
  }

  /** Writes the low byte of `value` over `length` bytes. */
  fill(target: number, value: number, length: number): void {
    this.exports.fill(target, value, length);
  }
}

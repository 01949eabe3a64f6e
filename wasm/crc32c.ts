/**
 * CRC32C over ordinary bytes, such as a file's: they are copied, 64 KiB at a time, into a small memory the checksum
 * can read. The polynomial is Castagnoli's, which is not the one of zlib.
 */
import { Fabric } from "./fabric.js";
import { CRC32C_BYTES } from "./layout.js";
import { createSharedMemory } from "./shared-memory.js";

/** Computes the checksum of `bytes`, continuing `seed`, the checksum of what came before (0 at the start). */
export type Crc32c = (bytes: Uint8Array, seed?: number) => number;

const CHUNK_BYTES = 65_536;

/** A checksum function with a scratch memory of its own (128 KiB); make one per thread and keep it. */
export function createCrc32c(): Crc32c {
  const fabric = new Fabric(createSharedMemory(CRC32C_BYTES + CHUNK_BYTES), 0);
  const chunk = new Uint8Array(fabric.memory.buffer, CRC32C_BYTES, CHUNK_BYTES);
  return (bytes, seed = 0) => {
    if (bytes.length <= CHUNK_BYTES) {
      chunk.set(bytes);
      return fabric.crc32c(CRC32C_BYTES, bytes.length, seed);
    }
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const part = bytes.subarray(start, start + CHUNK_BYTES);
      chunk.set(part);
      seed = fabric.crc32c(CRC32C_BYTES, part.length, seed);
    }
    return seed;
  };
}

/**
 * CRC32C over ordinary bytes, such as a file's: they are copied, 64 KiB at a time, into a small memory the checksum
 * can read. The polynomial is Castagnoli's, which is not the one of zlib.
 */
import { Fabric, type FabricExports } from "./fabric.js";
import { fabricScript } from "./generated/fabric-script.js";
import { CRC32C_BYTES } from "./layout.js";
import { embeddedScript, hasWebAssembly } from "./module.js";
import { createSharedMemory } from "./shared-memory.js";

/** Computes the checksum of `bytes`, continuing `seed`, the checksum of what came before (0 at the start). */
export type Crc32c = (bytes: Uint8Array, seed?: number) => number;

type Kernels = Pick<FabricExports, "crc32c" | "crc32cInit">;
const kernelsOfScript = embeddedScript<Kernels>(fabricScript);

const CHUNK_BYTES = 65_536;
const SCRATCH_BYTES = CRC32C_BYTES + CHUNK_BYTES;

/** A checksum function with a scratch memory of its own (128 KiB); make one per thread and keep it. */
export function createCrc32c(): Crc32c {
  return hasWebAssembly ? compiledCrc32c() : scriptedCrc32c();
}

function compiledCrc32c(): Crc32c {
  const fabric = new Fabric(createSharedMemory(SCRATCH_BYTES), 0);
  return chunked(fabric.exports, fabric.memory.buffer);
}

/** The same kernel as plain JavaScript. */
export function scriptedCrc32c(): Crc32c {
  const buffer = new ArrayBuffer(SCRATCH_BYTES);
  const kernels = kernelsOfScript({ env: { memory: { buffer } } });
  kernels.crc32cInit(0);
  return chunked(kernels, buffer);
}

/** The checksum's tables lie at the start of the scratch memory, a chunk of the bytes behind them. */
function chunked({ crc32c }: Kernels, scratch: ArrayBufferLike): Crc32c {
  const chunk = new Uint8Array(scratch, CRC32C_BYTES, CHUNK_BYTES);
  return (bytes, seed = 0) => {
    if (bytes.length <= CHUNK_BYTES) {
      chunk.set(bytes);
      return crc32c(0, CRC32C_BYTES, bytes.length, seed) >>> 0;
    }
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const part = bytes.subarray(start, start + CHUNK_BYTES);
      chunk.set(part);
      seed = crc32c(0, CRC32C_BYTES, part.length, seed) >>> 0;
    }
    return seed;
  };
}

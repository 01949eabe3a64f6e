/** The fabric module: its checksum against published vectors, and several threads on one memory. */
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scriptedCrc32c } from "../wasm/crc32c.js";
import {
  CRC32C_BYTES,
  createCrc32c,
  createSharedMemory,
  Fabric,
  MathArgumentError,
  SHARED_PAGES_MAX,
} from "../wasm/index.js";

const ascii = (text: string) => new TextEncoder().encode(text);

/** One bit at a time, as the polynomial is defined. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

describe.each([
  ["WebAssembly", createCrc32c],
  ["plain JavaScript", scriptedCrc32c],
])("crc32c in %s", (_, make) => {
  const crc32c = make();

  test.each([
    ["nothing", new Uint8Array(0), 0],
    ["the digits 1 to 9", ascii("123456789"), 0xe3069283],
    ["32 zero bytes", new Uint8Array(32), 0x8a9136aa],
    ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["32 ascending bytes", Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ["32 descending bytes", Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ])("agrees with the published value for %s", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test("chained over any split equals the checksum of the whole, which equals the definition's", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (bytes, at) => {
        const split = bytes.length === 0 ? 0 : at % bytes.length;
        const whole = slowCrc32c(bytes);
        expect(crc32c(bytes)).toBe(whole);
        expect(crc32c(bytes.subarray(split), crc32c(bytes.subarray(0, split)))).toBe(whole);
      }),
    );
  });

  test.each([65_535, 65_536, 65_537, 200_000])(
    "of %i bytes, around and over its chunk, equals the definition's",
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 7 + (index >> 8));
      expect(crc32c(bytes)).toBe(slowCrc32c(bytes));
    },
  );
});

describe("a fabric over a shared memory", () => {
  test("does not depend on the alignment of the bytes", () => {
    const memory = createSharedMemory(65_536);
    const fabric = new Fabric(memory, 0);
    const bytes = ascii("the same forty bytes at eight alignments");
    for (let shift = 0; shift < 8; shift++) {
      new Uint8Array(memory.buffer).set(bytes, CRC32C_BYTES + shift);
      expect(fabric.crc32c(CRC32C_BYTES + shift, bytes.length)).toBe(slowCrc32c(bytes));
    }
  });

  test("accepts every memory createSharedMemory makes, and that is all zeros and never grows", () => {
    for (const bytes of [1, 65_536, 65_537, 5_000_000]) {
      const memory = createSharedMemory(bytes);
      expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(memory.buffer.byteLength).toBe(Math.ceil(bytes / 65_536) * 65_536);
      expect(() => memory.grow(1)).toThrow();
      new Fabric(memory, memory.buffer.byteLength - CRC32C_BYTES);
    }
  });

  test.each([0, -1, Number.NaN, SHARED_PAGES_MAX * 65_536 + 1])("refuses a memory of %d bytes", (bytes) => {
    expect(() => createSharedMemory(bytes)).toThrow(MathArgumentError);
  });

  test.each([-4, 2, 65_536, 65_536 - CRC32C_BYTES + 4, Number.NaN])("refuses tables at %d of 65 536", (offset) => {
    expect(() => new Fabric(createSharedMemory(65_536), offset)).toThrow(MathArgumentError);
  });

  test("copies overlapping ranges, fills, and refuses what lies outside without writing", () => {
    const memory = createSharedMemory(65_536);
    const bytes = new Uint8Array(memory.buffer);
    const fabric = new Fabric(memory, 0);
    bytes.set([1, 2, 3, 4, 5], 10_000);
    fabric.copy(10_002, 10_000, 5);
    expect([...bytes.subarray(10_000, 10_007)]).toEqual([1, 2, 1, 2, 3, 4, 5]);
    fabric.fill(10_000, 0x1ff, 3);
    expect([...bytes.subarray(10_000, 10_004)]).toEqual([255, 255, 255, 2]);
    expect(() => fabric.fill(65_530, 7, 10)).toThrow(WebAssembly.RuntimeError);
    expect(bytes[65_530]).toBe(0);
  });

  test("has atomic words that JavaScript's Atomics see, and traps on a misaligned one", () => {
    const memory = createSharedMemory(65_536);
    const { exports } = new Fabric(memory, 0);
    const words = new Int32Array(memory.buffer);
    exports.atomicStore(16_384, -5);
    expect(Atomics.load(words, 4096)).toBe(-5);
    expect(exports.atomicAdd(16_384, 7)).toBe(-5);
    expect(exports.atomicExchange(16_384, 2 ** 31 - 1)).toBe(2);
    expect(exports.atomicAdd(16_384, 1)).toBe(2 ** 31 - 1);
    expect(exports.atomicLoad(16_384)).toBe(-(2 ** 31));
    expect(() => exports.atomicLoad(16_385)).toThrow(WebAssembly.RuntimeError);
  });

  test("writes nothing but its tables when it is made", () => {
    const memory = createSharedMemory(65_536);
    const bytes = new Uint8Array(memory.buffer).fill(0xa5);
    new Fabric(memory, 4096);
    expect(bytes.subarray(0, 4096).every((byte) => byte === 0xa5)).toBe(true);
    expect(bytes.subarray(4096 + CRC32C_BYTES).every((byte) => byte === 0xa5)).toBe(true);
  });

  test("is undisturbed by another thread that keeps making its own over the same memory and tables", async () => {
    const memory = createSharedMemory(3 * 65_536);
    const words = new Int32Array(memory.buffer);
    const rounds = 2000;
    const results = await Promise.all([0, 1].map((lane) => runLane(memory, lane, rounds)));
    expect(results).toEqual([0, 0]);
    expect(words[COUNTER / 4]).toBe(2 * rounds);
    expect(new Uint8Array(memory.buffer, 0, 4096).every((byte) => byte === 0)).toBe(true);
  });
});

const COUNTER = 16_384;
const GATE = 16_512;

/**
 * What one thread does: waits for the other, then fills, copies and checks its own lane; answers with its mismatches.
 */
const LANE = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { url, memory, lane, rounds, counter, gate } = workerData;
  import(url).then(({ createCrc32c, Fabric }) => {
    const expectedOf = createCrc32c();
    const words = new Int32Array(memory.buffer);
    const source = 65536 * (1 + lane), target = source + 32768, length = 1000 + lane;
    let fabric = new Fabric(memory, 4096), mismatches = 0;
    if (Atomics.add(words, gate / 4, 1) === 0) Atomics.wait(words, gate / 4, 1);
    else Atomics.notify(words, gate / 4);
    for (let round = 0; round < rounds; round++) {
      if (round % 20 === 0) fabric = new Fabric(memory, 4096);
      const value = (round * 2 + lane) & 255;
      fabric.fill(source, value, length);
      fabric.copy(target, source, length);
      if (fabric.crc32c(target, length) !== expectedOf(new Uint8Array(length).fill(value))) mismatches++;
      fabric.exports.atomicAdd(counter, 1);
    }
    parentPort.postMessage(mismatches);
  });
`;

async function runLane(memory: WebAssembly.Memory, lane: number, rounds: number): Promise<number> {
  const url = new URL("../dist/wasm/index.js", import.meta.url).href;
  const workerData = { url, memory, lane, rounds, counter: COUNTER, gate: GATE };
  const worker = new Worker(LANE, { eval: true, workerData });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  } finally {
    await worker.terminate();
  }
}

/**
 * The kernels as plain JavaScript, which a Node without WebAssembly gets: they keep every promise of the compiled ones.
 */
import { afterAll, describe, expect, test, vi } from "vitest";

vi.stubGlobal("WebAssembly", undefined);
afterAll(() => void vi.unstubAllGlobals());

describe("without WebAssembly", async () => {
  const { createSharedMemory, WebAssemblyMissingError } = await import("../wasm/index.js");
  test("there is none", () => {
    expect(() => createSharedMemory(1)).toThrow(WebAssemblyMissingError);
  });
  await import("./wasm-libm.test.js");
  await import("./wasm-math.test.js");
});

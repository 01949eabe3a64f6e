/**
 * The indicators as plain JavaScript, which a Node without WebAssembly gets: the same bits, the same published values.
 */
import { afterAll, describe, expect, test, vi } from "vitest";

vi.stubGlobal("WebAssembly", undefined);
afterAll(() => void vi.unstubAllGlobals());

describe("without WebAssembly", async () => {
  const { createSharedMemory, WebAssemblyMissingError } = await import("../wasm/index.js");
  test("there is none", () => {
    expect(() => createSharedMemory(1)).toThrow(WebAssemblyMissingError);
  });
  await import("./ta-bits.test.js");
  await import("./ta-reference.test.js");
});

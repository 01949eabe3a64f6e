/**
 * Schedules are the same bits with WebAssembly, as plain JavaScript in a Node that only interprets, and on the machine
 * where the hash was committed. Only a deliberate change of a schedule justifies another hash. And what runs at every
 * tick leaves the garbage collector alone.
 */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const HASH = "7017475b5a84982355bd15c6d601f5bee5bb1bbee7ef01eef67418e979639d2c";

function resultsOf(...flags: string[]): string {
  const root = new URL("..", import.meta.url);
  const script = new URL("exec/every-schedule.mjs", import.meta.url);
  const built = new URL("dist/wasm/exec/index.js", root).href;
  return execFileSync(process.execPath, [...flags, script.pathname, built], { encoding: "utf8" }).trim();
}

test("with WebAssembly", () => {
  expect(resultsOf()).toBe(`object ${HASH}`);
});

test("as plain JavaScript, where there is none", () => {
  expect(resultsOf("--jitless")).toBe(`undefined ${HASH}`);
});

test("a working order asked for its next child allocates nothing", () => {
  const script = new URL("exec/next-allocation.mjs", import.meta.url);
  const built = new URL("../dist/wasm/exec/index.js", import.meta.url).href;
  const flags = ["--expose-gc", "--max-semi-space-size=64"];
  const bytes: Record<string, number> = JSON.parse(
    execFileSync(process.execPath, [...flags, script.pathname, built], { encoding: "utf8" }),
  );
  // A number on the heap takes 12 bytes or more; the heap itself is counted in pages, which come to one or two a call.
  for (const [name, each] of Object.entries(bytes)) expect(each, name).toBeLessThan(8);
  expect(Object.keys(bytes)).toEqual(["pov", "iceberg", "catchUp", "spread"]);
});

/** What the reference says of the schedules: every function is there, and every example runs and prints. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { exec } from "../wasm/exec/index.js";
import { execReference } from "../wasm/exec/reference.js";

test("every function is described, once", () => {
  expect(execReference.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(exec)
      .map((name) => `exec.${name}`)
      .toSorted(),
  );
});

test.each(execReference)("the example of $name runs as it stands", ({ example }) => {
  const printed: unknown[] = [];
  const console = { log: (...values: unknown[]) => printed.push(...values) };
  runInNewContext(example, { exec, console, Float64Array });
  expect(printed.length).toBeGreaterThan(0);
  expect(printed.flat().every((value) => Number.isFinite(Number(value)))).toBe(true);
});

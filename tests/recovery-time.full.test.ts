/**
 * How long a start takes behind a million recorded inputs, executed again and compared by the built code: printed,
 * because machines differ, and bounded so generously that only a recovery that has become something else fails.
 */
import { expect, test } from "vitest";
import type { RecoveryResult } from "../bench/recovery/recovery.js";
import { runCommand } from "./support/command.js";

const BOUND_MS = 15_000;

test("a million inputs are executed again within the time a restart may take", async () => {
  const { code, stdout, stderr } = await runCommand(["bench", "--only", "recovery", "--json"]);
  expect(code, stderr).toBe(0);
  const { parts } = JSON.parse(stdout) as { parts: { recovery: { result: RecoveryResult } } };
  const { rows } = parts.recovery.result;
  const [{ inputs, ms }, fromSnapshot] = rows;
  process.stdout.write(
    `recovered ${inputs} inputs in ${Math.round(ms)} ms, ${((ms * 1_000) / inputs).toFixed(2)} µs each\n`,
  );
  expect(inputs).toBeGreaterThanOrEqual(1_000_000);
  expect(ms).toBeLessThan(BOUND_MS);
  expect(fromSnapshot.inputs).toBe(0);
});

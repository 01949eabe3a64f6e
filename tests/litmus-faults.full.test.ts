/**
 * The litmus tests can fail: of each deliberate fault of a ring or the doorbell, one of them sees what is forbidden.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FAULTS } from "./litmus/broken.js";
import { hunt } from "./litmus/hunt.js";
import { tableOf } from "./litmus/report.js";

const RUNS_MAX = 50;
const SEED = Date.now() % 1_000_000;

describe("a forbidden outcome is seen of", () => {
  test.each(FAULTS.map((fault) => [fault.what, fault] as const))("%s", async (_, fault) => {
    const { litmus, runs, result, isCaught } = await hunt(join(import.meta.dirname, ".."), fault, SEED, RUNS_MAX);
    expect(isCaught, `${runs} runs\n${tableOf(litmus, result).join("\n")}`).toBe(true);
  });
});

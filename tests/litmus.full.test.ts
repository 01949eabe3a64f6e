/**
 * The rings and the doorbell on real threads: ten million messages in all, every one checked for its place and its
 * every word, and each test's outcomes in a table. SLUICE_LITMUS multiplies the messages, SLUICE_LITMUS_SEED repeats a
 * run's sizes and pauses.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LITMUS_TESTS } from "./litmus/cases.js";
import { forbiddenIn, Grade, outcomesOf } from "./litmus/litmus.js";
import { tableOf } from "./litmus/report.js";
import { type BuiltThread, buildThread, runLitmus } from "./litmus/run-litmus.js";

const FACTOR = Number(process.env.SLUICE_LITMUS ?? 1);
const SEED = Number(process.env.SLUICE_LITMUS_SEED ?? Date.now() % 1_000_000);
const MESSAGES = 10_000_000 * FACTOR;
const MS_MAX = 100_000 * Math.max(1, FACTOR);
/** Nobody who is woken sleeps so long, on whatever machine. */
const SLEEP_MS_MAX = 60_000;

let thread: BuiltThread;
beforeAll(async () => {
  thread = await buildThread(join(import.meta.dirname, ".."));
});
afterAll(() => thread.remove());

test("the tests' shares are all of the messages", () => {
  expect(LITMUS_TESTS.reduce((sum, { share }) => sum + share, 0)).toBe(1000);
});

describe("no forbidden outcome", () => {
  test.each(LITMUS_TESTS.map((litmus) => [litmus.name, litmus] as const))(
    "%s",
    async (_, litmus) => {
      const options = { messages: MESSAGES, seed: SEED, msMax: MS_MAX, sleepMsMax: SLEEP_MS_MAX };
      const result = await runLitmus(thread, litmus, options);
      const table = tableOf(litmus, result).join("\n");
      console.log(table);
      expect(forbiddenIn(litmus, result.counts), table).toBe(0);
      const acceptable = Object.entries(outcomesOf(litmus)).filter(([, { grade }]) => grade === Grade.acceptable);
      for (const [outcome] of acceptable) expect(result.counts[outcome], outcome).toBeGreaterThan(0);
    },
    MS_MAX + 20_000,
  );
});

/** The path from a frame's bytes to messages in the sink leaves nothing for the garbage collector. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** What V8 inlines differs from process to process on a busy machine; an allocation in the code is in all of them. */
const PROCESSES_MAX = 3;

interface Result {
  readonly collections: readonly string[];
  readonly counters: { readonly decoded: number; readonly received: number; readonly messages: number };
}

test("a million captured frames are decoded, joined and written without a scavenge", () => {
  // Small enough that one boxed number in every fourth frame would fill it twice; once may be V8's own doing.
  const semiSpace = ["--min-semi-space-size=2", "--max-semi-space-size=2"];
  const args = ["--expose-gc", ...semiSpace, "tests/support/decoder-allocation.mjs", "1000000"];
  const measure = (): Result => JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  let result = measure();
  for (let more = 1; more < PROCESSES_MAX && result.collections.length > 1; more += 1) result = measure();
  expect(result.collections.length).toBeLessThanOrEqual(1);
  // All of it was work: nothing was dropped, nothing waited.
  expect(result.counters.decoded).toBe(result.counters.received);
  expect(result.counters.messages).toBeGreaterThan(1_000_000);
}, 120_000);

/** The recovery benchmark in miniature, on a real directory. How fast anything is decides nothing. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { measureRecovery, recoveryTable } from "../bench/recovery/recovery.js";
import { renderText } from "../bench/table.js";
import { withDirectory } from "./support/journal.js";

test("the recovery benchmark starts from both ends, comes to the recorded state, and leaves nothing behind", () =>
  withDirectory(async (directory) => {
    const result = await measureRecovery({ directory, inputs: 3_000, rounds: 2 }, () => {});
    const [whole, kept] = result.rows;
    expect(whole.inputs).toBeGreaterThanOrEqual(3_000);
    expect([kept.from, kept.inputs]).toEqual(["a snapshot at the end", 0]);
    expect(result.journalBytes).toBeGreaterThan(100_000);
    expect(renderText([recoveryTable(result)])).toContain("Target, a million inputs in 3 000 ms: ");
    expect(readdirSync(directory)).toEqual([]);
  }));

/** The journal's benchmark in miniature, with the real thread and real files. How fast anything is decides nothing. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { journalTables, measureJournal } from "../bench/journal/journal.js";
import { renderText } from "../bench/table.js";
import { withDirectory } from "./support/journal.js";

test("the journal benchmark times every order in both modes, and both ways to commit, and leaves nothing behind", () =>
  withDirectory(async (directory) => {
    const result = await measureJournal(
      {
        directory,
        syncs: { rounds: 3, syncsPerRound: 4, recordBytes: 256 },
        commits: { modes: ["durable", "fast"], ordersPerSecond: [2_000], seconds: 0.1 },
      },
      () => {},
    );
    expect(result.syncs.map(({ way, count }) => [way, count])).toEqual([
      ["append, fdatasync", 12],
      ["over zeros, fdatasync", 12],
    ]);
    expect(result.comparisons).toMatchObject([{ measure: "group commit", rounds: 3 }]);
    expect(result.commits.map(({ mode, tickToSafe }) => [mode, tickToSafe.count])).toEqual([
      ["durable", 200],
      ["fast", 200],
    ]);
    for (const { syncs, tickToSafe } of result.commits) {
      expect(syncs).toBeGreaterThan(0);
      expect(tickToSafe.p50).toBeGreaterThan(0);
    }
    expect(renderText(journalTables(result))).toMatch(/^Tick to safe[\s\S]*\nOne group commit of 256 bytes/);
    expect(readdirSync(directory)).toEqual([]);
  }));

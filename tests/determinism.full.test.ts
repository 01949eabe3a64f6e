/**
 * One journal, one state hash: a paper run on real threads, replayed with and without compilers, and, with `nodes` in
 * SLUICE_REQUIRE, on every supported Node.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NODE_VERSIONS } from "./determinism/nodes.mjs";

const SCRIPT = join(import.meta.dirname, "determinism", "run.mjs");
const allNodes = (process.env.SLUICE_REQUIRE ?? "").split(/[\s,]+/).includes("nodes");

interface Verdict {
  readonly equal: boolean;
  readonly verdict: string;
  readonly recordedHash: string;
  readonly rows: readonly { node: string; mode: string; inputs: number; stateHash: string; failure?: string }[];
  readonly leftOut: readonly unknown[];
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test(allNodes ? "on every supported Node" : "on this Node", { timeout: 900_000 }, () => {
  const { status, stdout, stderr } = run("--json", ...(allNodes ? [] : ["--current"]));
  expect(status, stderr).toBe(0);
  const { equal, recordedHash, rows, leftOut } = JSON.parse(stdout) as Verdict;
  expect([equal, leftOut]).toEqual([true, []]);
  const versions = [process.versions.node, ...(allNodes ? NODE_VERSIONS : [])];
  expect(rows.map(({ node, mode }) => `${node} ${mode}`)).toEqual(
    versions.flatMap((version) => [`${version} compiled`, `${version} jitless`]),
  );
  for (const { stateHash, inputs, failure } of rows) {
    expect([stateHash, inputs > 1_000, failure]).toEqual([recordedHash, true, undefined]);
  }
});

describe("the command", () => {
  test.each([["--frobnicate"], ["--journal", "/nowhere"], ["extra"]])("refuses %s %s as usage", (...args) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^determinism: /);
  });

  test("fails when a replay does, and says why", () => {
    const empty = mkdtempSync(join(tmpdir(), "sluice-determinism-"));
    try {
      writeFileSync(join(empty, "000000.seg"), "no segment");
      const { status, stdout, stderr } = run("--current", "--json", "--journal", empty);
      const { equal, verdict } = JSON.parse(stdout) as Verdict;
      expect([status, equal, verdict]).toEqual([1, false, "FAILED: 2 of 2 replays did not finish"]);
      expect(stderr).toContain("too short for a segment");
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});

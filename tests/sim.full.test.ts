/**
 * The simulator as a test: two hundred seeds, another two hundred with every commit, and the proof that it would
 * notice: each planted bug is caught. What failed is told by the command that runs it again.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const RUN = join("tests", "sim", "run.mjs");
/** Where there is no commit to take it from. */
const FIXED_SEED = 1_000_000;

function simulate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

/** The first 32 bits of the commit's hash: every commit explores new ground, and can be repeated from its hash. */
function seedOfCommit(): number {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? Number.parseInt(stdout.slice(0, 8), 16) : FIXED_SEED;
}

interface Summary {
  readonly seeds: number;
  readonly steps: number;
  readonly failed: readonly { readonly checker: string; readonly message: string; readonly command: string }[];
  readonly faults: Readonly<Record<string, number>>;
}

describe("the simulator", () => {
  test("two hundred seeds keep every promise", () => {
    const { status, stdout, stderr } = simulate("--json", "--seeds", "200", "--seed", String(seedOfCommit()));
    expect(stderr).toBe("");
    const { seeds, failed, faults } = JSON.parse(stdout) as Summary;
    expect(failed.map(({ command, checker, message }) => `${checker}: ${message}; ${command}`)).toEqual([]);
    expect(seeds).toBe(200);
    expect(Object.keys(faults).length).toBeGreaterThan(40);
    expect(status).toBe(0);
  });

  test("one seed gives the same run twice", () => {
    const [once, again] = [1, 2].map(() => simulate("--seeds", "1", "--seed", "7", "--verbose"));
    expect(once.stderr.length).toBeGreaterThan(1_000);
    expect(again.stderr).toBe(once.stderr);
  });

  test("every planted bug is caught", { timeout: 600_000 }, () => {
    const { status, stdout, stderr } = simulate("--mutants", "--seeds", "300");
    expect(stderr).toBe("");
    expect(stdout).not.toContain("SURVIVED");
    expect(status).toBe(0);
  });
});

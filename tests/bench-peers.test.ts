/**
 * The peers of other languages: what cannot be built is said and is no failure, what was built is not built again, and
 * a program keeps the protocol that the benchmark drives it by. How fast a peer is decides nothing here.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { buildPeers } from "../bench/peers/build.js";
import type { PeerProgram } from "../bench/peers/process.js";

const hasCompiler = spawnSync("g++", ["--version"]).status === 0;
const sandbox = mkdtempSync(join(tmpdir(), "sluice-peers-test-"));

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

test("without any toolchain each peer is missing, with what it wants and what to do", async () => {
  vi.stubEnv("PATH", "");
  const notes: string[] = [];
  const { built, missing } = await buildPeers((line) => notes.push(line), {
    names: ["cpp", "rust", "java", "python"],
    folder: join(sandbox, "none"),
  });
  expect(built).toEqual([]);
  expect(notes).toEqual([]);
  expect(missing).toEqual([
    "C++ peers are left out (rigtorp, raw atomics): g++ not found on the PATH; install g++ 12 or newer",
    expect.stringMatching(/^Rust peers are left out \(rtrb, .*: cargo not found on the PATH; install Rust/),
    expect.stringMatching(
      /^Java peers are left out \(Disruptor, .*: mvn and javac and java not found on the PATH; install/,
    ),
    expect.stringMatching(/^Python peers are left out \(TA-Lib, .*: python3 not found on the PATH; install/),
  ]);
});

test.each([
  { name: "cpp", tools: ["g++"], said: "fatal error: latch: No such file or directory" },
  { name: "rust", tools: ["cargo"], said: "error: failed to get `rtrb`: could not resolve host" },
  { name: "java", tools: ["mvn", "javac", "java"], said: "[ERROR] Could not transfer artifact disruptor" },
  { name: "python", tools: ["python3"], said: "ERROR: Could not find a version that satisfies TA-Lib" },
] as const)("a $name build that fails leaves out its peers in the tool's own words", async ({ name, tools, said }) => {
  const bin = join(sandbox, `bin-${name}`);
  mkdirSync(bin);
  const version = '[ "$1" = --version ] && echo 1.0 && exit 0';
  const script = `#!/bin/sh\n${version}\nprintf '%s\\n' 'looking around' '${said}' >&2\nexit 101\n`;
  for (const tool of tools) {
    writeFileSync(join(bin, tool), script);
    chmodSync(join(bin, tool), 0o755);
  }
  vi.stubEnv("PATH", bin);
  const folder = join(sandbox, `failed-${name}`);

  const { built, missing } = await buildPeers(() => {}, { names: [name], folder });

  expect(built).toEqual([]);
  expect(missing).toHaveLength(1);
  expect(missing[0]).toContain(
    `${tools[0]} ended with 101 (${said}); all it said is in ${join(folder, `${name}.log`)}`,
  );
  expect(missing[0]).not.toContain("\n");
  expect(readFileSync(join(folder, `${name}.log`), "utf8")).toContain("looking around");
  expect(readdirSync(folder)).toEqual([`${name}.log`]);
});

describe.skipIf(!hasCompiler)("the C++ program", () => {
  const folder = join(sandbox, "built");
  const names = ["cpp"] as const;
  let program: PeerProgram;

  beforeAll(async () => {
    const { built, missing } = await buildPeers(() => {}, { names, folder });
    expect(missing).toEqual([]);
    [program] = built;
  });

  /** One line of JSON for each line of `commands`; the program ends with its input. */
  function answers(...commands: string[]): Record<string, unknown>[] {
    const { stdout, status } = spawnSync(program.command, program.args, {
      input: commands.map((each) => `${each}\n`).join(""),
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(status).toBe(0);
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  test("is built once", async () => {
    const notes: string[] = [];
    const again = await buildPeers((line) => notes.push(line), { names, folder });
    expect(again).toEqual({ built: [program], missing: [] });
    expect(notes).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("names its lanes and the versions that were built", () => {
    expect(answers("lanes")).toEqual([
      { lanes: ["raw-rtt", "rigtorp-rtt", "rigtorp-stream"], version: program.versions },
    ]);
    expect(program.versions).toMatchObject({ compiler: expect.stringMatching(/^gcc \d/) });
  });

  test.each(["raw-rtt", "rigtorp-rtt"])("%s times its trips, and every message came back whole", (lane) => {
    const [found] = answers(`${lane} 30`);
    expect(found).toMatchObject({ lane, checksum: checksumOf(found.messages as number) });
    expect(found.messages).toBeGreaterThan(0);
    expect(found.seconds).toBeGreaterThanOrEqual(0.03);
    const ladder = ["p50Ns", "p90Ns", "p99Ns", "p999Ns", "p9999Ns"].map((key) => found[key] as number);
    expect(ladder[0]).toBeGreaterThan(0);
    expect(ladder).toEqual([...ladder].sort((a, b) => a - b));
    // A percentile stands in the middle of a step that is at most 1/256 wide; the greatest value is exact.
    expect(found.maxNs).toBeGreaterThanOrEqual(ladder[4] * (1 - 1 / 256));
    expect(found.blockP50Ns).toBeGreaterThan(0);
  });

  test("rigtorp-stream receives every message once, in batches", () => {
    const [found] = answers("rigtorp-stream 30");
    expect(found).toMatchObject({ lane: "rigtorp-stream", checksum: checksumOf(found.messages as number) });
    expect(found.batches).toBeGreaterThan(0);
    expect(found.batches).toBeLessThanOrEqual(found.messages as number);
  });

  test("refuses what it does not know, in JSON, and goes on", () => {
    const [unknown, without, negative, empty, known] = answers('no"such 5', "raw-rtt", "raw-rtt -1", "", "lanes");
    expect(unknown.error).toBe("no such lane, was no?such: ask for lanes");
    for (const { error } of [without, negative]) expect(error).toMatch(/^milliseconds are a number above 0/);
    expect(empty.error).toMatch(/^no such lane/);
    expect(known.lanes).toHaveLength(3);
  });
});

/** Word k of message i is i + k, so that eight words of `count` messages sum to this, modulo 2^64. */
function checksumOf(count: number): string {
  const messages = BigInt(count);
  return BigInt.asUintN(64, 4n * messages * (messages - 1n) + 28n * messages).toString();
}

/**
 * Where threads run: what the presets make of a host, what a file may ask for, and what is refused in which words. Then
 * a real run with its agents crowded onto few threads, which must be the same run.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { IDLE } from "../actors/agent/idle.js";
import { type Host, type Placement, presetPlan, spins, threadOf } from "../actors/placement.js";
import { choosePlacement } from "../actors/placement-file.js";
import { AGENT_NAMES, type AgentName } from "../actors/topology.js";
import { ConfigError } from "../engine/index.js";
import { runCommand, withDirectory } from "./support/command.js";

const hostOf = (cores: number, canPin = true): Host => ({
  cores: Array.from({ length: cores }, (_, at) => at),
  canPin,
});
/** What a paper run without a store has. */
const PAPER = AGENT_NAMES.filter((agent) => agent !== "gateway" && agent !== "store");

interface FileThread {
  readonly name?: unknown;
  readonly agents?: unknown;
  readonly idle?: unknown;
  readonly cores?: unknown;
}

const REST: readonly FileThread[] = [
  { name: "feeds", agents: ["feeds"] },
  { name: "venue", agents: ["venue"] },
  { name: "journal", agents: ["journal"] },
  { name: "archive", agents: ["preparer", "shadow"] },
];
const ENGINE: FileThread = { name: "engine", agents: ["engine"] };

/** Chooses a file of that content. */
function chosen(content: unknown, host = hostOf(4), agents: readonly AgentName[] = PAPER) {
  return withDirectory(async (directory) => {
    const path = join(directory, "threads.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    try {
      return choosePlacement(path, agents, host);
    } catch (error) {
      // The directory has another name each time.
      (error as Error).message = (error as Error).message.replace(path, "FILE");
      throw error;
    }
  });
}

const fileOf = (...threads: FileThread[]) => ({ format: 1, threads });

describe("a preset", () => {
  test.each([1, 2, 4, 8, 64])("shared lets every thread sleep and pins none, on %i cores", (cores) => {
    const { plan, notes } = presetPlan("shared", hostOf(cores));
    expect(plan.threads.some(spins)).toBe(false);
    expect(plan.threads.flatMap((each) => each.cores)).toEqual([]);
    expect(notes).toEqual([]);
  });

  test.each([2, 4, 8, 64])("dedicated lets the engine spin and nobody else, on %i cores", (cores) => {
    const { plan, notes } = presetPlan("dedicated", hostOf(cores));
    expect(plan.threads.filter(spins).map(({ name }) => name)).toEqual(["engine"]);
    expect(notes).toEqual([]);
  });

  test("dedicated on a single core sleeps, and says so in one line", () => {
    const { plan, notes } = presetPlan("dedicated", hostOf(1));
    expect(plan.threads.some(spins)).toBe(false);
    expect(notes).toEqual([expect.stringMatching(/^--threads dedicated .*there is 1, and every thread sleeps$/)]);
  });

  test("dedicated gives each thread a core where there is one for each and one for the main thread", () => {
    const threads = presetPlan("dedicated", hostOf(6), PAPER).plan.threads;
    expect(threads.map(({ name, cores }) => [name, ...cores])).toEqual([
      ["feeds", 1],
      ["engine", 2],
      ["venue", 3],
      ["journal", 4],
      ["archive", 5],
    ]);
  });

  test.each([
    ["there is a core too few", hostOf(5)],
    ["nobody can be pinned", hostOf(8, false)],
  ])("dedicated pins none where %s", (_why, host) => {
    expect(presetPlan("dedicated", host, PAPER).plan.threads.flatMap(({ cores }) => cores)).toEqual([]);
  });

  test.each(["shared", "dedicated"] satisfies Placement[])("%s places every agent once", (preset) => {
    const placed = presetPlan(preset, hostOf(8)).plan.threads.flatMap(({ agents }) => agents);
    expect([...placed].sort()).toEqual([...AGENT_NAMES].sort());
  });
});

describe("a file", () => {
  test("groups agents, spins, sleeps and pins as it says", async () => {
    const { plan, notes } = await chosen(
      fileOf(
        { name: "io", agents: ["feeds"], idle: { spinsMax: 3, parkMs: 7 } },
        { name: "core", agents: ["engine", "journal"], idle: "spin", cores: [2, 3] },
        { name: "rest", agents: ["venue", "preparer"] },
        { name: "again", agents: ["shadow"], idle: "park" },
      ),
    );
    expect(notes).toEqual([]);
    expect(threadOf(plan, "journal")).toEqual({
      ...{ name: "core", agents: ["engine", "journal"], idle: IDLE.dedicated, cores: [2, 3] },
    });
    expect(threadOf(plan, "feeds").idle).toEqual({ spinsMax: 3, parkMs: 7 });
    expect(threadOf(plan, "venue")).toMatchObject({ name: "rest", idle: IDLE.shared, cores: [] });
    expect(threadOf(plan, "shadow").idle).toEqual(IDLE.background);
  });

  test("may place agents that the run does not have", async () => {
    const { plan } = await chosen(fileOf(ENGINE, ...REST, { name: "store", agents: ["store"] }));
    expect(plan.threads.map(({ name }) => name)).toEqual(["engine", "feeds", "venue", "journal", "archive"]);
  });

  test("loses its cores where nobody can be pinned, and that is said", async () => {
    const { plan, notes } = await chosen(fileOf({ ...ENGINE, cores: [1] }, ...REST), hostOf(4, false));
    expect(threadOf(plan, "engine").cores).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/cores are left out, for this host has no taskset$/)]);
  });

  test.each<[string, unknown, string]>([
    ["no JSON", "{", "FILE is not JSON: "],
    [
      "another format",
      { format: 2, threads: [] },
      "FILE: format: must be 1, was 2; threads: must hold a thread, was []",
    ],
    ["an unknown key", { ...fileOf(ENGINE, ...REST), pin: true }, 'FILE: Unrecognized key: "pin"'],
    [
      "an unknown agent",
      fileOf({ name: "x", agents: ["egine"] }),
      "threads[0].agents[0]: must be an agent: feeds, engine,",
    ],
    ["an agent's value", fileOf({ name: "x", agents: ["egine"] }), 'was "egine"'],
    ["a thread without agents", fileOf({ name: "x", agents: [] }), "threads[0].agents: must name an agent, was []"],
    ["a bad name", fileOf({ name: "A b", agents: ["feeds"] }), "threads[0].name: must be a word of lower-case letters"],
    [
      "an agent twice",
      fileOf(ENGINE, ...REST, { name: "more", agents: ["venue"] }),
      'FILE: threads[5].agents: "venue" is in threads[2] already: place it once',
    ],
    ["a name twice", fileOf(ENGINE, ...REST.slice(1), { ...REST[0], name: "engine" }), "is the name of threads[0] too"],
    ["a missing agent", fileOf(...REST), 'FILE: threads: no thread has "engine", which this run needs: add it to one'],
    [
      "mixed runners",
      fileOf({ name: "x", agents: ["engine", "feeds"] }, ...REST.slice(1)),
      'FILE: threads[0].agents: "engine" (blocking) and "feeds" (event-loop) need different kinds of threads: ',
    ],
    [
      "a guest of the shadow's",
      fileOf(ENGINE, ...REST.slice(0, 2), { name: "x", agents: ["journal", "preparer", "shadow"] }),
      'threads[3].agents: "shadow" executes strategies again, for which "journal" would wait',
    ],
    [
      "a core that does not exist",
      fileOf({ ...ENGINE, cores: [1, 4] }, ...REST),
      "FILE: threads[0].cores: there is no core 4 here: name some of 0, 1, 2, 3",
    ],
    ["a core of words", fileOf({ ...ENGINE, cores: ["1"] }, ...REST), "threads[0].cores[0]: "],
    [
      "a thread with sockets that spins",
      fileOf(ENGINE, { ...REST[0], idle: "spin" }, ...REST.slice(1)),
      'threads[1].idle: "spin" would keep a thread with sockets from hearing them: use "park"',
    ],
    [
      "a way of waiting that is none",
      fileOf({ ...ENGINE, idle: "yield" }, ...REST),
      'threads[0].idle: must be "park", "spin"',
    ],
  ])("with %s is refused, and the place is named", async (_fault, content, message) => {
    const refusal = chosen(content);
    await expect(refusal).rejects.toThrow(ConfigError);
    await expect(refusal).rejects.toThrow(message);
  });

  test("may not let as many threads spin as there are cores", async () => {
    const spinning = fileOf(
      { ...ENGINE, idle: "spin" },
      REST[0],
      ...REST.slice(1).map((each) => ({ ...each, idle: "spin" })),
    );
    await expect(chosen(spinning)).rejects.toThrow(
      "FILE: threads: engine, venue, journal, archive spin, but 4 cores bear 3: let one park",
    );
    expect((await chosen(spinning, hostOf(5))).plan.threads.filter(spins)).toHaveLength(4);
  });

  test("that is not there is told from a preset that is misspelt", () => {
    expect(() => choosePlacement("dedicate", PAPER, hostOf(2))).toThrow(
      "--threads is shared, dedicated or a file that can be read, was dedicate (ENOENT)",
    );
  });
});

describe("sluice threads", () => {
  test("shows a preset's threads with the rings between them", async () => {
    const { code, stdout, stderr } = await runCommand(["threads", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { threads } = JSON.parse(stdout) as { threads: Record<string, unknown>[] };
    expect(threads.map(({ name }) => name)).toEqual(["main", "feeds", "engine", "venue", "journal", "archive"]);
    expect(threads[2]).toMatchObject({ ringsIn: ["market", "control", "report"], ringsOut: ["log"], cores: [] });
  });

  test("refuses a file that cannot be, with exit code 2 and nothing on stdout", async () => {
    await withDirectory(async (directory) => {
      const path = join(directory, "threads.json");
      writeFileSync(path, JSON.stringify(fileOf({ ...ENGINE, cores: [4_095] }, ...REST)));
      const { code, stdout, stderr } = await runCommand(["threads", "--threads", path]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(`sluice: ${path}: threads[0].cores: there is no core 4095 here`);
    });
  });
});

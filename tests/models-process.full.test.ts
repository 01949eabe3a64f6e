/**
 * Models in a whole running engine: asked for by an example strategy, fitted by the pool, and journaled. A process that
 * is killed between a request and its answer leaves what the next one needs; nothing is answered twice.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { MessageType, MODEL_FIT_REQUEST, RECORD_HEADER_BYTES } from "../schemas/index.js";
import { runCommand, startCommand, withDirectory } from "./support/command.js";
import { recordsOf } from "./support/forge.js";

const STRATEGY = join(import.meta.dirname, "../strategies/regime.ts");
const ATTEMPTS = 5;
const disk = new NodeDisk();

const demo = (journal: string, ...more: readonly string[]): string[] => [
  ...["demo", "--speed", "5", "--port", "0", "--json", "--journal", journal],
  ...["--strategy", STRATEGY, "--param", "refitEvery=20", "--param", "certainty=0.5", ...more],
];

interface Asked {
  /** Sequences of requests, and of those that were answered, both in order. */
  readonly requests: readonly number[];
  readonly answered: readonly number[];
  readonly lives: number;
}

function askedIn(journal: string): Asked {
  const records = recordsOf(disk, journal);
  const ofType = (type: number) => records.filter((record) => record.type === type);
  return {
    requests: ofType(MessageType.ModelRequest).map(({ sequence }) => sequence),
    answered: ofType(MessageType.ModelFit).map(({ name, byte }) =>
      readFileSync(name).readDoubleLE(byte + RECORD_HEADER_BYTES + MODEL_FIT_REQUEST),
    ),
    lives: ofType(MessageType.Config).length,
  };
}

/** The state hash by which a command's JSON says what it came to. */
async function hashBy(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { stateHash: string }).stateHash;
}

function replayedWithoutCompilers(journal: string): string {
  const command = ["--jitless", "dist/cli/main.js", "replay", journal, "--json"];
  const stdout = execFileSync(process.execPath, command, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return (JSON.parse(stdout) as { stateHash: string }).stateHash;
}

/** Runs until so many models have come, then in order to the end; the state hash it ends with. */
async function runUntilAnswered(journal: string, count: number): Promise<string> {
  const run = startCommand(demo(journal, "--duration", "100s"));
  const isEnough = () => existsSync(segmentPath(journal, 0)) && askedIn(journal).answered.length >= count;
  while (!isEnough()) await Promise.race([setTimeout(100), run.finished.then(() => expect.fail("it ended early"))]);
  run.kill("SIGINT");
  const { code, stdout, stderr } = await run.finished;
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { stateHash: string }).stateHash;
}

/** Kills a run when its first model is there and nobody has been told; false when the journal had no request yet. */
async function killBeforeAnswer(journal: string): Promise<boolean> {
  const crash = { SLUICE_CRASH_POINT: "models.fitted:1" };
  const { signal } = await runCommand(demo(journal, "--duration", "100s"), crash);
  expect(signal).toBe("SIGKILL");
  const { requests, answered } = askedIn(journal);
  expect(answered).toEqual([]);
  return requests.length === 1;
}

describe("a run whose strategy asks for models", () => {
  test("gets them, and replay and backtest of its journal come to its state without a fit", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const ended = await runUntilAnswered(journal, 2);
      const { requests, answered } = askedIn(journal);
      expect(answered.length).toBeGreaterThanOrEqual(2);
      expect(answered).toEqual(requests.slice(0, answered.length));
      expect(await hashBy(["replay", journal, "--json"])).toBe(ended);
      expect(await hashBy(["backtest", journal, "--json"])).toBe(ended);
      expect(replayedWithoutCompilers(journal)).toBe(ended);
    });
  });

  test("killed between a request and its answer, has it asked again by the next life and answered once", async () => {
    await withDirectory(async (directory) => {
      let journal = join(directory, "0");
      for (let attempt = 1; !(await killBeforeAnswer(journal)); attempt += 1) {
        // The request had not reached the disk: there was nothing to be asked again.
        if (attempt === ATTEMPTS) throw new Error(`in ${ATTEMPTS} runs no request was on disk before its answer`);
        journal = join(directory, `${attempt}`);
      }
      const [lost] = askedIn(journal).requests;
      const ended = await runUntilAnswered(journal, 1);
      const { requests, answered, lives } = askedIn(journal);
      expect(lives).toBe(2);
      expect(requests.length).toBeGreaterThan(1);
      expect(answered).not.toContain(lost);
      expect(answered).toEqual(requests.slice(1, 1 + answered.length));
      expect(new Set(answered).size).toBe(answered.length);
      expect(await hashBy(["replay", journal, "--json"])).toBe(ended);
    });
  });
});

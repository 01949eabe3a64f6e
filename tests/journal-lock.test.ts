/** One engine to a directory, with real second processes: killed, in another network namespace, on a long path. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { lockDirectory, lockHolder } from "../actors/journal/directory-lock.js";
import { thisHost } from "../actors/journal/host.js";
import { isForeign, readIdentity, writeIdentity } from "../actors/journal/identity.js";
import { ConfigError } from "../engine/index.js";
import { withDirectory } from "./support/journal.js";

/** Takes the lock of its argument, says so or why not, and holds it until its stdin ends. */
const HOLDER = `
  import { lockDirectory } from "./actors/journal/directory-lock.ts";
  try {
    const lock = await lockDirectory(process.argv[2]);
    console.log("locked");
    process.stdin.on("data", () => {}).on("end", () => lock.release());
  } catch (error) {
    console.log(error.name + ": " + error.message);
  }
`;

let script: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  script = join(mkdtempSync(join(tmpdir(), "sluice-lock-")), "holder.mjs");
  const stdin = { contents: HOLDER, resolveDir: process.cwd(), loader: "ts" as const };
  buildSync({ stdin, bundle: true, platform: "node", format: "esm", outfile: script, logLevel: "error" });
});
afterAll(() => rmSync(join(script, ".."), { recursive: true }));
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** A second process that wants the directory, and what it said first. */
async function contender(directory: string, wrapper: readonly string[] = []) {
  const [command, ...args] = [...wrapper, process.execPath, script, directory];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  running.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: said.toString().trim() };
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
};

describe("a directory that another process has", () => {
  test("is refused with the holder's pid and what to do, and free when it was given back", () =>
    withDirectory(async (directory) => {
      const { child, said } = await contender(directory);
      expect(said).toBe("locked");
      await expect(lockDirectory(directory)).rejects.toThrow(ConfigError);
      await expect(lockDirectory(directory)).rejects.toThrow(
        new RegExp(`^${directory} is in use by process ${child.pid} on .*: stop it, or choose another directory`),
      );
      expect(lockHolder(directory)).toMatchObject({ pid: child.pid, hostId: thisHost().id });
      child.stdin!.end();
      await ended(child);
      expect([existsSync(join(directory, "lock")), existsSync(join(directory, "lock.sock"))]).toEqual([false, false]);
      await (await lockDirectory(directory)).release();
    }));

  test("is free at once when that one was killed, and the file it left is taken over", () =>
    withDirectory(async (directory) => {
      const { child } = await contender(directory);
      child.kill("SIGKILL");
      await ended(child);
      expect(lockHolder(directory)).toMatchObject({ pid: child.pid });
      const lock = await lockDirectory(directory);
      expect(lockHolder(directory)).toMatchObject({ pid: process.pid });
      await lock.release();
    }));

  test("is refused while that one is stopped and can answer nobody", () =>
    withDirectory(async (directory) => {
      const { child } = await contender(directory);
      child.kill("SIGSTOP");
      await expect(lockDirectory(directory)).rejects.toThrow(`process ${child.pid}`);
    }));

  test("is refused when that one lives in another network namespace", async () => {
    try {
      execFileSync("unshare", ["--net", "true"], { stdio: "pipe" });
    } catch {
      console.warn("NOT TESTED: no network namespace can be made here");
      return;
    }
    await withDirectory(async (directory) => {
      const { child, said } = await contender(directory, ["unshare", "--net"]);
      expect(said).toBe("locked");
      await expect(lockDirectory(directory)).rejects.toThrow(`is in use by process ${child.pid}`);
      child.kill("SIGKILL");
      await ended(child);
      await (await lockDirectory(directory)).release();
    });
  });

  test("is refused by another name of it", () =>
    withDirectory(async (directory) => {
      const real = join(directory, "real");
      mkdirSync(real);
      const { said } = await contender(real);
      expect(said).toBe("locked");
      execFileSync("ln", ["-s", real, join(directory, "link")]);
      await expect(lockDirectory(join(directory, "link"))).rejects.toThrow(/is in use by process/);
    }));
});

test("of several that want a directory at once, one gets it", () =>
  withDirectory(async (directory) => {
    const said = (await Promise.all([1, 2, 3, 4].map(() => contender(directory)))).map((each) => each.said);
    expect(said.filter((text) => text === "locked")).toHaveLength(1);
    expect(said.filter((text) => text.startsWith("ConfigError"))).toHaveLength(3);
  }));

test("a directory with a path longer than a socket's may be is locked like any other", () =>
  withDirectory(async (parent) => {
    const directory = join(parent, "x".repeat(100), "y".repeat(100));
    mkdirSync(directory, { recursive: true });
    const { child, said } = await contender(directory);
    expect(said).toBe("locked");
    expect(existsSync(join(directory, "lock.sock"))).toBe(true);
    await expect(lockDirectory(directory)).rejects.toThrow(`process ${child.pid}`);
  }));

test("a directory that another host holds is refused until somebody says that it does not; a reboot frees it", () =>
  withDirectory(async (directory) => {
    const holder = {
      pid: 1,
      hostId: "another",
      host: "other-host",
      boot: "another start",
      since: "2026-01-01T00:00:00Z",
    };
    writeFileSync(join(directory, "lock"), JSON.stringify(holder));
    await expect(lockDirectory(directory)).rejects.toThrow(
      `${directory} was taken by process 1 on other-host, since 2026-01-01T00:00:00Z, and from here nobody can tell`,
    );
    const earlier = { ...holder, hostId: thisHost().id, boot: "before the reboot" };
    writeFileSync(join(directory, "lock"), JSON.stringify(earlier));
    await (await lockDirectory(directory)).release();
    writeFileSync(join(directory, "lock"), JSON.stringify({ ...holder, boot: thisHost().boot }));
    await (await lockDirectory(directory)).release();
  }));

test("a directory that is not there, and a lock file that is garbage", () =>
  withDirectory(async (directory) => {
    await expect(lockDirectory(join(directory, "missing"))).rejects.toThrow("ENOENT");
    writeFileSync(join(directory, "lock"), "{");
    const lock = await lockDirectory(directory);
    await Promise.all([lock.release(), lock.release()]);
    expect(existsSync(join(directory, "lock"))).toBe(false);
  }));

test("a directory says which host it belongs to, and whether that is this one", () =>
  withDirectory((directory) => {
    const disk = new NodeDisk();
    const host = thisHost();
    expect(isForeign(readIdentity(disk, directory), host)).toBe(false);
    writeIdentity(disk, directory, host, 0);
    expect(readIdentity(disk, directory)).toEqual({
      ...{ format: 1, hostId: host.id, host: host.name },
      createdAt: "1970-01-01T00:00:00.000Z",
    });
    expect(isForeign(readIdentity(disk, directory), host)).toBe(false);
    expect(isForeign(readIdentity(disk, directory), { ...host, id: "another" })).toBe(true);
    writeFileSync(join(directory, "identity.json"), "{}");
    expect(() => readIdentity(disk, directory)).toThrow(/identity\.json is damaged/);
  }));

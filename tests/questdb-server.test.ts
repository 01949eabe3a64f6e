/**
 * The promises of `sluice questdb`, kept by the real server: one server a directory, found again whatever happened to
 * its starter, its rows still there after any ending, and no process harmed that is not it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test, vi } from "vitest";
import { containerArguments } from "../feeds/questdb/docker-server.js";
import { cacheDirectory, isTheJar, QUESTDB_VERSION } from "../feeds/questdb/jar.js";
import { processBirth, signalIfSame } from "../feeds/questdb/process-birth.js";
import { QuestdbRefused, QuestdbUnreachable, queryQuestdb } from "../feeds/questdb/query.js";
import { readRecord, withDirectoryLock, writeRecord } from "../feeds/questdb/record.js";
import { prepareQuestdb, questdbStatus, startQuestdb, stopQuestdb } from "../feeds/questdb/server.js";
import { OWN_SERVER, requireOrSkip, withQuestdb, withQuestdbDirectory } from "./support/questdb.js";

const CREATE = "CREATE TABLE trades (ts TIMESTAMP, price DOUBLE) TIMESTAMP(ts) PARTITION BY DAY WAL";
const INSERT = "INSERT INTO trades VALUES ('2026-01-02T03:04:05.678901Z', 42.5), ('2026-01-02T03:04:06Z', 43)";
const SLOW = { timeout: 60_000 };

const canRun = await requireOrSkip("questdb");

describe.skipIf(!canRun)("a server of its own", SLOW, () => {
  test("a directory has one server, whose rows outlive a stop", () =>
    withQuestdbDirectory(async (directory) => {
      expect(await statusOf(directory)).toMatchObject({ state: "stopped", pid: null, message: "" });

      const first = await start(directory);
      expect(first).toMatchObject({ how: "java", version: QUESTDB_VERSION, directory });
      expect(await start(directory)).toEqual({ ...first, how: "running" });

      await queryQuestdb(first.url, CREATE);
      await queryQuestdb(first.url, INSERT);
      await untilCount(first.url, 2);
      const status = await statusOf(directory);
      expect(status).toMatchObject({
        state: "running",
        how: "java",
        url: first.url,
        pid: first.pid,
        version: QUESTDB_VERSION,
      });
      expect(status.tables).toEqual([
        { name: "trades", rowCount: 2, wal: "current", pendingTransactions: 0, error: "" },
      ]);

      expect(await stopQuestdb({ directory })).toMatchObject({ outcome: "stopped", pid: first.pid });
      expect(processBirth(first.pid!)).toBeNull();
      expect((await statusOf(directory)).state).toBe("stopped");
      expect((await stopQuestdb({ directory, configuredUrl: null })).outcome).toBe("not-running");

      const second = await start(directory);
      expect(second.pid).not.toBe(first.pid);
      await untilCount(second.url, 2);
    }));

  test("a server killed outright is reported stopped, and the next one has its rows", () =>
    withQuestdbDirectory(async (directory) => {
      const killed = await start(directory);
      await queryQuestdb(killed.url, CREATE);
      await queryQuestdb(killed.url, INSERT);
      process.kill(killed.pid!, "SIGKILL");
      await untilGone(killed.pid!);

      const status = await statusOf(directory);
      expect(status).toMatchObject({ state: "stopped", pid: null });
      expect(status.message).toContain(`pid ${killed.pid}`);
      const recovered = await start(directory);
      expect(recovered.how).toBe("java");
      await untilCount(recovered.url, 2);
    }));

  test("a server whose starter was killed while it started is found again", () =>
    withQuestdbDirectory(async (directory) => {
      const starter = await spawnStarter(directory);
      await until(() => readRecord(directory) !== null);
      starter.kill("SIGKILL");
      await once(starter, "exit");
      const orphan = readRecord(directory)!;

      expect(existsSync(join(directory, "questdb.lock")), "the dead starter still holds the lock").toBe(true);
      const found = await start(directory);
      expect(found).toMatchObject({ how: "running", pid: orphan.pid, version: QUESTDB_VERSION });
      expect((await queryQuestdb(found.url, "select 1")).rows).toEqual([[1]]);
    }));

  test("two starts at once get the same server", () =>
    withQuestdbDirectory(async (directory) => {
      const servers = await Promise.all([start(directory), start(directory)]);
      expect(servers.map((server) => server.how).sort()).toEqual(["java", "running"]);
      expect(servers[0].pid).toBe(servers[1].pid);
    }));

  test("a taken port and taken data each give one clear line, and nothing is left behind", () =>
    withQuestdb(async ({ url, directory: taken }) => {
      const httpPort = Number(new URL(url).port);
      await withQuestdbDirectory(async (directory) => {
        await expect(start(directory, httpPort)).rejects.toThrow(
          new Error(
            `Port ${httpPort} is taken by another process. Free it, or choose another port (0 takes a free one).`,
          ),
        );
        expect(readRecord(directory)).toBeNull();
      });

      const record = readRecord(taken)!;
      rmSync(join(taken, "questdb.json"));
      await expect(start(taken)).rejects.toThrow(/^Another server already uses .* is not on record.*fuser/);
      writeRecord(taken, record);
      expect((await statusOf(taken)).state).toBe("running");
    }));

  test.skipIf(process.platform !== "linux")(
    "loopback only, whatever the caller's environment, which it does not see",
    async () => {
      vi.stubEnv("CANARY_API_KEY", "do-not-inherit");
      vi.stubEnv("QDB_HTTP_NET_BIND_TO", "0.0.0.0:0");
      try {
        await withQuestdb(async ({ pid, query }) => {
          const inherited = readFileSync(`/proc/${pid}/environ`, "utf8");
          expect(inherited).not.toContain("CANARY");
          const { rows } = await query("SELECT property_path, value FROM (SHOW PARAMETERS)");
          const settings = new Map(rows.map(([key, value]) => [key, value]));
          expect(settings.get("http.net.bind.to")).toBe("127.0.0.1:0");
          expect(settings.get("pg.net.bind.to")).toBe("127.0.0.1:0");
          for (const off of [
            "line.tcp.enabled",
            "http.min.enabled",
            "telemetry.enabled",
            "line.auto.create.new.tables",
          ]) {
            expect(settings.get(off), off).toBe("false");
          }
          expect(listeningAddresses(pid!)).toEqual(["0100007F", "0100007F"]);
        });
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  test("a server that ignores SIGTERM is killed at the deadline, and stop says so", () =>
    withQuestdbDirectory(async (directory) => {
      const { pid } = await start(directory);
      // A stopped process keeps SIGTERM pending, which is as deaf as a server can be.
      process.kill(pid!, "SIGSTOP");
      const stopped = await stopQuestdb({ directory, graceMs: 300 });
      expect(stopped.outcome).toBe("killed");
      expect(stopped.message).toContain("did not end within 300 ms");
      expect(processBirth(pid!)).toBeNull();
    }));

  test("a suspended table is named in the status", () =>
    withQuestdbDirectory(async (directory) => {
      // Suspending on purpose needs the developer mode, which a user may set where QuestDB looks for it.
      mkdirSync(join(directory, "data", "conf"), { recursive: true });
      writeFileSync(join(directory, "data", "conf", "server.conf"), "dev.mode.enabled=true\n");
      const { url } = await start(directory);
      await queryQuestdb(url, CREATE);
      await queryQuestdb(url, "ALTER TABLE trades SUSPEND WAL");
      await queryQuestdb(url, INSERT);
      const status = await statusOf(directory);
      expect(status.tables[0]).toMatchObject({ name: "trades", rowCount: 0, wal: "suspended", pendingTransactions: 1 });
      expect(status.message).toContain("Suspended: trades");
    }));

  test("a configured server that does not answer is passed over aloud", () =>
    withQuestdbDirectory(async (directory) => {
      const said: string[] = [];
      const signalProgress = (line: string) => said.push(line);
      const server = await startQuestdb({
        ...OWN_SERVER,
        directory,
        configuredUrl: "http://127.0.0.1:1",
        signalProgress,
      });
      expect(server.how).toBe("java");
      expect(said[0]).toMatch(
        /^The configured server is passed over\. QuestDB at http:\/\/127\.0\.0\.1:1 is unreachable/,
      );
    }));

  test("a configured server that answers is used, never started or stopped", () =>
    withQuestdb(async ({ url }) => {
      const directory = join(tmpdir(), "sluice-questdb-never-made");
      const options = { directory, configuredUrl: url };
      expect(await startQuestdb(options)).toMatchObject({ url, pid: null, how: "running", version: QUESTDB_VERSION });
      expect(await questdbStatus(options)).toMatchObject({ state: "running", how: "configured", url });
      expect(await stopQuestdb(options)).toMatchObject({ outcome: "not-running" });
      expect(existsSync(directory)).toBe(false);
      expect((await queryQuestdb(url, "select 1")).rows).toEqual([[1]]);
    }));

  test("bad SQL and digits beyond a double are refused", () =>
    withQuestdb(async ({ query }) => {
      const refused = await query("SELECT nope FROM nowhere").catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(QuestdbRefused);
      expect(String(refused)).toContain("table does not exist [table=nowhere]");
      await expect(query("SELECT 9007199254740993L AS big")).rejects.toThrow("big exceeds 2^53");
      expect((await query("SELECT 9007199254740991L AS big")).rows).toEqual([[9007199254740991]]);
    }));

  test("a jar with a missing byte is not the jar", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sluice-jar-"));
    try {
      const genuine = join(cacheDirectory(), `questdb-${QUESTDB_VERSION}.jar`);
      expect(await isTheJar(genuine)).toBe(true);
      const copy = join(directory, "copy.jar");
      const bytes = readFileSync(genuine);
      bytes[1000] = bytes[1000]! ^ 1;
      writeFileSync(copy, bytes);
      expect(await isTheJar(copy)).toBe(false);
      truncateSync(copy, bytes.length - 1);
      expect(await isTheJar(copy)).toBe(false);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe("without a server", () => {
  test("a process that was given the recorded pid later is neither reported nor killed", () =>
    withQuestdbDirectory(async (directory) => {
      const bystander = spawn("sleep", ["60"]);
      try {
        const pid = bystander.pid!;
        const identity = `${processBirth(pid)}0`;
        writeRecord(directory, { how: "java", pid, identity, httpPort: 9, version: "9.3.4", startedAtMs: 0 });
        expect(signalIfSame(pid, identity, "SIGKILL")).toBe(false);
        expect((await statusOf(directory)).state).toBe("stopped");
        expect((await stopQuestdb({ directory, configuredUrl: null })).outcome).toBe("not-running");
        expect(readRecord(directory), "the stale record is cleaned").toBeNull();
        expect(processBirth(pid)).not.toBeNull();
      } finally {
        bystander.kill("SIGKILL");
      }
    }));

  test("a half-written or foreign record counts as none", () =>
    withQuestdbDirectory(async (directory) => {
      for (const text of [
        "",
        "{",
        "[]",
        '{"how":"java","pid":1,"identity":"x","httpPort":1,"version":"9","startedAtMs":0}',
      ]) {
        writeFileSync(join(directory, "questdb.json"), text);
        expect(readRecord(directory), text).toBeNull();
      }
    }));

  test("the lock admits one holder at a time", () =>
    withQuestdbDirectory(async (directory) => {
      let inside = 0;
      const most: number[] = [];
      const work = () =>
        withDirectoryLock(
          directory,
          () => {},
          async () => {
            most.push(++inside);
            await sleep(5);
            inside--;
          },
        );
      await Promise.all([work(), work(), work()]);
      expect(most).toEqual([1, 1, 1]);
    }));

  test("an address with nobody, a stranger or a silent server behind it is named with the remedy", async () => {
    const stranger = await listen((_request, response) => response.writeHead(404).end("<html>"));
    const silent = await listen(() => {});
    try {
      for (const [url, reason] of [
        [addressOf(stranger), /not QuestDB's \/exec \(HTTP 404\)/],
        [addressOf(silent), /no answer within 200 ms/],
        ["http://127.0.0.1:1", /unreachable/],
        ["no address", /expected http:\/\/host:port/],
      ] as const) {
        const error = await queryQuestdb(url, "select 1", { deadlineMs: 200 }).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(QuestdbUnreachable);
        expect((error as Error).message).toContain(url);
        expect((error as Error).message).toContain("sluice questdb start");
        expect((error as Error).message).toMatch(reason);
      }
      const secret = await queryQuestdb("http://me:hunter2@127.0.0.1:1", "select 1").catch((thrown: unknown) => thrown);
      expect(String(secret)).not.toContain("hunter2");
    } finally {
      stranger.close();
      silent.closeAllConnections();
      silent.close();
    }
  });

  test("a machine without Docker and Java is told what to install", async () => {
    const empty = mkdtempSync(join(tmpdir(), "sluice-path-"));
    vi.stubEnv("PATH", empty);
    vi.stubEnv("JAVA_HOME", "");
    try {
      await expect(prepareQuestdb({})).rejects.toThrow(
        /docker is not installed; Java: java is not installed.*apt install/,
      );
      writeExecutable(join(empty, "java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
      await expect(prepareQuestdb({})).rejects.toThrow("Java is too old (was 11.0.2, wants 17)");
    } finally {
      vi.unstubAllEnvs();
      rmSync(empty, { recursive: true, force: true });
    }
  });

  test("a download that is not the pinned jar leaves the cache empty", async () => {
    const sandbox = mkdtempSync(join(tmpdir(), "sluice-cache-"));
    mkdirSync(join(sandbox, "bin"));
    writeExecutable(join(sandbox, "bin", "java"), "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n");
    writeExecutable(
      join(sandbox, "bin", "mvn"),
      [
        "#!/bin/sh",
        'for a; do case $a in -DoutputDirectory=*) echo partial > "${a#*=}/questdb-9.3.4.jar";; esac; done',
        "echo Downloading",
      ].join("\n"),
    );
    vi.stubEnv("PATH", `${join(sandbox, "bin")}:/bin:/usr/bin`);
    vi.stubEnv("JAVA_HOME", "");
    vi.stubEnv("XDG_CACHE_HOME", sandbox);
    try {
      const said: string[] = [];
      const prepared = prepareQuestdb({ only: "java", signalProgress: (line) => said.push(line) });
      await expect(prepared).rejects.toThrow("not the pinned one");
      expect(said).toContain("mvn: Downloading");
      expect(existsSync(join(sandbox, "sluice", "questdb-9.3.4.jar"))).toBe(false);
    } finally {
      vi.unstubAllEnvs();
      rmSync(sandbox, { recursive: true, force: true });
    }
  });

  test("a container is published on loopback only", () => {
    const args = containerArguments("/data/history", 0, false);
    const published = args.filter((_, at) => args[at - 1] === "--publish");
    expect(published).toEqual(["127.0.0.1::9000"]);
    expect(args.at(-1)).toBe(`questdb/questdb:${QUESTDB_VERSION}`);
    expect(args).toContain("QDB_TELEMETRY_ENABLED=false");
  });
});

function start(directory: string, httpPort = 0) {
  return startQuestdb({ ...OWN_SERVER, directory, httpPort });
}

function statusOf(directory: string) {
  return questdbStatus({ directory, configuredUrl: null });
}

/** An insert is acknowledged before it is visible; the count follows within milliseconds. */
async function untilCount(url: string, count: number): Promise<void> {
  await until(async () => (await queryQuestdb(url, "SELECT count() FROM trades")).rows[0]?.[0] === count);
}

function untilGone(pid: number): Promise<void> {
  return until(() => processBirth(pid) === null);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

/** A process of its own that starts the server from the present sources, as the command line would. */
async function spawnStarter(directory: string) {
  const bundle = join(directory, "starter.mjs");
  const server = fileURLToPath(new URL("../feeds/questdb/server.ts", import.meta.url));
  const contents = `import { startQuestdb } from ${JSON.stringify(server)};
    await startQuestdb(${JSON.stringify({ ...OWN_SERVER, directory })});`;
  const stdin = { contents, resolveDir: directory };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile: bundle, logLevel: "error" });
  return spawn(process.execPath, [bundle], { stdio: "ignore" });
}

/** Local addresses, in the kernel's notation, of the sockets on which the process listens. */
function listeningAddresses(pid: number): string[] {
  const LISTEN = "0A";
  const sockets = socketsOf(pid);
  return ["tcp", "tcp6"]
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN && sockets.has(fields[9]!))
    .map((fields) => fields[1]!.split(":")[0]!);
}

function socketsOf(pid: number): Set<string> {
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => linkTarget(`/proc/${pid}/fd/${fd}`));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function writeExecutable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

async function listen(handler: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(handler!).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

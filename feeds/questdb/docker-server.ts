/**
 * QuestDB as a Docker container: published on loopback only, its data bound to data/ and owned by the user who starts
 * it. The container is known by its id, never by its pid, which on some hosts lives in another machine.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type CommandOutcome, runCommand } from "./command.js";
import { QUESTDB_VERSION } from "./jar.js";
import type { ServerRecord } from "./record.js";
import { serverEnvironment } from "./settings.js";

const IMAGE = `questdb/questdb:${QUESTDB_VERSION}`;
const HTTP_IN_CONTAINER = 9000;
const PROBE_DEADLINE_MS = 5_000;
const COMMAND_DEADLINE_MS = 30_000;
const PULL_DEADLINE_MS = 600_000;

/** Null when a daemon answers, else why not. */
export async function dockerComplaint(): Promise<string | null> {
  const probe = await docker(["info", "--format", "{{.ServerVersion}}"], PROBE_DEADLINE_MS);
  return probe.ok ? null : probe.reason;
}

/** Pulls the image if it is missing and starts the container. Throws what Docker said. */
export async function runContainer(
  directory: string,
  httpPort: number,
  smallPages: boolean,
  say: (line: string) => void,
): Promise<ServerRecord> {
  mkdirSync(join(directory, "data"), { recursive: true });
  if (!(await docker(["image", "inspect", "--format", "{{.Id}}", IMAGE])).ok) {
    say(`Pulling ${IMAGE}.`);
    orThrow(await docker(["pull", IMAGE], PULL_DEADLINE_MS, (line) => say(`docker: ${line}`)));
  }
  // A container of that name is the remains of a server that is known to be gone: the record says nothing of it.
  await docker(["rm", containerName(directory)]);
  const id = lastLine(orThrow(await docker(containerArguments(directory, httpPort, smallPages))));
  const pid = Number(lastLine(orThrow(await docker(["inspect", "--format", "{{.State.Pid}}", id]))));
  return { how: "docker", pid, identity: id, httpPort: 0, version: QUESTDB_VERSION, startedAtMs: Date.now() };
}

/** `docker run …` for a directory: every published port is bound to loopback. Port 0 lets Docker choose. */
export function containerArguments(directory: string, httpPort: number, smallPages: boolean): string[] {
  const bindings = { http: `0.0.0.0:${HTTP_IN_CONTAINER}`, postgres: "127.0.0.1:8812" };
  const environment = Object.entries(serverEnvironment(bindings, smallPages));
  const user = process.getuid === undefined ? [] : ["--user", `${process.getuid()}:${process.getgid?.()}`];
  return [
    ...["run", "--detach", "--name", containerName(directory), ...user],
    ...["--publish", `127.0.0.1:${httpPort === 0 ? "" : httpPort}:${HTTP_IN_CONTAINER}`],
    ...["--volume", `${join(directory, "data")}:/var/lib/questdb`],
    ...environment.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    IMAGE,
  ];
}

/** The port of this machine at which the container is reached. */
export async function containerPort(record: ServerRecord): Promise<number> {
  const outcome = orThrow(await docker(["port", record.identity, `${HTTP_IN_CONTAINER}/tcp`]));
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(outcome.lines.join("\n"))?.[1] ?? 0);
  if (port === 0) throw new Error(`Docker published no port for ${IMAGE}; read \`docker logs ${record.identity}\`.`);
  return port;
}

export async function isContainerAlive(record: ServerRecord): Promise<boolean> {
  const outcome = await docker(["inspect", "--format", "{{.State.Running}}", record.identity]);
  return outcome.ok && lastLine(outcome) === "true";
}

/**
 * Stops the container, insisting after `graceMs`, and removes it; its data stays. Returns whether it had to be killed.
 */
export async function endContainer(record: ServerRecord, graceMs: number): Promise<boolean> {
  const graceS = Math.ceil(graceMs / 1000);
  orThrow(await docker(["stop", "-t", String(graceS), record.identity], graceMs + COMMAND_DEADLINE_MS));
  const code = lastLine(orThrow(await docker(["inspect", "--format", "{{.State.ExitCode}}", record.identity])));
  orThrow(await docker(["rm", record.identity]));
  return code === "137";
}

/** One directory, one container: the name is derived from the path. */
function containerName(directory: string): string {
  return `sluice-questdb-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}

function docker(
  args: readonly string[],
  deadlineMs = COMMAND_DEADLINE_MS,
  onLine?: (line: string) => void,
): Promise<CommandOutcome> {
  return runCommand("docker", args, onLine === undefined ? { deadlineMs } : { deadlineMs, onLine });
}

function orThrow(outcome: CommandOutcome): CommandOutcome {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome;
}

function lastLine(outcome: CommandOutcome): string {
  return outcome.lines.at(-1)?.trim() ?? "";
}

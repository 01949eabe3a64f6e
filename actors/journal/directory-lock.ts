/**
 * One engine to a data directory. The lock is a listening socket, which the kernel takes back the moment its process is
 * gone, however it went; no file says who holds it. Two sockets, because each closes the other's gap:
 *
 *   abstract   named by the directory's device and inode; taking it is one step, but only its network namespace sees it
 *   DIR/lock.sock   seen by every process of this kernel that sees the directory, but it outlives its owner as a file
 *
 * DIR/lock names the holder for people, and lets another host see that it may still be held: what another kernel holds
 * nobody here can test.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../engine/index.js";
import { codeOf } from "../disk/disk.js";
import { NodeDisk } from "../disk/node-disk.js";
import { writeDurably } from "../disk/whole-file.js";
import { type Host, thisHost } from "./host.js";

/** A socket's path is cut beyond this by the system. */
const SOCKET_PATH_MAX = 100;

const holderSchema = z.object({
  pid: z.int(),
  hostId: z.string(),
  host: z.string(),
  boot: z.string(),
  /** When it took the lock, ISO 8601. */
  since: z.string(),
});

export type LockHolder = z.infer<typeof holderSchema>;

export interface DirectoryLock {
  readonly directory: string;
  /** Gives the directory back; calling it again changes nothing. */
  release(): Promise<void>;
}

/** Takes a directory that is there. Throws ConfigError, naming the holder, when it is taken. */
export async function lockDirectory(directory: string, host: Host = thisHost()): Promise<DirectoryLock> {
  const anchor = openSync(directory, "r");
  const servers: Server[] = [];
  try {
    if (process.platform === "linux") servers.push(await listen(abstractName(directory), directory));
    refuseOtherHost(directory, host);
    servers.push(await listenInDirectory(directory, anchor));
    const holder: LockHolder = {
      pid: process.pid,
      hostId: host.id,
      host: host.name,
      boot: host.boot,
      since: new Date().toISOString(),
    };
    writeDurably(new NodeDisk(), holderPath(directory), new TextEncoder().encode(`${JSON.stringify(holder)}\n`));
  } catch (error) {
    await Promise.all(servers.map(close));
    closeSync(anchor);
    throw error;
  }
  return { directory, release: once(() => release(directory, servers, anchor)) };
}

/** Who says to hold a directory; null when nobody does. Says nothing about whether it lives. */
export function lockHolder(directory: string): LockHolder | null {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(readFileSync(holderPath(directory), "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function release(directory: string, servers: readonly Server[], anchor: number): Promise<void> {
  rmSync(holderPath(directory), { force: true });
  rmSync(socketPath(directory), { force: true });
  // The abstract name goes last: whoever has it finds a directory that nobody holds.
  for (const server of [...servers].reverse()) await close(server);
  closeSync(anchor);
}

/** The socket in the directory; one whose owner is gone is taken away first. */
async function listenInDirectory(directory: string, anchor: number): Promise<Server> {
  const path = socketPath(directory);
  const address = Buffer.byteLength(path) <= SOCKET_PATH_MAX ? path : `/proc/self/fd/${anchor}/lock.sock`;
  if (await answers(address)) throw inUse(directory);
  rmSync(path, { force: true });
  return listen(address, directory);
}

/** Whether a process listens there, whatever it is doing. */
function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const settle = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", (error) => settle(codeOf(error) === "EAGAIN"));
  });
}

function listen(address: string, directory: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(codeOf(error) === "EADDRINUSE" ? inUse(directory) : cannotLock(directory, error)),
    );
    server.listen(address, () => resolve(server));
  });
}

/** A holder of another kernel cannot be tested; one of an earlier start of this host is gone. */
function refuseOtherHost(directory: string, host: Host): void {
  const holder = lockHolder(directory);
  if (holder === null || holder.hostId === host.id || (holder.boot !== "" && holder.boot === host.boot)) return;
  throw new ConfigError(
    `${directory} was taken by ${describe(holder)}, and from here nobody can tell whether that one still runs: ` +
      `make sure that it does not, then remove ${holderPath(directory)}`,
  );
}

function inUse(directory: string): ConfigError {
  const holder = lockHolder(directory);
  const who = holder === null ? "another process" : describe(holder);
  return new ConfigError(`${directory} is in use by ${who}: stop it, or choose another directory with --journal DIR`);
}

const cannotLock = (directory: string, error: unknown): ConfigError =>
  new ConfigError(
    `${directory} cannot be locked (${codeOf(error) || String(error)}): choose another with --journal DIR`,
  );

const describe = ({ pid, host, since }: LockHolder): string => `process ${pid} on ${host}, since ${since}`;

function abstractName(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  return `\0sluice-journal-${dev}-${ino}`;
}

const holderPath = (directory: string): string => join(directory, "lock");
const socketPath = (directory: string): string => join(directory, "lock.sock");
const close = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

/**
 * A server that is stopped and started again keeps its port, so that whoever stores into it finds it again. Kept beside
 * its data; when somebody else has taken the port meanwhile, a free one is used.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const FIRST_PORT = 9000;

/** The port of the last start, QuestDB's own at first; 0, for any, when that is taken. */
export async function keptPort(directory: string): Promise<number> {
  const port = readKept(directory) ?? FIRST_PORT;
  return (await isFree(port)) ? port : 0;
}

export function keepPort(directory: string, url: string): void {
  writeFileSync(fileIn(directory), new URL(url).port);
}

function readKept(directory: string): number | undefined {
  try {
    const port = Number(readFileSync(fileIn(directory), "utf8"));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

const fileIn = (directory: string): string => join(directory, "http-port");

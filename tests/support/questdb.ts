/**
 * A real QuestDB server for a test: its own directory under the system's temporary one, small pages, a free port,
 * stopped and removed in any case. A machine that cannot run one skips such tests aloud, unless SLUICE_REQUIRE says
 * that it must.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type QuestdbRows, queryQuestdb } from "../../feeds/questdb/query.js";
import { prepareQuestdb, type QuestdbServer, startQuestdb, stopQuestdb } from "../../feeds/questdb/server.js";

/** Tests own the process they kill, so it is Java's and never a configured server. */
export const OWN_SERVER = { only: "java", smallPages: true, configuredUrl: null } as const;

export interface TestQuestdb extends QuestdbServer {
  query(sql: string): Promise<QuestdbRows>;
}

/**
 * Whether tests that need the service can run. False is said aloud; with the service named in SLUICE_REQUIRE it is an
 * error.
 */
export async function requireOrSkip(service: "questdb"): Promise<boolean> {
  try {
    await prepareQuestdb({ only: OWN_SERVER.only });
    return true;
  } catch (error) {
    const required = (process.env.SLUICE_REQUIRE ?? "").split(/[\s,]+/).includes(service);
    if (required) throw error;
    console.warn(`SKIPPED: tests that need ${service}. ${(error as Error).message}`);
    return false;
  }
}

/** Runs `work` with an empty directory and leaves neither the directory nor a server behind. */
export async function withQuestdbDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "sluice-questdb-"));
  try {
    return await work(directory);
  } finally {
    await stopQuestdb({ directory, configuredUrl: null });
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs `work` against a fresh server. */
export function withQuestdb<T>(work: (server: TestQuestdb) => Promise<T>): Promise<T> {
  return withQuestdbDirectory(async (directory) => {
    const server = await startQuestdb({ ...OWN_SERVER, directory });
    return work({ ...server, query: (sql) => queryQuestdb(server.url, sql) });
  });
}

/**
 * Where a server is looked for: a directory of ours, and before it a server that somebody else runs, named by
 * SLUICE_QUESTDB_URL. Sluice uses such a server and never stops it.
 */
import { queryQuestdb } from "./query.js";

const ANSWER_DEADLINE_MS = 3_000;

export interface QuestdbLocation {
  /** Holds questdb.json, questdb.log and data/. */
  readonly directory: string;
  /** A server to use rather than start; null for none. Default: SLUICE_QUESTDB_URL. */
  readonly configuredUrl?: string | null;
}

/** The address of the server to use rather than start, or null. */
export function configuredUrl({ configuredUrl: given }: QuestdbLocation): string | null {
  return (given === undefined ? process.env.SLUICE_QUESTDB_URL : given) || null;
}

/** The version of the server at `url`. Throws QuestdbUnreachable when none answers within seconds. */
export async function askVersion(url: string): Promise<string> {
  await queryQuestdb(url, "select 1", { deadlineMs: ANSWER_DEADLINE_MS });
  const { rows } = await queryQuestdb(url, "select build()", { deadlineMs: ANSWER_DEADLINE_MS });
  return /QuestDB ([\w.-]+)/.exec(String(rows[0]?.[0]))?.[1] ?? "unknown";
}

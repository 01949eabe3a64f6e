/**
 * One SQL statement to a QuestDB server over HTTP `/exec`, with a deadline. For commands, checks and tests; rows at a
 * rate go through the line protocol instead. A LONG whose digits JSON cannot hold is refused, never rounded.
 */
const DEADLINE_MS = 10_000;

/** Every answer of `/exec` has one of these; whatever has none comes from some other server. */
const REPLY_KEYS = ["dataset", "ddl", "dml", "error"];

export interface QuestdbColumn {
  readonly name: string;
  readonly type: string;
}

/** Rows as JSON gives them: numbers, strings, booleans, null; timestamps are ISO strings with microseconds. */
export interface QuestdbRows {
  readonly columns: readonly QuestdbColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Nothing that speaks QuestDB's protocol answered in time; the message names the address and the remedy. */
export class QuestdbUnreachable extends Error {
  override readonly name = "QuestdbUnreachable";
  readonly url: string;

  constructor(url: string, reason: string, cause?: unknown) {
    super(
      `QuestDB at ${url} is unreachable: ${reason}. ` +
        "See `sluice questdb status`, start one with `sluice questdb start`, or correct SLUICE_QUESTDB_URL.",
      { cause },
    );
    this.url = url;
  }
}

/**
 * The server understood the request and refused the statement. `position` is the offset into the SQL, −1 if it named
 * none.
 */
export class QuestdbRefused extends Error {
  override readonly name = "QuestdbRefused";
  readonly position: number;

  constructor(sql: string, reason: string, position: number) {
    super(`QuestDB refused a statement: ${reason} (at ${position} of: ${sql.slice(0, 200)})`);
    this.position = position;
  }
}

interface ExecReply {
  readonly columns?: readonly QuestdbColumn[];
  readonly dataset?: readonly (readonly unknown[])[];
  readonly error?: string;
  readonly position?: number;
}

/**
 * Runs one statement and returns its rows; a statement without rows returns none. Throws QuestdbUnreachable (nobody
 * there, not QuestDB, or later than `deadlineMs`) or QuestdbRefused (bad SQL, or a LONG beyond 2^53).
 */
export async function queryQuestdb(
  url: string,
  sql: string,
  { deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {},
): Promise<QuestdbRows> {
  const reply = await exec(execAddress(url, sql), url, deadlineMs);
  if (reply.error !== undefined) throw new QuestdbRefused(sql, reply.error, reply.position ?? -1);
  const result = { columns: reply.columns ?? [], rows: reply.dataset ?? [] };
  refuseRoundedLongs(sql, result);
  return result;
}

/** Quotes a table or column name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function execAddress(url: string, sql: string): URL {
  if (!URL.canParse(url)) throw new QuestdbUnreachable(url, "that is not an address; expected http://host:port");
  const address = new URL(url);
  if (address.username !== "" || address.password !== "") {
    // The address is logged and stored, so a password in it would be too.
    throw new QuestdbUnreachable(address.origin, "its address carries a user or password, which is not supported");
  }
  address.pathname = address.pathname.replace(/\/*$/, "/exec");
  address.searchParams.set("query", sql);
  return address;
}

async function exec(address: URL, url: string, deadlineMs: number): Promise<ExecReply> {
  let status: number;
  let body: string;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(deadlineMs), redirect: "error" });
    status = response.status;
    body = await response.text();
  } catch (error) {
    throw new QuestdbUnreachable(url, networkReason(error, deadlineMs), error);
  }
  const reply = parseReply(body);
  if (reply !== null) return reply;
  throw new QuestdbUnreachable(url, `what answers there is not QuestDB's /exec (HTTP ${status})`);
}

function parseReply(body: string): ExecReply | null {
  try {
    const reply: unknown = JSON.parse(body);
    const speaks = typeof reply === "object" && reply !== null && REPLY_KEYS.some((key) => key in reply);
    return speaks ? (reply as ExecReply) : null;
  } catch {
    return null;
  }
}

function networkReason(error: unknown, deadlineMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${deadlineMs} ms`;
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

function refuseRoundedLongs(sql: string, { columns, rows }: QuestdbRows): void {
  columns.forEach((column, at) => {
    if (column.type !== "LONG") return;
    const rounded = rows.some((row) => typeof row[at] === "number" && !Number.isSafeInteger(row[at]));
    if (rounded)
      throw new QuestdbRefused(sql, `${column.name} exceeds 2^53, select cast(${column.name} as string)`, -1);
  });
}

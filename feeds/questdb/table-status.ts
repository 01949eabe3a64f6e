/**
 * The tables of a server as an operator wants to see them: how many rows are visible, and whether the write-ahead log
 * still reaches the table. A suspended table keeps acknowledging writes that nobody can read, so it is a state of its
 * own.
 */
import { QuestdbRefused, queryQuestdb, quoteName } from "./query.js";

export interface TableStatus {
  readonly name: string;
  /** Visible rows; rows still in the log are not counted. */
  readonly rowCount: number;
  /**
   * `none`: the table has no log. `behind`: acknowledged transactions wait to be applied. `suspended`: they wait for an
   * operator.
   */
  readonly wal: "none" | "current" | "behind" | "suspended";
  readonly pendingTransactions: number;
  /** Why the table is suspended, in the server's words; empty otherwise. */
  readonly error: string;
}

/** All user tables by name. Throws QuestdbUnreachable when the server does not answer. */
export async function tableStatuses(url: string): Promise<TableStatus[]> {
  const { rows } = await queryQuestdb(
    url,
    "SELECT t.table_name, w.name, w.suspended, w.writerTxn, w.sequencerTxn, w.errorMessage " +
      "FROM tables() t LEFT JOIN wal_tables() w ON t.table_name = w.name ORDER BY 1",
  );
  const statuses: TableStatus[] = [];
  for (const row of rows) {
    const rowCount = await countRows(url, String(row[0]));
    if (rowCount !== null) statuses.push(describeTable(row, rowCount));
  }
  return statuses;
}

function describeTable(row: readonly unknown[], rowCount: number): TableStatus {
  const [table, logged, suspended, writerTxn, sequencerTxn, errorMessage] = row;
  const hasLog = logged !== null && logged !== "";
  const pendingTransactions = hasLog ? Number(sequencerTxn) - Number(writerTxn) : 0;
  const reached = pendingTransactions === 0 ? "current" : "behind";
  const wal = !hasLog ? "none" : suspended === true ? "suspended" : reached;
  return { name: String(table), rowCount, wal, pendingTransactions, error: String(errorMessage ?? "") };
}

/** Null when the table was dropped since it was listed. */
async function countRows(url: string, table: string): Promise<number | null> {
  try {
    const { rows } = await queryQuestdb(url, `SELECT count() FROM ${quoteName(table)}`);
    return Number(rows[0]?.[0]);
  } catch (error) {
    if (error instanceof QuestdbRefused && error.message.includes("does not exist")) return null;
    throw error;
  }
}

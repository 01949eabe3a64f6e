/**
 * The tables of the store. Each deduplicates by keys that name one record of one journal, beginning with the record's
 * own time: what is sent again after a failure replaces itself, and nothing is there twice. A table of the same name
 * and another shape is refused, never altered.
 */
import { queryQuestdb, quoteName } from "../../feeds/questdb/query.js";

type ColumnType = "TIMESTAMP" | "SYMBOL" | "VARCHAR" | "LONG" | "DOUBLE";

interface TableShape {
  /** In the order of the statement; `ts` is the designated timestamp. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly keys: readonly string[];
}

/** Prices, quantities and money are decimals of the market's; `seq` and `idx` name the record. */
const TABLES = {
  trades: {
    columns: {
      ts: "TIMESTAMP",
      venue: "SYMBOL",
      instrument: "SYMBOL",
      trade_id: "LONG",
      side: "SYMBOL",
      price: "DOUBLE",
      qty: "DOUBLE",
      venue_ts: "TIMESTAMP",
      seq: "LONG",
    },
    keys: ["ts", "venue", "instrument", "trade_id"],
  },
  quotes: {
    columns: {
      ts: "TIMESTAMP",
      venue: "SYMBOL",
      instrument: "SYMBOL",
      update_id: "LONG",
      bid: "DOUBLE",
      ask: "DOUBLE",
      bid_qty: "DOUBLE",
      ask_qty: "DOUBLE",
      seq: "LONG",
    },
    keys: ["ts", "venue", "instrument", "update_id", "seq"],
  },
  orders: {
    columns: {
      ts: "TIMESTAMP",
      client_order_id: "VARCHAR",
      seq: "LONG",
      idx: "LONG",
      strategy: "SYMBOL",
      instrument: "SYMBOL",
      venue: "SYMBOL",
      side: "SYMBOL",
      type: "SYMBOL",
      time_in_force: "SYMBOL",
      status: "SYMBOL",
      price: "DOUBLE",
      qty: "DOUBLE",
      filled_qty: "DOUBLE",
      reason: "SYMBOL",
      mode: "SYMBOL",
    },
    keys: ["ts", "client_order_id", "seq", "idx"],
  },
  fills: {
    columns: {
      ts: "TIMESTAMP",
      venue: "SYMBOL",
      trade_id: "LONG",
      seq: "LONG",
      client_order_id: "VARCHAR",
      strategy: "SYMBOL",
      instrument: "SYMBOL",
      side: "SYMBOL",
      price: "DOUBLE",
      qty: "DOUBLE",
      fee: "DOUBLE",
      realised: "DOUBLE",
      liquidity: "SYMBOL",
      mode: "SYMBOL",
    },
    keys: ["ts", "venue", "trade_id", "seq"],
  },
  positions: {
    columns: {
      ts: "TIMESTAMP",
      strategy: "SYMBOL",
      instrument: "SYMBOL",
      venue: "SYMBOL",
      seq: "LONG",
      idx: "LONG",
      qty: "DOUBLE",
      cost: "DOUBLE",
      realised: "DOUBLE",
      fees: "DOUBLE",
      mode: "SYMBOL",
    },
    keys: ["ts", "strategy", "instrument", "seq", "idx"],
  },
} as const satisfies Record<string, TableShape>;

export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

export type RowCounts = Record<TableName, number>;

export const noRows = (): RowCounts => ({ trades: 0, quotes: 0, orders: 0, fills: 0, positions: 0 });

/** A table cannot take our rows, or does not show them; the message says what to do. */
class TableFault extends Error {
  override readonly name = "TableFault";
}

/**
 * Makes the tables that are missing. Throws TableFault for one that has another shape, QuestdbUnreachable or
 * QuestdbRefused.
 */
export async function ensureTables(url: string): Promise<void> {
  for (const name of TABLE_NAMES) {
    await queryQuestdb(url, createStatement(name));
    await requireShape(url, name);
  }
}

function createStatement(name: TableName): string {
  const { columns, keys }: TableShape = TABLES[name];
  const list = Object.entries(columns).map(([column, type]) => `${quoteName(column)} ${type}`);
  return (
    `CREATE TABLE IF NOT EXISTS ${quoteName(name)} (${list.join(", ")}) ` +
    `TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(${keys.map(quoteName).join(", ")})`
  );
}

async function requireShape(url: string, name: TableName): Promise<void> {
  const { columns, keys }: TableShape = TABLES[name];
  const { rows } = await queryQuestdb(url, `SELECT "column", type, upsertKey FROM table_columns('${name}')`);
  const found = new Map(rows.map(([column, type, isKey]) => [column, { type, isKey }]));
  for (const [column, type] of Object.entries(columns)) {
    const there = found.get(column);
    const why =
      there === undefined
        ? `has no column ${column}`
        : there.type !== type
          ? `has ${column} as ${there.type}, not ${type}`
          : there.isKey !== keys.includes(column)
            ? `deduplicates by other keys (${column})`
            : null;
    if (why) throw new TableFault(`the table ${name} at ${url} ${why}; rename it, and the store makes its own`);
  }
}

const WAL_STATE = "SELECT name, suspended, sequencerTxn - writerTxn, errorMessage FROM wal_tables()";

export interface TableProgress {
  /** Acknowledged transactions that are not visible yet, of all our tables. */
  readonly pendingTransactions: number;
}

/**
 * How far the server is with what it acknowledged. Throws TableFault for a suspended table: it goes on acknowledging
 * rows that nobody can read.
 */
export async function tableProgress(url: string): Promise<TableProgress> {
  const { rows } = await queryQuestdb(url, WAL_STATE);
  let pendingTransactions = 0;
  for (const [name, suspended, pending, error] of rows) {
    if (!TABLE_NAMES.includes(name as TableName)) continue;
    if (suspended === true) {
      const reason = error ? ` (${String(error)})` : "";
      throw new TableFault(
        `the table ${name} at ${url} is suspended${reason}; remove the cause, then run: ALTER TABLE ${name} RESUME WAL`,
      );
    }
    pendingTransactions += Number(pending);
  }
  return { pendingTransactions };
}

/** Visible rows by table; `between` bounds their times, in microseconds, both ends included. */
export async function countRows(url: string, between: readonly [number, number] | null = null): Promise<RowCounts> {
  const where = between ? ` WHERE ts BETWEEN ${between[0]} AND ${between[1]}` : "";
  const counts = noRows();
  for (const name of TABLE_NAMES) {
    const { rows } = await queryQuestdb(url, `SELECT count() FROM ${quoteName(name)}${where}`);
    counts[name] = Number(rows[0]?.[0]);
  }
  return counts;
}

/**
 * How far a journal is stored on one server: a small file beside the segments, replaced whole after each confirmed
 * batch. It only saves time. Without it, or when the server holds less than it says, storing begins anew and changes
 * nothing that is there already.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { segmentPath } from "../journal/journal-directory.js";
import { JOURNAL_START } from "../journal/segment-tail.js";
import { countRows, noRows, type RowCounts, TABLE_NAMES } from "./tables.js";

const whole = z.int().min(0);

const cursorSchema = z.strictObject({
  format: z.literal(1),
  url: z.string(),
  position: z.strictObject({ segment: whole, offset: whole, crc: whole, sequence: whole }),
  rows: z.strictObject({ trades: whole, quotes: whole, orders: whole, fills: whole, positions: whole }),
  fromUs: whole.nullable(),
  toUs: whole.nullable(),
});

/** All rows before `position` are acknowledged. */
export type StoreCursor = z.infer<typeof cursorSchema>;

export function newCursor(url: string): StoreCursor {
  return { format: 1, url: origin(url), position: { ...JOURNAL_START }, rows: noRows(), fromUs: null, toUs: null };
}

/** Null when there is none, or none of use. */
export function readCursor(directory: string, url: string): StoreCursor | null {
  const path = cursorPath(directory, url);
  if (!existsSync(path)) return null;
  const result = cursorSchema.safeParse(parseJson(readFileSync(path, "utf8")));
  return result.success && result.data.url === origin(url) && reaches(directory, result.data) ? result.data : null;
}

export function writeCursor(directory: string, cursor: StoreCursor): void {
  const path = cursorPath(directory, cursor.url);
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(cursor)}\n`);
  renameSync(temporary, path);
}

/** Whether the server shows at least the rows that the cursor counts. */
export async function isHeldBy(url: string, { rows, fromUs, toUs }: StoreCursor): Promise<boolean> {
  if (fromUs === null || toUs === null) return true;
  const held = await countRows(url, [fromUs, toUs]);
  return TABLE_NAMES.every((name) => held[name] >= rows[name]);
}

export const addRows = (some: RowCounts, more: RowCounts): RowCounts => {
  const sum = noRows();
  for (const name of TABLE_NAMES) sum[name] = some[name] + more[name];
  return sum;
};

export function cursorPath(directory: string, url: string): string {
  const hash = createHash("sha256").update(origin(url)).digest("hex").slice(0, 12);
  return join(directory, `store-${hash}.json`);
}

/** Whether the journal is as long as the cursor says. */
function reaches(directory: string, { position: { segment, offset } }: StoreCursor): boolean {
  if (offset === 0) return true;
  const path = segmentPath(directory, segment);
  return existsSync(path) && statSync(path).size >= offset;
}

const origin = (url: string): string => new URL(url).origin;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

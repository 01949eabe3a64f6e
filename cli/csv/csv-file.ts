/**
 * A CSV file as text cells: comma, semicolon or tab, quoted or not, with or without a header. What the cells mean is
 * not said here; but every complaint about one names the file, the line and the column, and what stood there.
 */
import { readFileSync } from "node:fs";
import { type CsvError as ParserError, parse } from "csv-parse/sync";
import { ConfigError } from "../../engine/index.js";
import { isNumber } from "./number-cell.js";
import { readTime } from "./time-cell.js";

/** What stands in a file is not what can be computed with. */
export class CsvError extends Error {
  override readonly name = "CsvError";
}

export interface CsvFile {
  /** As messages call it. */
  readonly name: string;
  /** Null when the first line is data already. */
  readonly header: readonly string[] | null;
  /** Cells without the spaces around them; as many in every row. */
  readonly rows: readonly (readonly string[])[];
  /** Throws CsvError about the cell of a row: `quotes.csv line 17, column close was "n/a"; use a number`. */
  refuse(row: number, column: number, remedy: string): never;
}

const STDIN = "-";
const BYTE_ORDER_MARK = "\uFEFF";

/** Reads a file, or standard input for `-`. Throws ConfigError when it cannot be read, CsvError for what is in it. */
export function readCsv(path: string): CsvFile {
  const name = path === STDIN ? "stdin" : path;
  return csvFile(name, textOf(name, bytesOf(path)));
}

/** The same of a text. */
export function csvFile(name: string, text: string): CsvFile {
  const all = recordsOf(name, text);
  if (all.length === 0) throw new CsvError(`${name} is empty; it needs a line for each bar`);
  const header = isHeader(all[0]) ? all[0] : null;
  const rows = header === null ? all : all.slice(1);
  if (rows.length === 0) throw new CsvError(`${name} has a header and nothing under it; it needs a line for each bar`);
  const skipped = all.length - rows.length;
  const file: CsvFile = {
    name,
    header,
    rows,
    refuse(row, column, remedy) {
      const called = header?.[column] ? `column ${header[column]}` : `column ${column + 1}`;
      const line = lineOf(text, row + skipped);
      throw new CsvError(`${name} line ${line}, ${called} was ${JSON.stringify(rows[row][column])}; ${remedy}`);
    },
  };
  checkWidths(file, text, skipped);
  return file;
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path === STDIN ? 0 : path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a directory" : message;
    throw new ConfigError(`--csv ${path}: ${why}; give the path of a CSV file, or - for standard input`);
  }
}

function textOf(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CsvError(`${name} is not UTF-8 text; save it as CSV in UTF-8`);
  }
}

function recordsOf(name: string, text: string): string[][] {
  try {
    return parse(text, optionsFor(text));
  } catch (error) {
    const { code, lines, records, message } = error as ParserError & { lines: number; records: number };
    if (code !== "CSV_QUOTE_NOT_CLOSED") throw new CsvError(`${name} line ${lines}: ${message}`);
    const opened = records === 0 ? 1 : lineOf(text, records - 1) + 1;
    throw new CsvError(`${name} line ${opened}: a quote opens here and is never closed`);
  }
}

function optionsFor(text: string) {
  return { bom: true, delimiter: delimiterOf(text), relax_column_count: true, skip_empty_lines: true, trim: true };
}

/** A comma may stand in the numbers of a file that is parted by semicolons, and both in one parted by tabs. */
function delimiterOf(text: string): string {
  const [first] = text.replace(BYTE_ORDER_MARK, "").trimStart().split(/\r?\n/, 1);
  return ["\t", ";"].find((each) => first.includes(each)) ?? ",";
}

/** A first line without any number or time is one of names. */
function isHeader(cells: readonly string[]): boolean {
  return cells.every((cell) => !isNumber(cell) && readTime(cell) === null);
}

function checkWidths({ name, header, rows }: CsvFile, text: string, skipped: number): void {
  const width = (header ?? rows[0]).length;
  const row = rows.findIndex(({ length }) => length !== width);
  if (row < 0) return;
  const line = lineOf(text, row + skipped);
  throw new CsvError(`${name} line ${line} has ${rows[row].length} cells; the first line has ${width}`);
}

/** The line on which a record ends, from 1. It is looked up when it is needed: counting costs as much again. */
function lineOf(text: string, record: number): number {
  const records = parse(text, { ...optionsFor(text), info: true, to: record + 1 }) as unknown as {
    info: { lines: number };
  }[];
  return records[record].info.lines;
}

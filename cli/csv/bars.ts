/**
 * A CSV file as series of numbers with times. Columns are found by the names that exchanges, vendors and data frames
 * give them, in any case and order, or without a header by their places; what was inferred is said, never silent.
 */
import { ConfigError } from "../../engine/index.js";
import { CsvError, type CsvFile } from "./csv-file.js";
import { decimalsOf, isNumber, readNumber } from "./number-cell.js";
import { readTime } from "./time-cell.js";

/** Beyond this no indicator computes. */
const MAGNITUDE_MAX = 1e150;

/** Names of a column in order of preference, as `nameOf` writes them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  time: ["time", "timestamp", "datetime", "date", "opentime", "unix", "epoch", "ts", "t", "timeus", "timems", "day"],
  open: ["open", "o", "openprice"],
  high: ["high", "h", "highprice"],
  low: ["low", "l", "lowprice"],
  close: ["close", "c", "closeprice", "last", "closelast", "price", "adjclose", "adjustedclose", "value"],
  volume: ["volume", "vol", "v", "basevolume", "amount", "qty", "quantity", "size"],
  value: ["value", "close", "c", "price", "last", "adjclose"],
  price: ["price", "p", "close", "c", "last"],
  return: ["return", "returns", "ret", "logreturn", "logreturns", "simplereturn", "pnl"],
  bid: ["bid", "bidprice"],
  ask: ["ask", "askprice", "offer"],
  bidSize: ["bidsize", "bidqty", "bidvolume", "bidquantity"],
  askSize: ["asksize", "askqty", "askvolume", "askquantity"],
};

/** What the only column beside the times is, whatever its name. */
const ALONE = ["close", "value", "price"];

/** What the columns of a file without a header are taken for: with a time in front, and without. */
const PLACES: readonly (readonly string[])[] = [
  ["close"],
  ["time", "close"],
  ["open", "high", "low", "close"],
  ["open", "high", "low", "close", "volume"],
  ["time", "open", "high", "low", "close"],
  ["time", "open", "high", "low", "close", "volume"],
];

export interface Times {
  /** Since the epoch, ascending. */
  readonly ms: Float64Array;
  /** ISO 8601 in UTC. */
  readonly texts: readonly string[];
}

export interface Series {
  /** Its name in the file, or what its place was taken for. */
  readonly column: string;
  readonly values: Float64Array;
  /** Digits behind the point, at most, as they stand in the file. */
  readonly decimals: number;
}

export class Bars {
  readonly length: number;
  /** What had to be inferred, a sentence each. */
  readonly notes: readonly string[];
  /** Null when the file has none. */
  readonly times: Times | null;
  readonly #file: CsvFile;
  /** A name for each column, as it is looked for. */
  readonly #names: readonly string[];
  readonly #isReversed: boolean;

  /** Throws CsvError for times that are none or in no order, and for columns that cannot be told. */
  constructor(file: CsvFile) {
    this.#file = file;
    this.length = file.rows.length;
    const notes: string[] = [];
    this.#names = file.header ? namesOf(file.header) : placesOf(file, notes);
    const times = timesOf(file, this.#timeColumns());
    this.#isReversed = times !== null && isNewestFirst(file, times.ms, this.#timeColumns());
    if (this.#isReversed) notes.push(`${file.name} begins with its newest line: read from its end`);
    this.times = times && this.#isReversed ? { ms: times.ms.reverse(), texts: times.texts.toReversed() } : times;
    this.notes = notes;
  }

  /** Whether there is a column for an input. */
  has(input: string): boolean {
    return this.#find(input) >= 0;
  }

  /**
   * The series of an input, from the column of that name, or from the one that `column` names. Throws ConfigError when
   * there is none, CsvError for a cell that is no number, or not above 0 where `positive`.
   */
  series(input: string, column?: string, positive = false): Series {
    const at = column === undefined ? this.#find(input) : this.#named(column);
    if (at < 0) throw new ConfigError(this.#missing(input, column));
    const { rows, header } = this.#file;
    const values = new Float64Array(this.length);
    let decimals = 0;
    rows.forEach((cells, row) => {
      const value = readNumber(cells[at]);
      if (!(Math.abs(value) <= MAGNITUDE_MAX)) this.#file.refuse(row, at, numberRemedy(cells[at]));
      if (positive && value <= 0)
        this.#file.refuse(row, at, "use numbers above 0: logarithms or quotients are taken of them");
      values[row] = value;
      decimals = Math.max(decimals, decimalsOf(cells[at]));
    });
    if (this.#isReversed) values.reverse();
    return { column: header?.[at] || this.#names[at], values, decimals };
  }

  /** The names of all columns but those of the times, as the file writes them. */
  get columns(): readonly string[] {
    const times = this.#timeColumns();
    const { header } = this.#file;
    return this.#names.map((name, at) => header?.[at] || name).filter((_, at) => !times.includes(at));
  }

  #find(input: string): number {
    const wanted = NAMES[input] ?? [nameOf(input)];
    for (const name of wanted) {
      const at = this.#only(name, this.#names);
      if (at >= 0) return at;
    }
    const [only, another] = ALONE.includes(input) ? this.columns : [];
    return only !== undefined && another === undefined ? this.#named(only) : -1;
  }

  /** A column by its own name as it stands, else by what is left of that. */
  #named(column: string): number {
    const asked = column.trim().toLowerCase();
    const written = (this.#file.header ?? this.#names).map((name) => name.toLowerCase());
    return written.includes(asked) ? this.#only(asked, written) : this.#only(nameOf(column), this.#names);
  }

  /** −1 when there is none. Throws ConfigError when there are several: which of them is meant is nobody's to guess. */
  #only(name: string, names: readonly string[]): number {
    const [at = -1, another] = names.flatMap((each, index) => (each === name ? [index] : []));
    if (another === undefined) return at;
    const places = `columns ${at + 1} and ${another + 1}`;
    throw new ConfigError(`${this.#file.name} has two columns called ${name}, ${places}: give each a name of its own`);
  }

  #missing(input: string, column: string | undefined): string {
    const { name, header } = this.#file;
    const there = header ? header.filter((each) => each !== "").join(", ") : this.#names.join(", ");
    if (column !== undefined) return `${name} has no column ${JSON.stringify(column)}; it has ${there}`;
    return `${name} has no column for ${input}; it has ${there}: name one with --column ${input}=<name>`;
  }

  /** One column, or a date and a time of day; data frames leave the name of theirs empty. */
  #timeColumns(): number[] {
    const [first] = this.#file.rows;
    const [date, time] = [this.#names.indexOf("date"), this.#names.indexOf("time")];
    if (date >= 0 && time >= 0 && readTime(`${first[date]} ${first[time]}`) !== null) return [date, time];
    const at = this.#find("time");
    if (at >= 0) return [at];
    return this.#names[0] === "" && readTime(first[0]) !== null ? [0] : [];
  }
}

/** What is left of the names without what all begin with up to a dot: `Candle.Close` beside `Candle.Open` is close. */
function namesOf(header: readonly string[]): string[] {
  const prefix = /^.*\./.exec(header[0])?.[0] ?? "";
  const isShared = header.every((name) => name.startsWith(prefix));
  return header.map((name) => nameOf(isShared ? name.slice(prefix.length) : name));
}

/** Lower case, of letters and digits alone: `Adj Close` is adjclose. */
function nameOf(column: string): string {
  return column.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Taken from the places of the columns; prices that contradict it refuse it. */
function placesOf(file: CsvFile, notes: string[]): readonly string[] {
  const [first] = file.rows;
  const timed = readTime(first[0]) !== null;
  const width = Math.min(first.length, timed ? 6 : 5);
  const places = PLACES.find((each) => each.length === width && (each[0] === "time") === timed);
  const remedy = "give it a header such as time,open,high,low,close,volume";
  if (places === undefined) {
    throw new CsvError(
      `${file.name} has no header, and ${first.length} columns tell nothing by their places; ${remedy}`,
    );
  }
  const [high, low] = [places.indexOf("high"), places.indexOf("low")];
  const prices = ["open", "high", "low", "close"].map((name) => places.indexOf(name));
  const wrong = high < 0 ? -1 : file.rows.findIndex((cells) => !isBar(prices, cells));
  if (wrong >= 0) {
    const why = `as ${places.join(", ")} this is no bar, whose high is the highest and low the lowest; ${remedy}`;
    file.refuse(wrong, isTop(prices, file.rows[wrong], high) ? low : high, why);
  }
  notes.push(`${file.name} has no header: took its columns for ${places.join(", ")}`);
  return first.map((_, column) => places[column] ?? "");
}

const numbersAt = (columns: readonly number[], cells: readonly string[]): number[] =>
  columns.map((column) => readNumber(cells[column])).filter((value) => !Number.isNaN(value));

/** A cell that is no number contradicts nothing here: it is refused where it is read. */
function isBar(columns: readonly number[], cells: readonly string[]): boolean {
  const [, high, low] = columns;
  return isTop(columns, cells, high) && !numbersAt(columns, cells).some((price) => price < readNumber(cells[low]));
}

function isTop(columns: readonly number[], cells: readonly string[], high: number): boolean {
  return !numbersAt(columns, cells).some((price) => price > readNumber(cells[high]));
}

function timesOf(file: CsvFile, columns: readonly number[]): Times | null {
  if (columns.length === 0) return null;
  const ms = new Float64Array(file.rows.length);
  const texts = file.rows.map((cells, row) => {
    const time = readTime(columns.map((column) => cells[column]).join(" "));
    if (time === null)
      file.refuse(row, columns[0], "use ISO 8601 such as 2021-04-03 or 2021-04-03T12:30Z, or an epoch");
    ms[row] = time.ms;
    return time.text;
  });
  return { ms, texts };
}

/** Throws CsvError for times that go both ways. */
function isNewestFirst(file: CsvFile, ms: Float64Array, [column]: readonly number[]): boolean {
  const descends = ms[ms.length - 1] < ms[0];
  const wrong = ms.findIndex((each, row) => row > 0 && (descends ? each > ms[row - 1] : each < ms[row - 1]));
  if (wrong >= 0) file.refuse(wrong, column, "its times go back and forth: sort the lines by time");
  return descends;
}

function numberRemedy(cell: string): string {
  if (/^[\d.,\s']*,\d+$/.test(cell)) return "use a decimal point and no other signs in numbers";
  return isNumber(cell) ? "use a number of magnitude up to 1e150" : "use a number, or leave the line out";
}

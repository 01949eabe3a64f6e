/**
 * `sluice ta` over files as exchanges, vendors and data frames write them: every form of a file gives the library's
 * numbers, and what cannot be read is refused by line and column, with nothing written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Bars } from "../cli/csv/bars.js";
import { CsvError, csvFile } from "../cli/csv/csv-file.js";
import { readTime } from "../cli/csv/time-cell.js";
import type { Output } from "../cli/output.js";
import { runTaList } from "../cli/ta/list.js";
import { kebab } from "../cli/ta/names.js";
import { runTa, type TaOptions } from "../cli/ta.js";
import { ConfigError } from "../engine/index.js";
import { createIndicators, createMathCore, type IndicatorName, table } from "../wasm/index.js";
import { runCommand, withDirectory } from "./support/command.js";

const ta = createIndicators(createMathCore());
const DAY_MS = 86_400_000;

/** Days from 2021-01-04 on: time, open, high, low, close, volume. */
const days = Array.from({ length: 60 }, (_, index) => {
  const close = 100 + 10 * Math.sin(index / 5) + index / 7;
  const open = close - Math.cos(index);
  const [high, low] = [Math.max(open, close) + 1, Math.min(open, close) - 1];
  const date = new Date(Date.UTC(2021, 0, 4) + index * DAY_MS).toISOString().slice(0, 10);
  return [date, open, high, low, close, 1000 + ((index * 37) % 101)] as const;
});
const closes = Float64Array.from(days, (day) => day[4]);
const plain = csvOf(days);

function csvOf(
  rows: readonly (readonly unknown[])[],
  header: string | null = "time,open,high,low,close,volume",
): string {
  return `${[...(header === null ? [] : [header]), ...rows.map((row) => row.join(","))].join("\n")}\n`;
}

class Said implements Output {
  readonly lines: string[] = [];
  readonly values: unknown[] = [];
  readonly notes: string[] = [];
  readonly isTerminal = false;
  line = (text: string) => void this.lines.push(text);
  json = (value: unknown) => void this.values.push(value);
  note = (text: string) => void this.notes.push(text);
}

interface Result {
  readonly values: (number | null)[];
  readonly outputs: Record<string, (number | null)[]>;
  readonly times: string[] | null;
  readonly inputs: Record<string, string>;
  readonly warmUp: number;
}

/** Runs the command on a file of this text. */
function runOn(
  text: string,
  { name = "rsi", values = {}, ...options }: Partial<TaOptions> & { name?: string; values?: object } = {},
): Promise<Said & { result: Result }> {
  return withDirectory(async (directory) => {
    const csv = join(directory, "bars.csv");
    writeFileSync(csv, text);
    const said = new Said();
    try {
      runTa(name, values as Record<string, unknown>, { csv, json: true, ...options }, said);
    } catch (error) {
      (error as Error).message = (error as Error).message.replaceAll(`${directory}/`, "");
      throw error;
    }
    return Object.assign(said, { result: said.values[0] as Result });
  });
}

const nullable = (values: Float64Array) => Array.from(values, (value) => (Number.isNaN(value) ? null : value));

describe("forms of a file", () => {
  const rsi = nullable(ta.rsi(closes));
  const swapped = days.map(([time, open, high, low, close, volume]) => [volume, close, time, low, high, open]);
  const forms: readonly (readonly [what: string, text: string])[] = [
    ["a plain one", plain],
    ["semicolons", plain.replaceAll(",", ";")],
    ["tabs", plain.replaceAll(",", "\t")],
    ["the lines of Windows, and a byte order mark", `\uFEFF${plain.replaceAll("\n", "\r\n")}`],
    ["quotes around every cell", plain.replaceAll(/[^,\n]+/g, '"$&"')],
    ["spaces and empty lines", plain.replaceAll(",", " , ").replaceAll("\n", "\n\n")],
    ["another order of columns, in capitals", csvOf(swapped, "VOLUME,CLOSE,DATE,LOW,HIGH,OPEN")],
    ["short names", csvOf(days, "t,o,h,l,c,v")],
    ["a data frame's, without a name for its index", csvOf(days, ",Open,High,Low,Close,Volume")],
    ["names with a prefix", csvOf(days, "Candle.Time,Candle.Open,Candle.High,Candle.Low,Candle.Close,Candle.Volume")],
    ["no header", csvOf(days, null)],
    [
      "no header and no volume",
      csvOf(
        days.map((day) => day.slice(0, 5)),
        null,
      ),
    ],
    [
      "no header and no times",
      csvOf(
        days.map((day) => day.slice(1)),
        null,
      ),
    ],
    [
      "times and closes alone",
      csvOf(
        days.map((day) => [day[0], day[4]]),
        null,
      ),
    ],
    [
      "closes alone",
      csvOf(
        days.map((day) => [day[4]]),
        null,
      ),
    ],
    ["newest first", csvOf(days.toReversed())],
  ];

  test.each(forms)("%s", async (_, text) => {
    const { result, notes } = await runOn(text);
    expect(result.values).toEqual(rsi);
    expect(result.warmUp).toBe(14);
    expect(result.times === null || result.times[0] === "2021-01-04").toBe(true);
    const isInferred = /^\d/.test(text) || text.indexOf("2021-03-04") < text.indexOf("2021-01-04");
    expect(notes.length, notes.join()).toBe(isInferred ? 1 : 0);
  });

  test("what a file without a header was taken for is said", async () => {
    const { notes } = await runOn(csvOf(days, null));
    expect(notes).toEqual(
      ["sluice: bars.csv has no header: took its columns for time, open, high, low, close, volume"].map((note) =>
        expect.stringContaining(note.slice(8)),
      ),
    );
  });

  test("a date and a time of day in two columns", async () => {
    const split = days.map(([, ...prices], index) => ["2021-01-04", `09:${String(index).padStart(2, "0")}`, ...prices]);
    const { result } = await runOn(csvOf(split, "Date,Time,Open,High,Low,Close,Volume"));
    expect(result.times?.[59]).toBe("2021-01-04T09:59:00Z");
  });

  test("one column beside the times, whatever its name", async () => {
    const { result, notes } = await runOn(
      csvOf(
        days.map((day) => [day[0], day[4]]),
        "date,SPY",
      ),
    );
    expect(result.inputs).toEqual({ close: "SPY" });
    expect(result.values).toEqual(rsi);
    expect(notes).toEqual([]);
  });

  test("a date beside a whole time is left alone", async () => {
    const both = days.map(([date, ...prices]) => [Date.parse(date) / 1e3, date, ...prices]);
    const { result } = await runOn(csvOf(both, "time,date,open,high,low,close,volume"));
    expect(result.times?.[0]).toBe("2021-01-04T00:00:00Z");
  });

  test("a column by its own name, for one input and for one of several", async () => {
    const text = csvOf(
      days.map((day) => [...day, day[4] * 2]),
      "time,open,high,low,close,volume,Adj Close",
    );
    expect((await runOn(text, { column: ["adj close"] })).result.inputs).toEqual({ close: "Adj Close" });
    const { result } = await runOn(text, { name: "vwma", column: ["close=Adj Close"], values: { period: 2 } });
    expect(result.inputs).toEqual({ close: "Adj Close", volume: "volume" });
    expect(result.values[59]).toBeGreaterThan(150);
  });
});

test("columns that differ before a dot alone are told apart, and of two that are the same none is taken", async () => {
  const book = csvOf([[1, 7, 3]], "bids[0].price,bids[0].amount,asks[0].amount");
  const column = ["bidSize=bids[0].amount", "askSize=asks[0].amount"];
  expect((await runOn(book, { name: "imbalance", column })).result.values).toEqual([0.4]);
  const twice = csvOf(days, "time,open,high,low,close,Close");
  await expect(runOn(twice)).rejects.toThrow(
    "bars.csv has two columns called close, columns 5 and 6: give each a name",
  );
});

describe("times", () => {
  const moment = "2021-04-03T12:30:45Z";
  const epoch = Date.parse(moment);
  test.each([
    ["2021-04-03", "2021-04-03", Date.UTC(2021, 3, 3)],
    ["20210403", "2021-04-03", Date.UTC(2021, 3, 3)],
    ["2021-04-03T12:30:45Z", moment, epoch],
    ["2021-04-03 12:30:45", moment, epoch],
    ["2021-04-03T12:30:45+00:00", moment, epoch],
    ["2021-04-03T18:00:45+05:30", moment, epoch],
    ["2021-04-03 07:30:45-0500", moment, epoch],
    ["2021-04-03T12:30", "2021-04-03T12:30:00Z", epoch - 45_000],
    ["2021-04-03 12:30:45.250000", "2021-04-03T12:30:45.25Z", epoch + 250],
    ["2021-04-03 12:30:45.250 UTC", "2021-04-03T12:30:45.25Z", epoch + 250],
    [String(epoch / 1e3), moment, epoch],
    [`${epoch / 1e3}.25`, "2021-04-03T12:30:45.25Z", epoch + 250],
    [String(epoch), moment, epoch],
    [`${epoch}250`, "2021-04-03T12:30:45.00025Z", epoch + 0.25],
    [`${epoch}000001`, "2021-04-03T12:30:45.000000001Z", epoch + 1e-6],
  ])("%s is %s", (cell, text, ms) => {
    expect(readTime(cell)).toEqual({ text, ms });
  });

  test.each(["", "x", "03/04/2021", "2021-02-30", "2021-13-01", "2021-04-03T25:00", "1.5", "12", "2021-0403", "1e12"])(
    "%s is none",
    (cell) => expect(readTime(cell)).toBeNull(),
  );
});

describe("what cannot be read", () => {
  const broken = (row: number, column: number, cell: string): string =>
    csvOf(days.map((day, index) => (index === row ? day.map((each, at) => (at === column ? cell : each)) : day)));
  test.each([
    ["a word", broken(15, 4, "n/a"), 'bars.csv line 17, column close was "n/a"; use a number, or leave the line out'],
    ["nothing", broken(0, 4, ""), 'bars.csv line 2, column close was ""; use a number'],
    [
      "a comma for a point",
      plain.replaceAll(",", ";").replace(";100;1000\n", ";105,5;1000\n"),
      'column close was "105,5"; use a decimal point',
    ],
    ["an infinity", broken(3, 4, "1e999"), 'column close was "1e999"; use a number of magnitude up to 1e150'],
    [
      "an hour that is not",
      broken(7, 0, "2021-01-11T24:30"),
      'line 9, column time was "2021-01-11T24:30"; use ISO 8601',
    ],
    ["an American date", broken(2, 0, "01/06/2021"), 'line 4, column time was "01/06/2021"; use ISO 8601'],
    [
      "times in disorder",
      broken(30, 0, "2021-01-01"),
      'line 32, column time was "2021-01-01"; its times go back and forth',
    ],
    ["a missing cell", plain.replace(/,1037\n/, "\n"), "bars.csv line 3 has 5 cells; the first line has 6"],
    [
      "an open quote",
      plain.replace("2021-01-08,", '"2021-01-08,'),
      "bars.csv line 6: a quote opens here and is never closed",
    ],
    ["a quote inside a cell", plain.replace("2021-01-08,", '"2021"-01-08,'), "bars.csv line 6: Invalid Closing Quote"],
    ["nothing at all", "", "bars.csv is empty"],
    ["a header alone", "time,close\n", "bars.csv has a header and nothing under it"],
    ["bytes of another encoding", "\xff", "bars.csv"],
  ])("%s", async (what, text, message) => {
    await expect(runOn(text), what).rejects.toThrow(message);
    await expect(runOn(text)).rejects.toBeInstanceOf(what.startsWith("bytes") ? Error : CsvError);
  });

  test("the line of a complaint counts what quoted cells span", () => {
    const file = csvFile("f.csv", 'note,close\n"two\nlines",1\n\nx,y\n');
    expect(() => new Bars(file).series("close")).toThrow('f.csv line 5, column close was "y"');
  });

  test("text that is not UTF-8", () =>
    withDirectory(async (directory) => {
      const csv = join(directory, "latin.csv");
      writeFileSync(csv, Buffer.from([0x63, 0x6c, 0xf6, 0x73, 0x65, 0x0a, 0x31]));
      expect(() => runTa("rsi", {}, { csv, json: true }, new Said())).toThrow("is not UTF-8 text");
    }));

  test("columns by place that contradict themselves are not believed", async () => {
    const dealt = days.map(([time, open, high, low, close, volume]) => [time, volume, low, high, open, close]);
    await expect(runOn(csvOf(dealt, null))).rejects.toThrow(/line 1, column 3 .* this is no bar.* give it a header/);
    await expect(runOn("1,2,3\n4,5,6\n")).rejects.toThrow("has no header, and 3 columns tell nothing");
  });

  test("a column that is not there, and a file that is not", async () => {
    await expect(runOn(csvOf(days, "time,f1,f2,f3,f4,f5"))).rejects.toThrow(
      new ConfigError(
        "bars.csv has no column for close; it has time, f1, f2, f3, f4, f5: name one with --column close=<name>",
      ),
    );
    await expect(runOn(plain, { column: ["last"] })).rejects.toThrow('no column "last"');
    await expect(runOn(plain, { name: "atr", column: ["close"] })).rejects.toThrow("say which, as --column high=close");
    await expect(runOn(plain, { column: ["bid=close"] })).rejects.toThrow("there is no input bid; there are close");
    await expect(runOn(plain, { csv: "/no/such.csv" })).rejects.toThrow("--csv /no/such.csv: there is no such file");
  });

  test("a volatility of logarithms refuses a price of zero by its line", async () => {
    const text = csvOf(days.map((day, index) => (index === 9 ? [day[0], 0, 0, 0, 0, 0] : day)));
    await expect(runOn(text, { name: "realisedVolatility" })).rejects.toThrow(
      'line 11, column close was "0"; use numbers above 0',
    );
    expect((await runOn(text)).result.values[59]).not.toBeNull();
  });

  test("nothing is written when the work fails", () =>
    withDirectory(async (directory) => {
      const out = join(directory, "out");
      mkdirSync(out);
      const files = { csvOut: join(out, "a.csv"), plot: join(out, "a.svg") };
      await expect(runOn(broken(59, 4, "x"), files)).rejects.toThrow("line 61");
      expect(readdirSync(out)).toEqual([]);
      await expect(runOn(plain, { csvOut: join(directory, "no/a.csv") })).rejects.toThrow(/--csv-out .*: ENOENT/);
    }));
});

describe("every indicator of the table", () => {
  const names = Object.keys(table) as IndicatorName[];
  const columns = [
    "close",
    "high",
    "low",
    "open",
    "volume",
    "value",
    "other",
    "bid",
    "ask",
    "bidSize",
    "askSize",
    "price",
    "signedVolume",
  ];
  const others = [...new Set(names.flatMap((name) => [...table[name].inputs] as string[]))].filter(
    (input) => !columns.includes(input),
  );
  const header = ["time", ...columns, ...others];
  const rows = days.map(([time, open, high, low, close, volume]) => {
    const known = [close, high, low, open, volume, close, open, low, high, volume, volume + 7, close, volume - 1050];
    return [time, ...known, ...others.map((_, index) => close + index)];
  });
  const text = csvOf(rows, header.join(","));
  const seriesOf = (input: string) => Float64Array.from(rows, (row) => row[header.indexOf(input)] as number);

  test.each(names)("%s gives the library's numbers, and a chart of them", async (name) => {
    const batch = ta[name] as unknown as (...series: Float64Array[]) => Float64Array | Record<string, Float64Array>;
    const expected = batch(...[...table[name].inputs].map(seriesOf));
    await withDirectory(async (directory) => {
      const plot = join(directory, "chart.svg");
      const { result } = await runOn(text, { name, plot });
      if (expected instanceof Float64Array) expect(result.values).toEqual(nullable(expected));
      else
        expect(result.outputs).toEqual(
          Object.fromEntries(Object.entries(expected).map(([key, each]) => [key, nullable(each)])),
        );
      const svg = readFileSync(plot, "utf8");
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity|<script/);
    });
  });

  test("is listed as it is", () => {
    const said = new Said();
    runTaList({ json: true }, said);
    const listed = said.values[0] as { name: string; parameters: object; outputs: { name: string }[] }[];
    expect(listed.map(({ name }) => name)).toEqual(names);
    for (const { name, parameters, outputs } of listed) {
      expect(parameters).toEqual(table[name as IndicatorName].parameters);
      expect(outputs.map((output) => output.name)).toEqual(Object.keys(table[name as IndicatorName].outputs));
    }
    runTaList({ json: false }, said);
    for (const name of names)
      expect(
        said.lines.some((line) => line.startsWith(`  ${kebab(name)} `)),
        name,
      ).toBe(true);
  });
});

describe("the command", () => {
  const inFile = (work: (csv: string, directory: string) => Promise<void>) =>
    withDirectory(async (directory) => {
      const csv = join(directory, "bars.csv");
      writeFileSync(csv, plain);
      await work(csv, directory);
    });

  test("gives JSON and nothing else, also of standard output's newest rows", () =>
    inFile(async (csv) => {
      const { code, stdout, stderr } = await runCommand(["ta", "rsi", "--period", "7", "--csv", csv, "--json"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { indicator, parameters, rows, values } = JSON.parse(stdout);
      expect({ indicator, parameters, rows }).toEqual({
        indicator: "rsi",
        parameters: { period: 7, seed: "sma" },
        rows: 60,
      });
      expect(values).toEqual(nullable(ta.rsi(closes, { period: 7 })));
      const table = (await runCommand(["ta", "rsi", "--csv", csv])).stdout.split("\n");
      expect(table[2]).toMatch(/^ +time +close +rsi$/);
      expect(table.filter((line) => line.startsWith("2021-"))).toHaveLength(10);
    }));

  test("writes CSV that it can read again", () =>
    inFile(async (csv, directory) => {
      const out = join(directory, "out.csv");
      const args = ["ta", "stochastic-rsi", "--csv", csv, "--csv-out", out];
      expect(await runCommand(args)).toMatchObject({ code: 0, stdout: `wrote ${out}\n` });
      const lines = readFileSync(out, "utf8").trimEnd().split("\n");
      expect(lines[0]).toBe("time,close,k,d");
      expect(lines[1]).toBe(`2021-01-04,${closes[0]},,`);
      expect(lines[60].split(",").map(Number).slice(2)).toEqual([
        ta.stochasticRsi(closes).k[59],
        ta.stochasticRsi(closes).d[59],
      ]);
      const again = await runCommand(["ta", "sma", "--csv", out, "--json"]);
      expect(JSON.parse(again.stdout).values).toEqual(nullable(ta.sma(closes)));
    }));

  test.each([
    [["--period", "0"], 2, "option '--period <number>' argument '0' is invalid. Use an integer from 1 to 100000."],
    [["--period", "1.5"], 2, "Use an integer from 1 to 100000."],
    [["--period", "abc"], 2, "Use an integer from 1 to 100000."],
    [["--seed", "last"], 2, "Allowed choices are sma, zero."],
    [["--fast", "3"], 2, "unknown option '--fast'"],
    [["--plot", "chart.png"], 2, "end its name in .svg"],
    [["--last", "0"], 2, "it must be 1 or more"],
    [["--column", "nothing"], 2, 'no column "nothing"'],
  ])("%s is refused", (args, expectedCode, message) =>
    inFile(async (csv) => {
      const { code, stdout, stderr } = await runCommand(["ta", "rsi", "--csv", csv, ...args]);
      expect({ code, stdout }).toEqual({ code: expectedCode, stdout: "" });
      expect(stderr).toContain(message);
    }),
  );

  test("a file that is bad ends with 1, a command that is not there with 2", () =>
    inFile(async (csv, directory) => {
      writeFileSync(csv, plain.replace("\n2021-01-04,", "\nnever,"));
      const plot = join(directory, "chart.svg");
      expect(await runCommand(["ta", "rsi", "--csv", csv, "--plot", plot])).toMatchObject({
        ...{ code: 1, stdout: "" },
        stderr: expect.stringMatching(/^sluice: .*bars.csv line 2, column time was "never"; use ISO 8601.*\n$/),
      });
      expect(existsSync(plot)).toBe(false);
      expect((await runCommand(["ta", "rsy", "--csv", csv])).stderr).toMatch(/unknown command 'rsy'[\s\S]*rsi/);
    }));
});

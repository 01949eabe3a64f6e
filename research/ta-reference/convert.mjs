/**
 * Converts published indicator series into the fixtures of the tests: the test results of Stock.Indicators
 * (github.com/DaveSkender/Stock.Indicators, Apache-2.0) on the first quotes of its default.csv, and the ChartSchool
 * sheets as the ta library keeps them (github.com/bukosabino/ta, MIT).
 *
 *     node research/ta-reference/convert.mjs STOCK_INDICATORS_FOLDER TA_SHEETS_FOLDER
 *
 * Each case names the indicator, its options and, per output, the column it is to equal and a factor between them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sheetCases } from "./sheet-cases.mjs";
import { stockCases } from "./stock-cases.mjs";

const QUOTES = 250;
const fixtures = new URL("../../tests/fixtures/ta/", import.meta.url);
const [stockFolder, sheetFolder] = process.argv.slice(2);
if (!stockFolder || !sheetFolder) throw new Error("name the two folders: the results' and the sheets'");

write("stock-indicators.json", {
  source: "Stock.Indicators (github.com/DaveSkender/Stock.Indicators), Apache-2.0: its test quotes and results",
  quotes: { ...quotesOf("default"), other: quotesOf("compare").close, ...monthsOf("default") },
  cases: stockCases.map(stockCase),
});
write("chart-school.json", {
  source: "StockCharts ChartSchool sheets, as kept by ta (github.com/bukosabino/ta), MIT; numbers as they are printed",
  cases: sheetCases.map(sheetCase),
});

function quotesOf(name) {
  const { header, rows } = csvOf(join(stockFolder, `quotes/${name}.csv`));
  const column = (name) => rows.slice(0, QUOTES).map((row) => Number(row[header.indexOf(name)]));
  return Object.fromEntries(["open", "high", "low", "close", "volume"].map((name) => [name, column(name)]));
}

/** Highest high, lowest low and last close of the months that the quotes begin. */
function monthsOf(name) {
  const { header, rows } = csvOf(join(stockFolder, `quotes/${name}.csv`));
  const kept = rows.slice(0, QUOTES);
  const firsts = kept.flatMap((row, at) => (at === 0 || isNewMonth(kept[at - 1][0], row[0]) ? [at] : []));
  const column = (name) => kept.map((row) => Number(row[header.indexOf(name)]));
  const over = (name, of) => firsts.map((from, at) => of(column(name).slice(from, firsts[at + 1])));
  return {
    monthHigh: over("high", (values) => Math.max(...values)),
    monthLow: over("low", (values) => Math.min(...values)),
    monthClose: over("close", (values) => values.at(-1)),
  };
}

function isNewMonth(before, after) {
  return new Date(before).getUTCMonth() !== new Date(after).getUTCMonth();
}

function stockCase({ file, indicator, options = {}, inputs, outputs, factor = 1, off = 0, ...rest }) {
  const { skip = 0, monthly = false, late = false } = rest;
  const results = JSON.parse(readFileSync(join(stockFolder, `results/${file}.standard.json`), "utf8"));
  const kept = results.slice(skip, QUOTES);
  const rows = monthly
    ? kept.filter(({ timestamp }, at) => at === 0 || isNewMonth(kept[at - 1].timestamp, timestamp))
    : kept;
  const expected = Object.entries(outputs).map(([output, key]) => {
    const first = rows.findIndex((row) => typeof row[key] === "number");
    return [output, { first, values: rows.slice(first).map((row) => row[key]) }];
  });
  return { indicator, options, inputs, factor, off, ...(late && { late }), expected: Object.fromEntries(expected) };
}

function sheetCase({ file, indicator, options = {}, inputs, outputs, factor = 1, off = 0, from = 0, until }) {
  const { header, rows } = csvOf(join(sheetFolder, `${file}.csv`));
  const kept = rows.filter((row) => row[header.indexOf(inputs[0])] !== "");
  // Some sheets leave out closes and first volumes that nothing they print depends on; the high stands in, or 1.
  const number = (row, name) => Number(row[header.indexOf(name)] || row[header.indexOf("High")] || 1);
  const series = inputs.map((name) => kept.map((row) => number(row, name)));
  const expected = Object.entries(outputs).map(([output, name]) => {
    // What a sheet has in several columns, each filled where the others are empty, is one output here.
    const column = kept.map((row) =>
      [name]
        .flat()
        .map((each) => row[header.indexOf(each)])
        .join(""),
    );
    const first = column.findIndex((text, index) => index >= from && text !== "");
    return [output, { first, texts: column.slice(first, until) }];
  });
  return { indicator, options, series, factor, off, expected: Object.fromEntries(expected) };
}

function csvOf(file) {
  const [header, ...rows] = readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(",").map((cell) => cell.trim()));
  return { header, rows };
}

/** One case a line, so that a change shows where it is. */
function write(name, { cases, ...rest }) {
  const lines = cases.map((each) => JSON.stringify(each)).join(",\n");
  const head = JSON.stringify(rest).slice(0, -1);
  writeFileSync(new URL(name, fixtures), `${head},\n"cases":[\n${lines}\n]}\n`);
}

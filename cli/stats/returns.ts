/**
 * Returns from the columns of a file: those of a column of returns as they stand, of prices the simple returns. Which
 * of the two a column holds is told by its name and its signs, and said; an option settles it.
 */
import { ConfigError } from "../../engine/index.js";
import type { Bars, Series, Times } from "../csv/bars.js";
import type { Kind } from "./methods.js";

export interface Returns {
  readonly column: string;
  readonly values: Float64Array;
  /** One more than the values, or null where the file holds returns. */
  readonly prices: Series | null;
  /** Of the values. */
  readonly times: Times | null;
}

const RETURNS_NAME = /^(log|simple)?[\s_-]*(returns?|ret|pnl)$/i;

/** Of a column by its name, or of the one that a file of bars or returns is about. Throws ConfigError and CsvError. */
export function returnsOf(bars: Bars, column: string | undefined, kind: Kind | undefined): Returns {
  const series = seriesOf(bars, column);
  if ((kind ?? kindOf(series)) === "returns") {
    return { column: series.column, values: series.values, prices: null, times: bars.times };
  }
  const prices = bars.series("close", series.column, true);
  if (bars.length < 2) throw new ConfigError("one price gives no return; the file needs two lines or more");
  const values = new Float64Array(bars.length - 1);
  for (let row = 1; row < bars.length; row += 1) values[row - 1] = prices.values[row] / prices.values[row - 1] - 1;
  const times = bars.times && { ms: bars.times.ms.subarray(1), texts: bars.times.texts.slice(1) };
  return { column: series.column, values, prices, times };
}

/** What was taken for what, in a sentence. */
export function noteOn(columns: string, isOfPrices: boolean): string {
  return isOfPrices
    ? `took ${columns} for prices, and their simple returns (--values returns if they are returns)`
    : `took ${columns} for returns (--values prices if they are prices)`;
}

export interface Panel {
  readonly columns: readonly string[];
  readonly isOfPrices: boolean;
  /** A row a day, a column an asset, row after row. */
  readonly returns: Float64Array;
  readonly times: Times | null;
}

/** Of several columns, all of one kind; by default all of a file that is not one asset's bars. */
export function panelOf(bars: Bars, columns: readonly string[], kind: Kind | undefined): Panel {
  const isOneAsset = bars.has("close") || bars.has("return");
  const named = columns.length > 0 ? columns : isOneAsset ? [undefined] : bars.columns;
  const all = named.map((column) => returnsOf(bars, column, kind));
  const [{ values, times, prices }] = all;
  const other = all.find((each) => (each.prices === null) !== (prices === null));
  if (other) {
    const are = `${other.column} and ${all[0].column} look like prices and returns`;
    throw new ConfigError(`${are}: say which all are with --values, or pick columns with --column`);
  }
  const returns = new Float64Array(values.length * all.length);
  all.forEach((each, asset) => {
    each.values.forEach((value, row) => {
      returns[row * all.length + asset] = value;
    });
  });
  return { columns: all.map(({ column }) => column), isOfPrices: prices !== null, returns, times };
}

function seriesOf(bars: Bars, column: string | undefined): Series {
  if (column !== undefined) return bars.series("close", column);
  return bars.series(bars.has("return") ? "return" : "close");
}

function kindOf({ column, values }: Series): Kind {
  return RETURNS_NAME.test(column) || values.some((value) => value <= 0) ? "returns" : "prices";
}

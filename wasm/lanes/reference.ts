/** What the reference page says of indicators over many series, beside what the table says of each indicator. */
import type { FunctionReference } from "../reference.js";

const ROWS = "Float64Array of bars × series, rows[bar * series + column], finite and of magnitude up to 1e150";
const SERIES = "how many series, an integer from 1 to 1024";
const PARAMETERS = "those of the indicator, with its defaults and ranges";
const SOURCE = "that of the indicator";
const ORACLE = "the indicator over each series alone, bit for bit";

export const lanesReference: readonly FunctionReference[] = [
  {
    name: "ta.lanes.ema",
    meaning: "EMA over many series at once; sma, rsi, atr (high, low, close) and bollinger are called alike.",
    formula: "that of the indicator, in each column by itself",
    takes: {
      rows: `${ROWS}; one for each input`,
      series: SERIES,
      parameters: PARAMETERS,
      into: "optional: what to fill, of the shape that is returned; it may be an input",
    },
    returns: "Float64Array of the rows' length, NaN through the warm-up; of several outputs an object of such arrays",
    throws:
      "MathTypeError, MathArgumentError; MathInputError with bar and series; ArenaFullError for a state larger than " +
      "what is free of the arena; WebAssemblyMissingError",
    example: `const rows = Float64Array.of(1, 10, 2, 20, 3, 30, 4, 40); // four bars of two series
const ema = ta.lanes.ema(rows, { series: 2, period: 2 });
console.log(ema.subarray(6));`,
    source: SOURCE,
    oracle: ORACLE,
  },
  {
    name: "ta.lanes.stream.rsi",
    meaning: "RSI of many series, a bar of all of them at a time; each indicator with lanes has such a stream.",
    formula: "that of the indicator, in each column by itself",
    takes: { series: SERIES, parameters: PARAMETERS },
    returns:
      "a stream: push(row) takes a Float64Array of one number a series for each input and returns the first output's " +
      "row; a live row of each output by its name; series, ready, snapshot(), restore(bytes)",
    throws: "as the batch; a push that throws changes nothing; restore: MathStateError",
    example: `const rsi = ta.lanes.stream.rsi({ series: 2, period: 2 });
for (const row of [[1, 9], [2, 8], [3, 9], [2, 9]]) rsi.push(Float64Array.from(row));
console.log(rsi.ready, rsi.value);`,
    source: SOURCE,
    oracle: ORACLE,
  },
  {
    name: "ta.lanes.matrix",
    meaning: "Rows in the module's own memory, which batches of eight series or more read and fill without a copy.",
    formula: "none",
    takes: { bars: "an integer from 1", series: SERIES },
    returns: "Float64Array of bars × series zeros in the arena; never freed while its lanes are in use",
    throws: "MathTypeError, MathArgumentError, ArenaFullError, WebAssemblyMissingError",
    example: `const [closes, result] = [ta.lanes.matrix(3, 8), ta.lanes.matrix(3, 8)];
closes.fill(5);
ta.lanes.sma(closes, { series: 8, period: 3 }, result);
console.log(result.at(-1), ta.lanes.arenaUsed <= ta.lanes.arenaCapacity);`,
    source: "none",
    oracle: "the same batch over an array elsewhere, bit for bit",
  },
  {
    name: "createLanes",
    meaning: "Lanes with an arena of another size than that of ta.lanes, 16 MiB.",
    formula: "none",
    takes: { arenaCapacity: "bytes for streams, matrices and the state of a batch, 65 536 to 2 147 483 648" },
    returns: "what ta.lanes is; the memory is there from the first use on",
    throws: "MathTypeError, MathArgumentError",
    example: `const lanes = createLanes({ arenaCapacity: 2 ** 27 });
console.log(lanes.matrix(10_000, 64).length, lanes.arenaUsed);`,
    source: "none",
    oracle: "none",
  },
];

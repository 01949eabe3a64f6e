/** What the reference page says of the functions beside the table. */
import type { FunctionReference } from "../reference.js";

export const taReference: readonly FunctionReference[] = [
  {
    name: "levelSums",
    meaning: "Adds up the best levels of order books, so that imbalance and microprice look n levels deep.",
    formula: "sₜ = Σ sizes[t × levels + i], i = 0 … count − 1",
    takes: {
      sizes: "Float64Array of rows × levels sizes, row by row, the best level first",
      levels: "levels in a row, an integer from 1 to 10 000 that divides the length",
      count: "levels to add, from 1 to `levels`, which is the default",
    },
    returns: "Float64Array of a sum for each row, in the unit of the sizes",
    throws: "MathTypeError for another type, MathArgumentError for a number out of range or a length of no whole rows",
    example: [
      "const bids = levelSums(Float64Array.of(5, 3, 2, 4, 4, 4), 3, 2);",
      "const asks = levelSums(Float64Array.of(1, 1, 9, 8, 8, 1), 3, 2);",
      "console.log(ta.imbalance(bids, asks));",
    ].join("\n"),
    source: "the definition",
    oracle: "closed form",
  },
];

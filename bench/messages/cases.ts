/**
 * The messages that are measured: all but those that carry text, which are not for the hot path. What fields they have
 * is asked of the generated code, so that a message added to a schema is measured without a line here.
 */
import * as stock from "../../schemas/generated/sluice.js";
import * as schemas from "../../schemas/index.js";

/** Levels of a book's change, as the budget of one counts them. */
export const LEVELS = 20;

export interface MessageCase {
  readonly name: string;
  /** As writer and reader name them, in schema order; the count of levels, if there are any, left out. */
  readonly fields: readonly string[];
  /** Of those, the ones that are float64. */
  readonly doubles: readonly string[];
  /** Where its levels stand behind its first byte; 0 when it has none. */
  readonly levelsAt: number;
}

const sizes = schemas as unknown as Readonly<Record<string, number>>;
const classes = schemas as unknown as Readonly<Record<string, new () => Readonly<Record<string, number>>>>;

export function messageCases(): MessageCase[] {
  return Object.keys(stock)
    .filter((name) => `${name}Body` in stock)
    .flatMap((name) => {
      const vector = vectorOf(name);
      return vector === undefined || vector === "levels" ? [caseOf(name, vector !== undefined)] : [];
    });
}

function caseOf(name: string, hasLevels: boolean): MessageCase {
  const blank = new classes[`${name}Fields`]();
  const fields = Object.keys(blank).filter((field) => field !== "levelsCount");
  const doubles = fields.filter((field) => Number.isNaN(blank[field]));
  return { name, fields, doubles, levelsAt: hasLevels ? sizes[`${prefixOf(name)}_BYTES`] : 0 };
}

/** The vector whose count stands in the last word of the constant prefix. */
function vectorOf(name: string): string | undefined {
  const prefix = prefixOf(name);
  const countAt = sizes[`${prefix}_BYTES`] - 4;
  const count = Object.keys(sizes).find((key) => isCountOf(prefix, key) && sizes[key] === countAt);
  return count?.slice(prefix.length + 1, -"_COUNT".length).toLowerCase();
}

const isCountOf = (prefix: string, key: string): boolean => key.startsWith(`${prefix}_`) && key.endsWith("_COUNT");
const prefixOf = (name: string): string => name.replace(/(?<=[a-z0-9])([A-Z])/g, "_$1").toUpperCase();

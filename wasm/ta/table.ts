/** All indicators by name. Everything that lists, makes, documents or tests them starts here. */
import { averages } from "./averages.js";
import { microstructure } from "./microstructure.js";
import { momentum } from "./momentum.js";
import type { AnySpec } from "./spec.js";
import { statistics } from "./statistics.js";
import { trend } from "./trend.js";
import { volatility } from "./volatility.js";
import { volume } from "./volume.js";

export const table = { ...averages, ...momentum, ...volatility, ...volume, ...trend, ...statistics, ...microstructure };

export type IndicatorTable = typeof table;
export type IndicatorName = keyof IndicatorTable;

/** The same, families apart, in the order of the table. */
export const families: Readonly<Record<string, Readonly<Record<string, AnySpec>>>> = {
  averages,
  momentum,
  volatility,
  volume,
  trend,
  statistics,
  microstructure,
};

const nameByKind = new Map(Object.entries(table).map(([name, { kind }]) => [kind, name as IndicatorName]));

/** The name of the indicator whose states have this kind. */
export function nameOfKind(kind: number): IndicatorName | undefined {
  return nameByKind.get(kind);
}

/** The indicator whose states have this kind. */
export function specOfKind(kind: number): AnySpec | undefined {
  const name = nameByKind.get(kind);
  return name && table[name];
}

/** How figures are written in tables. */
import type { Percentiles } from "./latency.js";

/** Stands where there is no figure. */
export const NOTHING = "–";

/** A whole number with its thousands set apart. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, " ");

/** Nanoseconds as microseconds, to three digits. */
export function micros(ns: number | null): string {
  if (ns === null) return NOTHING;
  const us = ns / 1000;
  return us < 100 ? us.toFixed(us < 10 ? 2 : 1) : grouped(us);
}

/** p50, p90, p99, p99.9, with `fine` p99.99, and the maximum, in microseconds. */
export function percentileCells({ p50, p90, p99, p999, p9999, max }: Percentiles, fine: boolean): string[] {
  return [p50, p90, p99, p999, ...(fine ? [p9999] : []), max].map(micros);
}

export const times = (value: number): string => (value < 100 ? value.toFixed(2) : grouped(value));

/** A figure of which there may be none, with so many decimals. */
export const orNothing = (value: number | null, decimals: number): string =>
  value === null ? NOTHING : value.toFixed(decimals);

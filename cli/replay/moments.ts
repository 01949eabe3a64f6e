/** Times of a journal, microseconds since the epoch, as text and back. Everything is UTC. */
import { ConfigError } from "../../engine/index.js";

const DAY_US = 86_400_000_000;
const UNIT_US: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** Such as 2026-01-05T12:30:05.250000Z; parts of a microsecond are left out. */
export function isoTime(timeUs: number): string {
  const us = Math.floor(timeUs);
  const fraction = String(us % 1_000_000).padStart(6, "0");
  return `${new Date(Math.floor(us / 1_000_000) * 1_000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** The time of day alone, such as 12:30:05.250000. */
export const clockTime = (timeUs: number): string => isoTime(timeUs).slice(11, 26);

/** A difference with its sign, in a unit that suits it: +12.3 ms. */
export function deltaText(us: number): string {
  const sign = us < 0 ? "-" : "+";
  const size = Math.abs(us);
  if (size < 1_000) return `${sign}${rounded(size)} µs`;
  if (size < 1_000_000) return `${sign}${rounded(size / 1_000)} ms`;
  return `${sign}${rounded(size / 1_000_000)} s`;
}

const rounded = (value: number): string => String(Number(value.toFixed(3)));

/** A time as written: with a day of its own, of the journal's day, or after its first input. */
export type WrittenTime =
  | { readonly kind: "absolute"; readonly timeUs: number }
  | { readonly kind: "of-day"; readonly us: number }
  | { readonly kind: "after-start"; readonly us: number };

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d{1,6})?)?Z?$/;
const OF_DAY = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?$/;
const AFTER_START = /^\+(\d+(?:\.\d+)?)(us|ms|s|m|h)$/;

/** Null when the text is no time. */
export function readTime(text: string): WrittenTime | null {
  const after = AFTER_START.exec(text);
  if (after) return { kind: "after-start", us: Number(after[1]) * UNIT_US[after[2]] };
  const day = OF_DAY.exec(text);
  if (day) return ofDay(day);
  const iso = ISO.exec(text);
  const ms = iso ? Date.parse(`${iso[1]}T${iso[2] ?? "00:00"}Z`) : Number.NaN;
  return Number.isNaN(ms) ? null : { kind: "absolute", timeUs: ms * 1_000 + fractionUs(iso![3]) };
}

/** The moment that a written time means in a journal whose first input came at `firstUs`. */
export function resolveTime(time: WrittenTime, firstUs: number): number {
  if (time.kind === "absolute") return time.timeUs;
  if (time.kind === "after-start") return firstUs + time.us;
  return Math.floor(firstUs / DAY_US) * DAY_US + time.us;
}

/** A place in a journal: a sequence number or a time. */
export type Place = { readonly kind: "sequence"; readonly sequence: number } | WrittenTime;

/** Throws ConfigError with what a place may look like. */
export function readPlace(text: string, option: string): Place {
  if (/^[1-9]\d{0,15}$/.test(text)) return { kind: "sequence", sequence: Number(text) };
  const time = readTime(text);
  if (time !== null) return time;
  throw new ConfigError(
    `${option} takes a sequence number such as 4411, or a time such as 2026-01-05T12:30:05.25Z, 12:30:05.25 ` +
      `(of the journal's first day, UTC) or +3.5s (after its first input); was "${text}"`,
  );
}

function ofDay([, hours, minutes, seconds = "0", fraction]: RegExpExecArray): WrittenTime | null {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return { kind: "of-day", us: whole * 1_000_000 + fractionUs(fraction) };
}

const fractionUs = (text: string | undefined): number => Number((text ?? ".0").slice(1).padEnd(6, "0"));

/**
 * Cells that are times: ISO 8601 with or without a time of day and a zone, UTC where there is none, or an epoch in
 * seconds, milliseconds, microseconds or nanoseconds, told apart by their size. Nothing is guessed about 03/04/2021.
 */

export interface Time {
  /** Since the epoch. A nanosecond is finer than this holds. */
  readonly ms: number;
  /** In UTC, as exact as it was written: `2021-04-03`, or `2021-04-03T12:30:00.25Z`. */
  readonly text: string;
}

const DATE = /^(\d{4})(-?)(\d\d)\2(\d\d)$/;
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(?:(Z|UTC)|([+-])(\d\d):?(\d\d)?)?$/i;
const EPOCH = /^(\d{9,19})(?:\.(\d{1,9}))?$/;
/** Digits of an epoch until the year 5138, each unit's times a thousand the one before. */
const UNITS = [
  { digits: 11, perSecond: 1n },
  { digits: 14, perSecond: 1_000n },
  { digits: 17, perSecond: 1_000_000n },
  { digits: 19, perSecond: 1_000_000_000n },
] as const;
const NANOSECONDS = 1_000_000_000n;
const MINUTE_MS = 60_000;

/** Null for a cell that is no time. */
export function readTime(cell: string): Time | null {
  return readDate(cell) ?? readDateTime(cell) ?? readEpoch(cell);
}

function readDate(cell: string): Time | null {
  const match = DATE.exec(cell);
  if (!match) return null;
  const text = `${match[1]}-${match[3]}-${match[4]}`;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return isDay(text, ms) ? { ms, text } : null;
}

function readDateTime(cell: string): Time | null {
  const match = DATE_TIME.exec(cell);
  if (!match) return null;
  const [, day, hour, minute, second = "00", fraction = "", , sign, zoneHours = "00", zoneMinutes = "00"] = match;
  const local = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  if (!isDay(day, Date.parse(`${day}T00:00:00Z`)) || Number.isNaN(local)) return null;
  const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * MINUTE_MS;
  const ms = sign === "-" ? local + zoneMs : sign === "+" ? local - zoneMs : local;
  return momentOf(ms, fraction);
}

function readEpoch(cell: string): Time | null {
  const match = EPOCH.exec(cell);
  if (!match) return null;
  const [, whole, fraction = ""] = match;
  const { perSecond } = UNITS.find(({ digits }) => whole.length <= digits)!;
  const nanoseconds = BigInt(whole) * (NANOSECONDS / perSecond);
  const rest = perSecond === 1n ? fraction.padEnd(9, "0") : "0";
  const all = nanoseconds + BigInt(rest);
  return momentOf(Number(all / NANOSECONDS) * 1000, String(all % NANOSECONDS).padStart(9, "0"));
}

/** A whole second and the digits behind it. */
function momentOf(secondMs: number, digits: string): Time {
  const fraction = digits.replace(/0+$/, "");
  const whole = new Date(secondMs).toISOString().slice(0, "2021-04-03T12:30:00".length);
  return { ms: secondMs + Number(`0.${fraction || 0}`) * 1000, text: `${whole}${fraction && `.${fraction}`}Z` };
}

/** JavaScript takes the 30th of February for the 1st of March, or for nothing, as it likes. */
function isDay(text: string, ms: number): boolean {
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

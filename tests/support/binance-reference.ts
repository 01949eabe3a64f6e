/**
 * What a frame of Binance means, found slowly and differently: JSON.parse says whether it is JSON, regular expressions
 * take it apart, and numbers are compared as BigInt. The oracle for the decoder, which does none of this.
 */
import type { Instrument } from "../../engine/instrument.js";
import { PRICE_TICKS_MAX, type Step } from "../../engine/units.js";
import { DROPPED, FRAME_BYTES_MAX, Outcome, TIME_MS_MAX } from "../../feeds/binance/decode.js";
import { DropReason } from "../../feeds/feed-counters.js";
import { LEVELS_MAX } from "../../feeds/level-list.js";

/** The outcome, and of a market event its numbers: fields in the order below, then bids, then asks. */
export interface Meaning {
  readonly outcome: number;
  readonly numbers: readonly number[];
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const NESTING_MAX = 32;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;
const PAYLOAD_KEYS = "e s E T t U u m p q b B a A".split(" ");
const OUTER_KEYS = ["stream", "data", "result", "error", "id"];

const dropped = (reason: number): Meaning => ({ outcome: DROPPED + reason, numbers: [] });
const MALFORMED = dropped(DropReason.Malformed);

/** `text` has one character for each byte. */
export function meaningOf(text: string, instruments: readonly Instrument[]): Meaning {
  if (text.length > FRAME_BYTES_MAX) return dropped(DropReason.Oversized);
  if (!isJsonObject(text)) return MALFORMED;
  const outer = membersOf(text, [...PAYLOAD_KEYS, ...OUTER_KEYS]);
  if (!outer) return MALFORMED;
  const data = outer.get('"data"');
  if (!data?.startsWith("{")) return judge(outer, instruments, true);
  if (!outer.get('"stream"')?.startsWith('"') || PAYLOAD_KEYS.some((key) => outer.has(`"${key}"`))) return MALFORMED;
  const payload = membersOf(data, PAYLOAD_KEYS);
  return payload ? judge(payload, instruments, false) : MALFORMED;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) && nestingOf(text) <= NESTING_MAX;
  } catch {
    return false;
  }
}

function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") deepest = Math.max(deepest, (depth += 1));
    else if (token === "}" || token === "]") depth -= 1;
  }
  return deepest;
}

/** Texts of an object's values by the texts of its keys, or undefined when a key is escaped or a known one repeated. */
function membersOf(text: string, known: readonly string[]): Map<string, string> | undefined {
  const members = new Map<string, string>();
  for (const part of partsOf(text)) {
    const [key] = /^"(?:[^"\\]|\\.)*"/s.exec(part)!;
    if (key.includes("\\")) return undefined;
    if (members.has(key) && known.includes(key.slice(1, -1))) return undefined;
    members.set(key, part.slice(key.length).replace(/^[ \t\r\n]*:[ \t\r\n]*/, ""));
  }
  return members;
}

/** The texts between the outermost commas of a JSON array or object. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part: [start: number, end: number] | undefined;
  for (const { 0: token, index } of [...text.matchAll(TOKEN)].slice(1, -1)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth === 0 && token === ",") {
      parts.push(text.slice(...part!));
      part = undefined;
    } else part = [part?.[0] ?? index, index + token.length];
  }
  return part ? [...parts, text.slice(...part)] : parts;
}

function judge(members: ReadonlyMap<string, string>, instruments: readonly Instrument[], isOuter: boolean): Meaning {
  const text = (key: string) => members.get(`"${key}"`);
  const event = text("e");
  if (event === undefined) {
    if (text("B") !== undefined || text("A") !== undefined) return judgeEvent("bookTicker", text, instruments);
    if (isOuter && text("error") !== undefined) return { outcome: Outcome.Refusal, numbers: [] };
    if (isOuter && text("result") !== undefined && text("id") !== undefined)
      return { outcome: Outcome.Reply, numbers: [] };
    return dropped(DropReason.UnknownType);
  }
  const name = plainString(event);
  return name === undefined ? MALFORMED : judgeEvent(name, text, instruments);
}

const REQUIRED: Readonly<Record<string, string>> = { trade: "estETpqm", bookTicker: "subBaA", depthUpdate: "esEUuba" };
const OUTCOMES: Readonly<Record<string, number>> = {
  trade: Outcome.Trade,
  bookTicker: Outcome.Quote,
  depthUpdate: Outcome.Depth,
};

function judgeEvent(
  event: string,
  text: (key: string) => string | undefined,
  instruments: readonly Instrument[],
): Meaning {
  if (!Object.hasOwn(REQUIRED, event)) return dropped(DropReason.UnknownType);
  const symbol = plainString(text("s") ?? "");
  const instrument = instruments.find(({ venueSymbol }) => venueSymbol === symbol);
  const { tick, lot } = instrument ?? { tick: ANY, lot: ANY };
  const exact = { floor: false, low: 1 };
  const atLeastZero = { floor: false, low: 0 };
  const floored = { floor: true, low: 0 };
  const price = (key: string, rule: Rule) => bounded(decimal(text(key), tick, rule), PRICE_TICKS_MAX);
  const time = (key: string) => bounded(integer(text(key)), TIME_MS_MAX);
  let found: (Num | undefined)[];
  let levels: (Num | undefined)[] | "oversized" = [];
  if (event === "trade") {
    const flag = text("m") === "true" || text("m") === "false" ? { value: text("m") === "true" ? 1 : 0 } : undefined;
    found = [time("E"), time("T"), integer(text("t")), flag, price("p", exact), decimal(text("q"), lot, exact)];
  } else if (event === "bookTicker") {
    found = [
      integer(text("u")),
      price("b", atLeastZero),
      decimal(text("B"), lot, floored),
      price("a", atLeastZero),
      decimal(text("A"), lot, floored),
    ];
  } else {
    const [first, last] = [integer(text("U")), integer(text("u"))];
    if (first && last && !first.fault && !last.fault && first.value > last.value) first.fault = DropReason.OutOfRange;
    found = [time("E"), first, last];
    levels = sidesOf([text("b"), text("a")], tick, lot);
  }
  if (symbol === undefined || found.includes(undefined)) return MALFORMED;
  if (levels === "oversized") return dropped(DropReason.Oversized);
  if (levels.includes(undefined)) return MALFORMED;
  if (!instrument) return dropped(DropReason.WrongSymbol);
  const numbers = [...found, ...levels] as Num[];
  const faults = numbers.map(({ fault }) => fault);
  if (faults.includes(DropReason.OutOfRange)) return dropped(DropReason.OutOfRange);
  if (faults.includes(DropReason.OffTick)) return dropped(DropReason.OffTick);
  return { outcome: OUTCOMES[event], numbers: numbers.map(({ value }) => value) };
}

interface Num {
  value: number;
  fault?: number | undefined;
}
interface Rule {
  /** Whether what is finer than the step is cut off rather than refused. */
  readonly floor: boolean;
  readonly low: number;
}
const ANY: Step = { decimals: 0, units: 1, scale: 1 };

function plainString(text: string): string | undefined {
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : undefined;
}

function integer(text = ""): Num | undefined {
  if (!/^(0|[1-9]\d*)$/.test(text)) return undefined;
  return BigInt(text) > SAFE ? { value: Number.NaN, fault: DropReason.OutOfRange } : { value: Number(text) };
}

function decimal(text = "", step: Step, { floor, low }: Rule): Num | undefined {
  const [, whole, fraction = ""] = /^"(\d{1,16})(?:\.(\d{1,18}))?"$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const finest = BigInt(whole + fraction.padEnd(18, "0"));
  const unit = 10n ** BigInt(18 - step.decimals);
  if (finest / unit > SAFE) return { value: Number.NaN, fault: DropReason.OutOfRange };
  const size = unit * BigInt(step.units);
  const value = Number(finest / size);
  if (finest % size !== 0n && !floor) return { value, fault: DropReason.OffTick };
  return { value, fault: value < low ? DropReason.OutOfRange : undefined };
}

function bounded(found: Num | undefined, high: number): Num | undefined {
  if (found && found.fault === undefined && found.value > high) found.fault = DropReason.OutOfRange;
  return found;
}

/** Counts and levels of both sides; an undefined among them stands for anything that is no level. */
function sidesOf(sides: readonly (string | undefined)[], tick: Step, lot: Step): (Num | undefined)[] | "oversized" {
  const found: (Num | undefined)[] = [];
  let oversized = false;
  for (const side of sides) {
    if (!side?.startsWith("[")) return [undefined];
    const parts = partsOf(side);
    found.push({ value: parts.length });
    oversized ||= parts.length > LEVELS_MAX;
    for (const part of parts.slice(0, LEVELS_MAX)) found.push(...levelOf(part, tick, lot));
    // What comes after too many is not looked at, but must be a list to count as one.
    if (parts.length > LEVELS_MAX && !parts[LEVELS_MAX].startsWith("[")) return [undefined];
  }
  return oversized && !found.includes(undefined) ? "oversized" : found;
}

function levelOf(text: string, tick: Step, lot: Step): (Num | undefined)[] {
  const parts = text.startsWith("[") ? partsOf(text) : [];
  if (parts.length !== 2) return [undefined];
  const price = bounded(decimal(parts[0], tick, { floor: false, low: 1 }), PRICE_TICKS_MAX);
  return [price, decimal(parts[1], lot, { floor: true, low: 0 })];
}

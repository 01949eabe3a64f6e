/**
 * One recorded frame of a venue stream, split at its ids and times so that later loops of a replay can shift them.
 * Everything between the split points is the recorded text: printed without a shift, a frame is its recorded bytes.
 */

export type FrameKind = "trade" | "depth" | "bookTicker";

export interface Frame {
  /** Microseconds from the start of the capture's window to the moment the recorder received the frame. */
  readonly offsetUs: number;
  /** As the venue writes it in payloads: `BTCUSDT`. */
  readonly symbol: string;
  readonly kind: FrameKind;
  /** One more than `numbers`: the text before, between and after them. */
  readonly texts: readonly string[];
  /** In the order of the kind's numbered fields. */
  readonly numbers: readonly number[];
}

/** What a loop of the replay adds to each kind of number. */
export interface Shift {
  updateId: number;
  tradeId: number;
  timeMs: number;
}

/** The fields to shift, in the order the venue writes them. */
// biome-ignore format: a table
const NUMBERED_FIELDS: Readonly<Record<FrameKind, readonly (readonly [field: string, of: keyof Shift])[]>> = {
  trade: [["E", "timeMs"], ["t", "tradeId"], ["T", "timeMs"]],
  depth: [["E", "timeMs"], ["U", "updateId"], ["u", "updateId"]],
  bookTicker: [["u", "updateId"]],
};

/** `@depth` of the venue comes once a second; a capture holds the 100 ms stream alone, and both names carry it. */
const CHANNELS: Readonly<Record<FrameKind, readonly string[]>> = {
  trade: ["trade"],
  depth: ["depth@100ms", "depth"],
  bookTicker: ["bookTicker"],
};

const KINDS = Object.keys(CHANNELS) as FrameKind[];
const PATTERNS = Object.fromEntries(KINDS.map((kind) => [kind, pattern(kind)])) as Record<FrameKind, RegExp>;

/** The kind a channel such as `depth@100ms` carries, or undefined when the venue does not serve it. */
export function kindOfChannel(channel: string): FrameKind | undefined {
  return KINDS.find((kind) => CHANNELS[kind].includes(channel));
}

/** The streams a frame goes out on: `btcusdt@depth@100ms` and `btcusdt@depth`. */
export function streamsOf(symbol: string, kind: FrameKind): readonly string[] {
  return CHANNELS[kind].map((channel) => `${symbol.toLowerCase()}@${channel}`);
}

/** Splits a payload at its numbers. Throws when a field is missing. */
export function splitFrame(offsetUs: number, symbol: string, kind: FrameKind, payload: string): Frame {
  const parts = PATTERNS[kind].exec(payload)?.slice(1);
  if (!parts) throw new Error(`a ${kind} frame of the capture lacks an id or a time: ${payload.slice(0, 200)}`);
  return {
    offsetUs,
    symbol,
    kind,
    texts: parts.filter((_, index) => index % 2 === 0),
    numbers: parts.filter((_, index) => index % 2 === 1).map(Number),
  };
}

/** The payload with its ids and times shifted. */
export function printFrame(frame: Frame, shift: Shift): string {
  const fields = NUMBERED_FIELDS[frame.kind];
  let payload = frame.texts[0]!;
  for (let i = 0; i < fields.length; i++) payload += frame.numbers[i]! + shift[fields[i]![1]] + frame.texts[i + 1]!;
  return payload;
}

/** A recorded number of a frame, unshifted, by the venue's field name. */
export function numberOf(frame: Frame, field: string): number {
  return frame.numbers[NUMBERED_FIELDS[frame.kind].findIndex(([name]) => name === field)]!;
}

function pattern(kind: FrameKind): RegExp {
  return new RegExp(`^${NUMBERED_FIELDS[kind].map(([field]) => `(.*?"${field}":)(\\d+)`).join("")}(.*)$`, "s");
}

/**
 * How an indicator over many series is sized, made and run over bars. A bar is a row of one double a series; rows lie
 * one behind the other. The host passes the addresses of the first row of each input and of each output.
 */
import { KIND_ATR, KIND_BOLLINGER, KIND_EXPONENTIAL, KIND_RSI, KIND_SMA } from "../../ta/kinds";
import { LANES_OVERRUN } from "../../layout";
import { CANONICAL_NAN } from "../math/number";
import { isBelowLimit } from "./accepted";
import { EMA_NUMBERS, EMA_WIDTH, emaBlock } from "./exponential";
import { BOLLINGER_WIDTH, bollingerBlock, bollingerNumbers } from "./moments";
import { clear, Lanes, SEEN } from "./state";
import { RSI_NUMBERS, RSI_WIDTH, rsiBlock } from "./strength";
import { SMA_WIDTH, smaBlock, smaNumbers } from "./sums";
import { ATR_NUMBERS, ATR_WIDTH, atrBlock } from "./true-range";

/** Bytes of a state of `series` series; 0 for a kind that has none. */
export function lanesBytes(kind: i32, series: i32, period: i32): i32 {
  const width = widthOf(kind);
  if (width == 0) return 0;
  const blocks = (series + width - 1) / width;
  return <i32>offsetof<Lanes>() + blocks * blockBytes(kind, width, period);
}

/** Makes a state. `p0`, the period, and `p1` are the parameters in the table's order. */
export function lanesInit(at: usize, kind: i32, series: i32, needed: i32, p0: f64, p1: f64): void {
  const bytes = lanesBytes(kind, series, <i32>p0);
  memory.fill(at, 0, bytes);
  const s = changetype<Lanes>(at);
  s.kind = kind;
  s.bytes = bytes;
  s.needed = needed;
  s.series = series;
  s.period = <i32>p0;
  s.block = blockBytes(kind, widthOf(kind), <i32>p0);
  s.p0 = p0;
  s.p1 = p1;
  s.alpha = kind == KIND_EXPONENTIAL ? 2 / (p0 + 1) : 1 / p0;
  s.decay = 1 - s.alpha;
}

/**
 * Takes bars from the inputs `a`, `b`, `c` and writes what comes of each to the outputs `x`, `y`, `z`. Whether all
 * numbers were surely such as `lanesRefused` accepts; never during the warm-up, or where any is negative.
 */
export function lanesRun(
  at: usize, bars: i32, a: usize, b: usize, c: usize, x: usize, y: usize, z: usize, outputs: i32,
): bool {
  const s = changetype<Lanes>(at);
  const isWarm = s.count == s.needed;
  clear(SEEN, 1);
  const width = <usize>widthOf(s.kind) << 3;
  const last = max(s.stride, width) - width;
  let block = at + offsetof<Lanes>();
  for (let column: usize = 0; column < s.stride; column += width) {
    const column8 = min(column, last);
    run(s, block, bars, a + column8, b + column8, c + column8, x + column8, y + column8, z + column8);
    block += s.block;
  }
  const early = <usize>min(s.needed - 1 - s.count, bars) * s.stride;
  if (!isWarm) {
    blank(x, early);
    if (outputs > 1) blank(y, early);
    if (outputs > 2) blank(z, early);
  }
  s.count = min(s.count + bars, s.needed);
  s.position = (s.position + bars) % s.period;
  return isWarm && isBelowLimit(v128.load(SEEN));
}

/** A bar whose rows lie behind the state: three for outputs, then three for inputs. */
export function lanesPush(at: usize): void {
  const s = changetype<Lanes>(at);
  const row = <usize>max(s.series, LANES_OVERRUN) << 3;
  const x = at + s.bytes;
  const a = x + 3 * row;
  lanesRun(at, 1, a, a + row, a + 2 * row, x, x + row, x + 2 * row, 3);
}

/** No value before the warm-up is over, whatever a kernel wrote. */
function blank(at: usize, bytes: usize): void {
  for (const end = at + bytes; at != end; at += 8) store<f64>(at, CANONICAL_NAN);
}

function run(
  s: Lanes, block: usize, bars: i32, a: usize, b: usize, c: usize, x: usize, y: usize, z: usize,
): void {
  switch (s.kind) {
    case KIND_SMA: return smaBlock(s, block, bars, a, x);
    case KIND_EXPONENTIAL: return emaBlock(s, block, bars, a, x);
    case KIND_RSI: return rsiBlock(s, block, bars, a, x);
    case KIND_ATR: return atrBlock(s, block, bars, a, b, c, x);
    case KIND_BOLLINGER: return bollingerBlock(s, block, bars, a, x, y, z);
    default: unreachable();
  }
}

/** How many series a block holds. */
function widthOf(kind: i32): i32 {
  switch (kind) {
    case KIND_SMA: return SMA_WIDTH;
    case KIND_EXPONENTIAL: return EMA_WIDTH;
    case KIND_RSI: return RSI_WIDTH;
    case KIND_ATR: return ATR_WIDTH;
    case KIND_BOLLINGER: return BOLLINGER_WIDTH;
    default: return 0;
  }
}

function blockBytes(kind: i32, width: i32, period: i32): i32 {
  return (width << 3) * numbersOf(kind, period);
}

function numbersOf(kind: i32, period: i32): i32 {
  switch (kind) {
    case KIND_SMA: return smaNumbers(period);
    case KIND_EXPONENTIAL: return EMA_NUMBERS;
    case KIND_RSI: return RSI_NUMBERS;
    case KIND_ATR: return ATR_NUMBERS;
    default: return bollingerNumbers(period);
  }
}

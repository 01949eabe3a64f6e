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

// @ts-ignore: decorator
@inline const PAGE_BYTES = 4096;
// @ts-ignore: decorator
@inline const BARS_MIN = 16;

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
  s.square = s.decay * s.decay;
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
  for (let done = 0; done < bars; ) {
    const some = min(barsAtOnce(s), bars - done);
    const from = <usize>done * s.stride;
    runSome(s, some, a + from, b + from, c + from, x + from, y + from, z + from, outputs);
    done += some;
  }
  return isWarm && isBelowLimit(v128.load(SEEN));
}

/** With several blocks, about a page of pairs of rows: the next block then finds them in the nearest cache. */
function barsAtOnce(s: Lanes): i32 {
  return s.series <= widthOf(s.kind) ? i32.MAX_VALUE : max(BARS_MIN, (PAGE_BYTES / <i32>s.stride) & ~1);
}

function runSome(
  s: Lanes, bars: i32, a: usize, b: usize, c: usize, x: usize, y: usize, z: usize, outputs: i32,
): void {
  const width = <usize>widthOf(s.kind) << 3;
  const last = max(s.stride, width) - width;
  let block = changetype<usize>(s) + offsetof<Lanes>();
  for (let column: usize = 0; column < s.stride; column += width) {
    const first = min(column, last);
    run(s, block, bars, a + first, b + first, c + first, x + first, y + first, z + first);
    block += s.block;
  }
  if (s.count < s.needed) {
    const early = <usize>min(s.needed - 1 - s.count, bars) * s.stride;
    blank(x, early);
    if (outputs > 1) blank(y, early);
    if (outputs > 2) blank(z, early);
    s.count = min(s.count + bars, s.needed);
  }
  s.position = (s.position + bars) % s.period;
  s.parity = (s.parity + bars) & 1;
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

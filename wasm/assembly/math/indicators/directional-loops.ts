/**
 * Batches of the directional indicators, past their warm-up: movements and quotients two at a time, the sums that one
 * bar hands on to the next in locals. Operations and their order are those of the pushes, and so are the bits.
 */
import { Lag } from "../parts/lag";
import { next } from "../parts/part";
import { PeakWindow } from "../parts/peak-window";
import {
  both, IN0, IN1, IN2, negate, OUT0, OUT1, OUT2, OUT3, OUT4, pair, positiveParts, quotients, setPair, trueRanges,
} from "./chunk";
import { CLOSE, HIGH, LOW, MINUS, PLUS, RANGE } from "./directional";
import { first, Indicator } from "./indicator";

export function adxLoop(s: Indicator, at: usize, end: usize): void {
  const numbers = first<Lag>(s);
  const lag = next<Lag>(numbers);
  const kept = changetype<usize>(numbers) + offsetof<Lag>();
  movements(kept, at, end);
  sumMovements(kept, s.r1, at, end);
  indices(at, end);
  averageIndex(s, at, end);
  lag.run(OUT3 + at, OUT3 + end, OUT4 - OUT3);
  for (; at < end; at += 16) {
    setPair(OUT4 + at, f64x2.mul(f64x2.add(pair(OUT3 + at), pair(OUT4 + at)), both(0.5)));
  }
}

/** +DM into OUT0, −DM into OUT1, true ranges into OUT2. */
function movements(kept: usize, at: usize, end: usize): void {
  store<f64>(IN0 + at - 8, load<f64>(kept, HIGH));
  store<f64>(IN1 + at - 8, load<f64>(kept, LOW));
  store<f64>(kept, load<f64>(IN0 + end - 8), HIGH);
  store<f64>(kept, load<f64>(IN1 + end - 8), LOW);
  store<f64>(kept, trueRanges(OUT2, at, end, load<f64>(kept, CLOSE)), CLOSE);
  for (; at < end; at += 16) {
    const rise = f64x2.sub(pair(IN0 + at), pair(IN0 + at - 8));
    const fall = f64x2.sub(pair(IN1 + at - 8), pair(IN1 + at));
    setPair(OUT0 + at, v128.and(positiveParts(rise), f64x2.lt(fall, rise)));
    setPair(OUT1 + at, v128.and(positiveParts(fall), f64x2.lt(rise, fall)));
  }
}

/** Each of the three becomes Wilder's sum of it. */
function sumMovements(kept: usize, decay: f64, at: usize, end: usize): void {
  let plus = load<f64>(kept, PLUS);
  let minus = load<f64>(kept, MINUS);
  let ranges = load<f64>(kept, RANGE);
  for (; at < end; at += 8) {
    plus = plus * decay + load<f64>(OUT0 + at);
    minus = minus * decay + load<f64>(OUT1 + at);
    ranges = ranges * decay + load<f64>(OUT2 + at);
    store<f64>(OUT0 + at, plus);
    store<f64>(OUT1 + at, minus);
    store<f64>(OUT2 + at, ranges);
  }
  store<f64>(kept, plus, PLUS);
  store<f64>(kept, minus, MINUS);
  store<f64>(kept, ranges, RANGE);
}

/** The sums become +DI, −DI and DX; −1 stands for a DX without movement. */
function indices(at: usize, end: usize): void {
  for (; at < end; at += 16) {
    const plus = pair(OUT0 + at);
    const minus = pair(OUT1 + at);
    const ranges = pair(OUT2 + at);
    const sum = f64x2.add(plus, minus);
    const index = f64x2.mul(both(100), f64x2.div(f64x2.abs(f64x2.sub(plus, minus)), sum));
    setPair(OUT0 + at, f64x2.mul(both(100), quotients(plus, ranges, 0)));
    setPair(OUT1 + at, f64x2.mul(both(100), quotients(minus, ranges, 0)));
    setPair(OUT2 + at, v128.bitselect(index, both(-1), f64x2.gt(sum, both(0))));
  }
}

/** The ADX into OUT3; a DX without movement becomes the one before. */
function averageIndex(s: Indicator, at: usize, end: usize): void {
  const alpha = s.r0;
  const decay = s.r1;
  let index = s.out2;
  let average = s.out3;
  for (; at < end; at += 8) {
    const x = load<f64>(OUT2 + at);
    if (x >= 0) {
      index = x;
      average = decay * average + alpha * x;
    } else {
      store<f64>(OUT2 + at, index);
    }
    store<f64>(OUT3 + at, average);
  }
  s.out2 = index;
  s.out3 = average;
}

export function aroonLoop(s: Indicator, at: usize, end: usize): void {
  const highs = first<PeakWindow>(s);
  negate(IN1, at, end);
  highs.run(IN0 + at, IN0 + end, OUT0 - IN0);
  next<PeakWindow>(highs).run(IN1 + at, IN1 + end, OUT1 - IN1);
  const period = both(s.p0);
  for (; at < end; at += 16) {
    const up = f64x2.div(f64x2.mul(both(100), f64x2.sub(period, pair(OUT0 + at))), period);
    const down = f64x2.div(f64x2.mul(both(100), f64x2.sub(period, pair(OUT1 + at))), period);
    setPair(OUT0 + at, up);
    setPair(OUT1 + at, down);
    setPair(OUT2 + at, f64x2.sub(up, down));
  }
}

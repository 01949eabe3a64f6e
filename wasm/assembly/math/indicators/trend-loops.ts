/**
 * The batch of the parabolic stop and reverse, past its warm-up, with its numbers in locals. As in the push the short
 * side is the long one of the negated prices; operations and their order are the push's, and so are the bits.
 */
import { larger, smaller } from "../number";
import { Lag } from "../parts/lag";
import { IN0, IN1, OUT0 } from "./chunk";
import { first, Indicator } from "./indicator";

export function sarLoop(s: Indicator, at: usize, end: usize): void {
  const bars = first<Lag>(s);
  const acceleration = s.p0;
  const maximum = s.p1;
  store<f64>(IN0 + at - 8, bars.at(0));
  store<f64>(IN1 + at - 8, bars.at(1));
  let side: f64 = s.r2 > 0 ? 1 : -1;
  let sar = side * s.r0;
  let extreme = side * s.r1;
  let a = abs(s.r2);
  let bests = side > 0 ? IN0 : IN1;
  for (; at < end; at += 8) {
    const worsts = IN0 + IN1 - bests;
    const best = side * load<f64>(bests + at);
    const worst = side * load<f64>(worsts + at);
    if (worst <= sar) {
      const top = larger(side * load<f64>(bests + at - 8), best);
      const turned = larger(extreme, top);
      store<f64>(OUT0 + at, side * turned);
      sar = -larger(turned + acceleration * (worst - turned), top);
      extreme = -worst;
      a = acceleration;
      side = -side;
      bests = worsts;
      continue;
    }
    store<f64>(OUT0 + at, side * sar);
    a = either(best > extreme, smaller(a + acceleration, maximum), a);
    extreme = larger(extreme, best);
    sar = smaller(sar + a * (extreme - sar), smaller(side * load<f64>(worsts + at - 8), worst));
  }
  s.r0 = side * sar;
  s.r1 = side * extreme;
  s.r2 = side * a;
  bars.push(load<f64>(IN0 + end - 8));
  bars.push(load<f64>(IN1 + end - 8));
}

/** One of two numbers, without a branch: new extremes come at random. */
// @ts-ignore: decorator
@inline
function either(isFirst: bool, one: f64, other: f64): f64 {
  const bits = reinterpret<i64>(other);
  return reinterpret<f64>(bits ^ ((reinterpret<i64>(one) ^ bits) & -(<i64>isFirst)));
}

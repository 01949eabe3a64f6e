/**
 * RSI of eight series: 100 × gain / (gain + loss), Wilder's averages of rises and falls, 0 where both are 0. The steps
 * are those of rsiPush in math/indicators/oscillators, and so are bits and error. Block: eight of each, the price
 * before, the average rise and the average fall after the last pair of bars, until they are seeded its sums, and their
 * carries.
 */
import { copy, divide, Lanes, mostOf, productAndSum, SEEN, stepWilder } from "./state";

export const RSI_WIDTH = 8;
export const RSI_NUMBERS = 5;

// @ts-ignore: decorator
@inline const GAINS = 64;
// @ts-ignore: decorator
@inline const LOSSES = 128;
// @ts-ignore: decorator
@inline const CARRIES = 128;

// @ts-ignore: decorator
@lazy const CONSTANTS: usize = memory.data<f64>([100, f64.MIN_VALUE]);

export function rsiBlock(s: Lanes, block: usize, bars: i32, x: usize, y: usize): void {
  const stride = s.stride;
  const end = x + <usize>bars * stride;
  const seeds = s.p1 == 0 ? s.needed : 1;
  let done = 0;
  if (s.isNew) copy(block, x, 4);
  if (s.count < seeds) {
    done = min(seeds - s.count, bars);
    x = sumRows(block, x, done, stride);
    if (s.count + done < seeds) return;
    y += <usize>done * stride;
    divide(block + GAINS, 8, s.p0);
    shareRow(block, y - stride);
  }
  if (x != end && s.isBetween(done, seeds)) {
    strengthRow(s, block, x, y, true);
    x += stride;
    y += stride;
    ++done;
  }
  const pairs = <usize>((bars - done) >> 1);
  strengthPairs(s, block, x, pairs, y);
  x += 2 * pairs * stride;
  if (x != end) strengthRow(s, block, x, y + 2 * pairs * stride, false);
}

/** Sums of rises and falls. Returns where the rows end. */
function sumRows(block: usize, x: usize, bars: i32, stride: usize): usize {
  for (; bars > 0; --bars) {
    for (let at: usize = 0; at < 64; at += 16) {
      const rise = f64x2.sub(v128.load(x + at), v128.load(block + at));
      const up = f64x2.pmax(f64x2.splat(0), rise);
      v128.store(block + at, f64x2.add(v128.load(block + at, GAINS), up), GAINS);
      v128.store(block + at, f64x2.add(v128.load(block + at, LOSSES), f64x2.sub(up, rise)), LOSSES);
    }
    copy(block, x, 4);
    x += stride;
  }
  return x;
}

function shareRow(block: usize, y: usize): void {
  const hundred = v128.load64_splat(CONSTANTS);
  const least = v128.load64_splat(CONSTANTS, 8);
  for (let at: usize = 0; at < 64; at += 16) {
    v128.store(y + at, share(v128.load(block + at, GAINS), v128.load(block + at, LOSSES), hundred, least));
  }
}

/** One bar, the first or the second of a pair. */
function strengthRow(s: Lanes, block: usize, x: usize, y: usize, isSecond: bool): void {
  const fields = changetype<usize>(s);
  const alpha = v128.load64_splat(fields, offsetof<Lanes>("alpha"));
  const decay = v128.load64_splat(fields, offsetof<Lanes>("decay"));
  const square = v128.load64_splat(fields, offsetof<Lanes>("square"));
  const hundred = v128.load64_splat(CONSTANTS);
  const least = v128.load64_splat(CONSTANTS, 8);
  let seen = v128.load(SEEN);
  for (let at: usize = 0; at < 64; at += 16) {
    const now = v128.load(x + at);
    const rise = f64x2.sub(now, v128.load(block + at));
    const up = f64x2.pmax(f64x2.splat(0), rise);
    seen = mostOf(seen, now);
    const gain = stepWilder(block + at + GAINS, CARRIES, up, isSecond, alpha, decay, square);
    const down = f64x2.sub(up, rise);
    const loss = stepWilder(block + at + LOSSES, CARRIES, down, isSecond, alpha, decay, square);
    v128.store(y + at, share(gain, loss, hundred, least));
  }
  v128.store(SEEN, seen);
  copy(block, x, 4);
}

/** The second bars of pairs are written last: of fewer than eight series the first ones reach into their rows. */
function strengthPairs(s: Lanes, block: usize, x: usize, pairs: usize, y: usize): void {
  const stride = s.stride;
  const fields = changetype<usize>(s);
  const alpha = v128.load64_splat(fields, offsetof<Lanes>("alpha"));
  const decay = v128.load64_splat(fields, offsetof<Lanes>("decay"));
  const square = v128.load64_splat(fields, offsetof<Lanes>("square"));
  const hundred = v128.load64_splat(CONSTANTS);
  const least = v128.load64_splat(CONSTANTS, 8);
  let seen0 = v128.load(SEEN);
  let seen1 = seen0;
  let gain0 = v128.load(block, 64);
  let gain1 = v128.load(block, 80);
  let gain2 = v128.load(block, 96);
  let gain3 = v128.load(block, 112);
  let loss0 = v128.load(block, 128);
  let loss1 = v128.load(block, 144);
  let loss2 = v128.load(block, 160);
  let loss3 = v128.load(block, 176);
  let before = block;
  for (; pairs != 0; --pairs) {
    const next = x + stride;
    const now0 = v128.load(x);
    const rise0 = f64x2.sub(now0, v128.load(before));
    const up0 = f64x2.pmax(f64x2.splat(0), rise0);
    const gained0 = f64x2.mul(alpha, up0);
    const lost0 = f64x2.mul(alpha, f64x2.sub(up0, rise0));
    const gain0Now = productAndSum(decay, gain0, gained0);
    v128.store(y, share(gain0Now, productAndSum(decay, loss0, lost0), hundred, least));
    const then0 = v128.load(next);
    seen0 = mostOf(seen0, mostOf(now0, then0));
    const more0 = f64x2.sub(then0, now0);
    const higher0 = f64x2.pmax(f64x2.splat(0), more0);
    gain0 = productAndSum(square, gain0, productAndSum(decay, gained0, f64x2.mul(alpha, higher0)));
    loss0 = productAndSum(square, loss0, productAndSum(decay, lost0, f64x2.mul(alpha, f64x2.sub(higher0, more0))));
    const now1 = v128.load(x, 16);
    const rise1 = f64x2.sub(now1, v128.load(before, 16));
    const up1 = f64x2.pmax(f64x2.splat(0), rise1);
    const gained1 = f64x2.mul(alpha, up1);
    const lost1 = f64x2.mul(alpha, f64x2.sub(up1, rise1));
    const gain1Now = productAndSum(decay, gain1, gained1);
    v128.store(y, share(gain1Now, productAndSum(decay, loss1, lost1), hundred, least), 16);
    const then1 = v128.load(next, 16);
    seen1 = mostOf(seen1, mostOf(now1, then1));
    const more1 = f64x2.sub(then1, now1);
    const higher1 = f64x2.pmax(f64x2.splat(0), more1);
    gain1 = productAndSum(square, gain1, productAndSum(decay, gained1, f64x2.mul(alpha, higher1)));
    loss1 = productAndSum(square, loss1, productAndSum(decay, lost1, f64x2.mul(alpha, f64x2.sub(higher1, more1))));
    const now2 = v128.load(x, 32);
    const rise2 = f64x2.sub(now2, v128.load(before, 32));
    const up2 = f64x2.pmax(f64x2.splat(0), rise2);
    const gained2 = f64x2.mul(alpha, up2);
    const lost2 = f64x2.mul(alpha, f64x2.sub(up2, rise2));
    const gain2Now = productAndSum(decay, gain2, gained2);
    v128.store(y, share(gain2Now, productAndSum(decay, loss2, lost2), hundred, least), 32);
    const then2 = v128.load(next, 32);
    seen0 = mostOf(seen0, mostOf(now2, then2));
    const more2 = f64x2.sub(then2, now2);
    const higher2 = f64x2.pmax(f64x2.splat(0), more2);
    gain2 = productAndSum(square, gain2, productAndSum(decay, gained2, f64x2.mul(alpha, higher2)));
    loss2 = productAndSum(square, loss2, productAndSum(decay, lost2, f64x2.mul(alpha, f64x2.sub(higher2, more2))));
    const now3 = v128.load(x, 48);
    const rise3 = f64x2.sub(now3, v128.load(before, 48));
    const up3 = f64x2.pmax(f64x2.splat(0), rise3);
    const gained3 = f64x2.mul(alpha, up3);
    const lost3 = f64x2.mul(alpha, f64x2.sub(up3, rise3));
    const gain3Now = productAndSum(decay, gain3, gained3);
    v128.store(y, share(gain3Now, productAndSum(decay, loss3, lost3), hundred, least), 48);
    const then3 = v128.load(next, 48);
    seen1 = mostOf(seen1, mostOf(now3, then3));
    const more3 = f64x2.sub(then3, now3);
    const higher3 = f64x2.pmax(f64x2.splat(0), more3);
    gain3 = productAndSum(square, gain3, productAndSum(decay, gained3, f64x2.mul(alpha, higher3)));
    loss3 = productAndSum(square, loss3, productAndSum(decay, lost3, f64x2.mul(alpha, f64x2.sub(higher3, more3))));
    v128.store(y + stride, share(gain0, loss0, hundred, least));
    v128.store(y + stride, share(gain1, loss1, hundred, least), 16);
    v128.store(y + stride, share(gain2, loss2, hundred, least), 32);
    v128.store(y + stride, share(gain3, loss3, hundred, least), 48);
    before = next;
    x = next + stride;
    y += 2 * stride;
  }
  v128.store(SEEN, mostOf(seen0, seen1));
  copy(block, before, 4);
  v128.store(block, gain0, 64);
  v128.store(block, gain1, 80);
  v128.store(block, gain2, 96);
  v128.store(block, gain3, 112);
  v128.store(block, loss0, 128);
  v128.store(block, loss1, 144);
  v128.store(block, loss2, 160);
  v128.store(block, loss3, 176);
}

/** 0 / 0 counts as 0: `least`, above 0, takes the place of a sum of 0. */
// @ts-ignore: decorator
@inline
function share(gain: v128, loss: v128, hundred: v128, least: v128): v128 {
  return f64x2.mul(hundred, f64x2.div(gain, f64x2.pmax(least, f64x2.add(gain, loss))));
}

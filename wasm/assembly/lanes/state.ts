/**
 * The fields that the state of an indicator over many series begins with. Behind them lie its blocks: a block holds the
 * numbers of `width` neighbouring series side by side, for vectors of two. The last block ends at the last series and
 * so may repeat some of the block before, with the same numbers; of fewer series than one block is wide, it reads on
 * into the next row, and writes what the next row then overwrites. All series have the same age, and share its fields.
 *
 * Kernels load what stays the same through a loop, with load64_splat, where a splat would do: V8 makes a splat, and the
 * division behind it, anew for every bar.
 */
@unmanaged
export class Lanes {
  kind: i32;
  /** Of the fields and the blocks. */
  bytes: i32;
  /** Bars until there are values. */
  needed: i32;
  /** Bars so far; stops at `needed`. */
  count: i32;
  series: i32;
  period: i32;
  /** Where a window has its next slot. */
  position: i32;
  /** Bytes of a block. */
  block: i32;
  /** Bars so far, modulo 2. */
  parity: i32;
  p0: f64;
  p1: f64;
  /** The weight of the newest price, or in a window of each: 1 / period, but of an exponential average 2 / (n + 1). */
  alpha: f64;
  /** 1 − alpha. */
  decay: f64;
  /** Its square. */
  square: f64;

  /** Bytes from one bar to the next. */
  // @ts-ignore: decorator
  @inline
  get stride(): usize {
    return <usize>this.series << 3;
  }

  /** Whether this bar is the first. */
  // @ts-ignore: decorator
  @inline
  get isNew(): bool {
    return this.count == 0;
  }

  /** Whether the bar `bars` further on is the second of a pair, when the first bar of a pair came after `skipped`. */
  isBetween(bars: i32, skipped: i32): bool {
    return ((this.parity + bars - skipped) & 1) != 0;
  }
}

/** Where kernels keep the largest of the prices that they see, by `mostOf`. */
// @ts-ignore: decorator
@lazy export const SEEN: usize = memory.data(16, 16);

/**
 * The larger of the high halves of doubles as integers without signs, in lanes 1 and 3; of doubles of which none is
 * negative those are in order, NaN above all.
 */
// @ts-ignore: decorator
@inline
export function mostOf(seen: v128, x: v128): v128 {
  return i32x4.max_u(seen, x);
}

/** a × b + c, of two roundings. */
// @ts-ignore: decorator
@inline
export function productAndSum(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/**
 * A step of a Wilder average, as math/parts/wilder has it, of two series whose base lies at `base` and whose carry
 * `apart` bytes further on. Loops over pairs of bars hold both in locals instead.
 */
// @ts-ignore: decorator
@inline
export function stepWilder(
  base: usize, apart: usize, x: v128, isSecond: bool, alpha: v128, decay: v128, square: v128,
): v128 {
  const part = f64x2.mul(alpha, x);
  if (!isSecond) {
    v128.store(base + apart, part);
    return productAndSum(decay, v128.load(base), part);
  }
  const value = productAndSum(square, v128.load(base), productAndSum(decay, v128.load(base + apart), part));
  v128.store(base, value);
  return value;
}

/** Divides `vectors` vectors from `at` by `divisor`. */
export function divide(at: usize, vectors: i32, divisor: f64): void {
  for (const end = at + (<usize>vectors << 4); at != end; at += 16) {
    v128.store(at, f64x2.div(v128.load(at), f64x2.splat(divisor)));
  }
}

/** Copies `vectors` vectors. */
export function copy(to: usize, from: usize, vectors: i32): void {
  for (const end = to + (<usize>vectors << 4); to != end; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
}

/** Zeroes `vectors` vectors. For so few, memory.fill, which leaves the module, takes longer. */
export function clear(at: usize, vectors: i32): void {
  for (const end = at + (<usize>vectors << 4); at != end; at += 16) v128.store(at, f64x2.splat(0));
}

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
  p0: f64;
  p1: f64;
  /** The weight of the newest price, or in a window of each: 1 / period, but of an exponential average 2 / (n + 1). */
  alpha: f64;
  /** 1 − alpha. */
  decay: f64;

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
}

/** Where kernels keep the largest of the prices that they see, by `mostOf`. */
// @ts-ignore: decorator
@lazy export const SEEN: usize = memory.data(16, 16);

/** Weights, as `alpha` and `decay`, of a step that makes a plain sum, and of one that gives the value again. */
// @ts-ignore: decorator
@lazy export const SUM: usize = memory.data<f64>([1, 1]);
// @ts-ignore: decorator
@lazy export const REPEAT: usize = memory.data<f64>([0, 1]);

/**
 * The larger of the high halves of doubles as integers without signs, in lanes 1 and 3; of doubles of which none is
 * negative those are in order, NaN above all.
 */
// @ts-ignore: decorator
@inline
export function mostOf(seen: v128, x: v128): v128 {
  return i32x4.max_u(seen, x);
}

/** value = decay × value + alpha × x, as the Wilder average of one series has it. */
// @ts-ignore: decorator
@inline
export function wilder(value: v128, x: v128, alpha: v128, decay: v128): v128 {
  return f64x2.add(f64x2.mul(decay, value), f64x2.mul(alpha, x));
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

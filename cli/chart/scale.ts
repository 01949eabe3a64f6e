/** From values to places on a pane, with round values for its axis. */

export interface Scale {
  readonly min: number;
  readonly max: number;
  /** Round values inside it, ascending. */
  readonly ticks: readonly number[];
  /** Digits behind the point that tell the ticks apart. */
  readonly decimals: number;
  /** The place of a value between `top` and `bottom`. */
  at(value: number): number;
}

const STEPS = [1, 2, 2.5, 5, 10];
/** Of the pane's height, left free above and below the values. */
const MARGIN = 0.06;
const TICK_PIXELS = 44;

/** Holds all finite values of the series, and `levels`. */
export function scaleOf(
  series: readonly ArrayLike<number>[],
  levels: readonly number[],
  top: number,
  bottom: number,
): Scale {
  const [low, high] = rangeOf([...series, levels]);
  const margin = (high - low) * MARGIN || Math.abs(high) * MARGIN || 1;
  const [min, max] = [low - margin, high + margin];
  const step = stepOf((max - min) / Math.max(2, (bottom - top) / TICK_PIXELS));
  const first = Math.ceil(min / step);
  const ticks = Array.from({ length: Math.floor(max / step) - first + 1 }, (_, index) => (first + index) * step);
  const at = (value: number) => bottom - ((value - min) / (max - min)) * (bottom - top);
  return { min, max, ticks, decimals: decimalsOf(step), at };
}

function rangeOf(series: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of series) {
    for (let index = 0; index < values.length; index += 1) {
      if (values[index] < low) low = values[index];
      if (values[index] > high) high = values[index];
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * STEPS.find((each) => each * power >= least)!;
}

function decimalsOf(step: number): number {
  const digits = -Math.floor(Math.log10(step) + 1e-9);
  const isQuarter = Math.abs(step / 10 ** -digits - 2.5) < 1e-6;
  return Math.min(12, Math.max(0, digits + (isQuarter ? 1 : 0)));
}

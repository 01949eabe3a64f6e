/** Cells that are numbers, as files write them: digits with a point, perhaps a sign and an exponent, nothing else. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function isNumber(cell: string): boolean {
  return NUMBER.test(cell);
}

/** NaN for a cell that is no number. */
export function readNumber(cell: string): number {
  return NUMBER.test(cell) ? Number(cell) : Number.NaN;
}

/** Digits behind the point. */
export function decimalsOf(cell: string): number {
  return /^[+-]?\d*\.(\d+)$/.exec(cell)?.[1].length ?? 0;
}

/** Numbers as a chart writes them: a real minus, thin spaces between thousands, no more digits than tell them apart. */
const THIN_SPACE = "\u2009";

export function figure(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(value.toFixed(decimals)) !== 0 ? `−${digits}` : digits;
}

/** Digits behind the point for values of this size: about six figures in all, of whole numbers none. */
export function decimalsFor(values: ArrayLike<number>): number {
  let largest = 0;
  let isWhole = true;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    isWhole &&= Number.isInteger(value);
  }
  if (isWhole) return 0;
  return Math.min(10, Math.max(2, 5 - Math.floor(Math.log10(largest))));
}

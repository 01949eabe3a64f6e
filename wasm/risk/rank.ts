/** Where in a sorted sample its quantile lies. */

/** A place this near to a whole one is meant to be it: 1 − 0.9 is not 0.1. */
const SNAP = 1e-9;

/** Type 7 of Hyndman and Fan, 1996: (count − 1) · (1 − confidence), as a rank from 0 and what is left. */
export function rankOf(count: number, confidence: number): { readonly rank: number; readonly fraction: number } {
  const place = (count - 1) * (1 - confidence);
  const whole = Math.round(place);
  if (Math.abs(place - whole) <= SNAP) return { rank: whole, fraction: 0 };
  const rank = Math.floor(place);
  return { rank, fraction: place - rank };
}

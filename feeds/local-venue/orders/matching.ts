/**
 * Who trades how much at which price: pure functions over the true book and the recorded trades. Taking walks the
 * opposite side and does not consume it; recorded trades are shared among resting orders, better prices first, the
 * older first at one price, after the quantity that was shown ahead of them.
 */
import type { Level } from "../venue-book.js";
import { amountOf, least, wholeSteps } from "./amount.js";
import { type NewOrder, reaches, remaining, type VenueOrder } from "./order.js";

export interface Match {
  readonly price: bigint;
  readonly quantity: bigint;
}

/** What an order takes from levels of the opposite side, best first, in whole lots. */
export function takes(order: NewOrder, opposite: readonly Level[], lot: bigint, limit = order.quantity): Match[] {
  const matches: Match[] = [];
  let left = limit;
  for (const [priceText, quantityText] of opposite) {
    const price = amountOf(priceText);
    if (left === 0n || !reaches(order, price)) break;
    // A recorded book holds remainders of older lot sizes.
    const quantity = least(left, wholeSteps(amountOf(quantityText), lot));
    if (quantity === 0n) continue;
    matches.push({ price, quantity });
    left -= quantity;
  }
  return matches;
}

/** How much of a recorded trade each of the resting orders on its passive side gets, in whole lots. */
export function shareTrade(
  resting: readonly VenueOrder[],
  trade: Match,
  lot: bigint,
): (readonly [order: VenueOrder, quantity: bigint])[] {
  const shares: (readonly [VenueOrder, bigint])[] = [];
  let left = wholeSteps(trade.quantity, lot);
  for (const order of [...resting].sort(byPriority)) {
    if (!reaches(order, trade.price)) break;
    const eaten = order.price === trade.price ? least(order.queueAhead, left) : 0n;
    order.queueAhead -= eaten;
    const quantity = least(remaining(order), wholeSteps(left - eaten, lot));
    if (quantity === 0n) continue;
    shares.push([order, quantity]);
    left -= quantity;
  }
  return shares;
}

/** Better prices first, at one price the older first. All are on one side. */
function byPriority(a: VenueOrder, b: VenueOrder): number {
  if (a.price === b.price) return a.id - b.id;
  const rising = a.price > b.price ? 1 : -1;
  return a.side === "BUY" ? -rising : rising;
}

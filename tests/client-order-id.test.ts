/** The text by which a venue knows an order: short, plain, and never the same for two orders. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientOrderId, EPOCH_MAX, STRATEGY_MAX } from "../engine/orders/client-order-id.js";

const order = fc.tuple(fc.nat(EPOCH_MAX), fc.nat(STRATEGY_MAX), fc.maxSafeNat());

test("an id is at most 18 characters of [a-z0-9]", () => {
  expect(clientOrderId(EPOCH_MAX, STRATEGY_MAX, Number.MAX_SAFE_INTEGER)).toBe("zzzzzzz2gosa7pa2gv");
  expect(clientOrderId(1, 0, 36)).toBe("000100010");
  fc.assert(fc.property(order, (numbers) => /^[a-z0-9]{8,18}$/.test(clientOrderId(...numbers))));
});

test("two orders never share an id, and an id tells its order", () => {
  const read = (id: string) =>
    [id.slice(0, 4), id.slice(4, 7), id.slice(7)].map((digits) => Number.parseInt(digits, 36));
  fc.assert(
    fc.property(order, (numbers) => {
      expect(read(clientOrderId(...numbers))).toEqual(numbers);
    }),
  );
});

test("what would not fit is refused, never cut", () => {
  expect(() => clientOrderId(EPOCH_MAX + 1, 0, 1)).toThrow(/epoch .*was 1679616/);
  expect(() => clientOrderId(1, STRATEGY_MAX + 1, 1)).toThrow(/strategy .*was 46656/);
  expect(() => clientOrderId(1, 0, 2 ** 53)).toThrow(/order id .*was 9007199254740992/);
  expect(() => clientOrderId(1, 0, 1.5)).toThrow(/was 1.5/);
});

/** Decimal text, whole units and money: exact both ways against BigInt, and nothing awkward gets through. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ConfigError,
  formatMoney,
  makeInstrument,
  moneyFromText,
  unitsToNumber,
  unitsToText,
} from "../engine/index.js";
import { feeOf } from "../engine/sim/venue.js";
import { numberOf, roundToUnits } from "../engine/strategy/context.js";
import { parseStep, type Step, unitsFromText } from "../engine/units.js";
import { BTC } from "./support/engine.js";

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const AWKWARD = [
  "",
  " ",
  "1 ",
  " 1",
  "+1",
  "-1",
  "1.",
  ".5",
  "1e3",
  "0x10",
  "NaN",
  "Infinity",
  "1,5",
  "1_000",
  "١",
  "1.2.3",
  "--1",
  "0b1",
  "1n",
];

/** Decimal text, its digits without the point, and how many follow the point. */
const decimalText = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.nat({ max: 8 }), fc.bigInt({ min: 0n, max: 10n ** 8n - 1n }))
  .map(([whole, decimals, rest]) => {
    const fraction = rest.toString().padStart(8, "0").slice(0, decimals);
    return { text: decimals ? `${whole}.${fraction}` : `${whole}`, digits: BigInt(`${whole}${fraction}`), decimals };
  });
const step = fc
  .tuple(fc.nat({ max: 8 }), fc.constantFrom(1, 2, 5, 25, 50, 125))
  .map(([decimals, units]) => ({ decimals, units, scale: 10 ** decimals }));

/** Whole steps in digits × 10^-decimals, or null when there is no whole number of them below 2^53. */
function stepsOf(
  digits: bigint,
  decimals: number,
  { decimals: stepDecimals, units }: { decimals: number; units: number },
): bigint | null {
  const scaled = (digits * 10n ** 18n) / 10n ** BigInt(decimals);
  const one = (BigInt(units) * 10n ** 18n) / 10n ** BigInt(stepDecimals);
  const steps = scaled / one;
  return scaled % one === 0n && steps * BigInt(units) <= SAFE ? steps : null;
}

describe("units", () => {
  test("text becomes the exact number of steps, or NaN: never a rounded one", () => {
    fc.assert(
      fc.property(decimalText, step, ({ text, digits, decimals }, unit) => {
        const exact = stepsOf(digits, decimals, unit);
        expect(unitsFromText(text, unit)).toBe(exact === null ? Number.NaN : Number(exact));
      }),
      { numRuns: 2_000 },
    );
  });

  test("steps become text and come back", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 31 - 1 }),
        fc.nat({ max: 8 }),
        fc.constantFrom(1, 5, 25),
        (count, decimals, units) => {
          const unit = { decimals, units, scale: 10 ** decimals };
          const text = unitsToText(count, unit);
          expect(unitsFromText(text, unit)).toBe(count);
          expect(text.split(".")[1]?.length ?? 0).toBe(decimals);
        },
      ),
    );
  });

  test("a number for arithmetic is the nearest double to the decimal", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 8 }), (count, decimals) => {
        const unit = { decimals, units: 1, scale: 10 ** decimals };
        expect(unitsToNumber(count, unit)).toBe(Number(unitsToText(count, unit)));
      }),
    );
  });

  test.each(AWKWARD)("text %j is no number of steps and no step", (text) => {
    expect(unitsFromText(text, { decimals: 2, units: 1, scale: 100 })).toBeNaN();
    expect(() => parseStep(text, "tickSize")).toThrow(ConfigError);
  });

  test("a step keeps its value without trailing zeros, and zero is none", () => {
    expect(parseStep("0.0500", "tick")).toEqual({ decimals: 2, units: 5, scale: 100 });
    expect(parseStep("10", "tick")).toEqual({ decimals: 0, units: 10, scale: 1 });
    expect(() => parseStep("0.000", "tickSize of X")).toThrow(
      'tickSize of X must be a positive decimal such as "0.01", was "0.000"',
    );
  });

  test("text of steps that could not be exact is refused", () => {
    expect(() => unitsToText(Number.MAX_SAFE_INTEGER, { decimals: 0, units: 5 })).toThrow("not exact");
  });
});

/** As an order's price and quantity are read. */
function toUnits(value: number | string | undefined, unit: Step, up: boolean, what: string): number {
  const measures = Float64Array.of(typeof value === "number" ? value : numberOf(value, what));
  roundToUnits(measures, 0, unit, up, what);
  return measures[0];
}

describe("an order's units", () => {
  test("every price and quantity that a strategy can read is sent back unchanged", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 2 }), step, fc.boolean(), (count, unit, up) => {
        expect(toUnits(unitsToNumber(count, unit), unit, up, "price")).toBe(count);
        expect(toUnits(unitsToText(count, unit), unit, up, "price")).toBe(count);
      }),
      { numRuns: 2_000 },
    );
  });

  test("between two units a buy's price and a quantity go down, a sell's price up", () => {
    const cent = parseStep("0.01", "tick");
    expect([toUnits(1.239, cent, false, "price"), toUnits(1.231, cent, true, "price")]).toEqual([123, 124]);
    expect(toUnits(0.1 + 0.2, cent, true, "price")).toBe(30);
  });

  test.each([...AWKWARD, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined])("%j is refused by name", (value) => {
    expect(() => toUnits(value, parseStep("0.01", "tick"), false, "qty")).toThrow(
      "qty must be a non-negative number or decimal text",
    );
  });
});

describe("money", () => {
  test("text becomes whole units exactly, with its sign", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1 }), (money) => {
        const magnitude = BigInt(Math.abs(money)).toString().padStart(9, "0");
        const text = `${money < 0 ? "-" : ""}${magnitude.slice(0, -8)}.${magnitude.slice(-8)}`;
        expect(moneyFromText(text)).toBe(money);
      }),
    );
  });

  test("rounding for people is half away from zero, exact up to 2^53", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1 }), fc.nat({ max: 8 }), (money, decimals) => {
        expect(formatMoney(money, decimals)).toBe(formatted(BigInt(money), decimals));
      }),
      { numRuns: 2_000 },
    );
    expect([formatMoney(-1), formatMoney(500_000), formatMoney(-500_000), formatMoney(499_999)]).toEqual([
      "0.00",
      "0.01",
      "-0.01",
      "0.00",
    ]);
  });

  test.each([...AWKWARD.filter((text) => text !== "-1"), "123456789", "1.123456789", "99999999.99999999"])(
    "%j is no amount",
    (text) => {
      expect(moneyFromText(text)).toBeNaN();
    },
  );

  test("minus zero is zero", () => {
    expect(moneyFromText("-0")).toBe(0);
  });

  test("a fee is value × ppm / 10⁶ rounded half up, exactly", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 53 - 1 }), fc.nat({ max: 100_000 }), (value, ppm) => {
        expect(feeOf(value, ppm)).toBe(Number((BigInt(value) * BigInt(ppm) + 500_000n) / 1_000_000n));
      }),
      { numRuns: 2_000 },
    );
  });
});

function formatted(money: bigint, decimals: number): string {
  const unit = 10n ** BigInt(8 - decimals);
  const magnitude = money < 0n ? -money : money;
  const digits = ((magnitude * 2n + unit) / (unit * 2n)).toString().padStart(decimals + 1, "0");
  const text = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
  return money < 0n && /[1-9]/.test(text) ? `-${text}` : text;
}

describe("an instrument", () => {
  test("values of one tick times one lot are whole money units", () => {
    expect(makeInstrument(BTC, 3)).toMatchObject({
      index: 3,
      symbol: "BTC/USDT",
      base: "BTC",
      quote: "USDT",
      venue: "BINANCE",
      moneyPerTickLot: 1_000,
    });
  });

  test.each([
    [{ id: "BTCUSDT" }, "instrument id must look like BTC/USDT.BINANCE"],
    [{ tickSize: "0.00001", lotSize: "0.00001" }, "finer than 10^-8"],
    [{ tickSize: "1000000", lotSize: "1000000" }, "too coarse"],
    [{ minQty: "0.0005" }, "minQty of BTC/USDT.BINANCE must be a multiple of its lot"],
    [{ minNotional: "five" }, "minNotional of BTC/USDT.BINANCE must be an amount"],
    [{ tickSize: "0" }, "tickSize of BTC/USDT.BINANCE must be a positive decimal"],
  ])("%j is refused at start", (part, message) => {
    expect(() => makeInstrument({ ...BTC, ...part }, 0)).toThrow(message);
  });
});

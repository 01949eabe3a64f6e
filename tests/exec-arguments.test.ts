/** What may not go in is refused by name, value and range, before anything is computed or changed. */
import { describe, expect, test } from "vitest";
import { exec, MathArgumentError, MathTypeError } from "../wasm/exec/index.js";
import { FUNCTIONS, ice, plan, share } from "./exec/wrong-options.js";

describe.each(FUNCTIONS.map(([call, good, wrong]) => [call.name, call, good, wrong] as const))(
  "%s",
  (_, call, good, wrong) => {
    test("takes what is right", () => {
      expect(call(good as never)).toBeDefined();
    });

    test.each(
      Object.entries(wrong).flatMap(([name, values]) =>
        values.map(([value, message]) => [message, name, value] as const),
      ),
    )("%s", (message, name, value) => {
      const before = JSON.stringify(call(good as never));
      const act = (): unknown => call({ ...good, [name]: value } as never);
      expect(act).toThrow(message);
      expect(errorOf(act)).toSatisfy((error) => error instanceof MathArgumentError || error instanceof MathTypeError);
      expect(JSON.stringify(call(good as never))).toBe(before);
    });

    test("options that are missing, or none at all, or others than its own", () => {
      for (const none of [undefined, null, 3, [], new Float64Array(2)]) {
        expect(() => call(none as never)).toThrow(MathTypeError);
      }
      expect(() => call({ ...good, lotz: 1 } as never)).toThrow('an option was "lotz"');
      for (const name of Object.keys(good)) {
        expect(() => call({ ...good, [name]: Symbol("x") } as never)).toThrow(`${name} was of type symbol`);
      }
    });
  },
);

describe("what an order is told at each call", () => {
  const orders = [
    ["follow", exec.follow({ plan, endUs: 10 }), [5, 0, 0]],
    ["iceberg", exec.iceberg(ice), [0, 0]],
    ["pov", exec.pov({ ...share, rate: 0.5 }), [1500, 10, 0, 0]],
  ] as const;

  test.each(orders)("%s: numbers that are none, and a state that stays as it was", (_, order, good) => {
    const before = order.snapshot();
    const next = order.next.bind(order) as (...told: unknown[]) => number;
    good.forEach((_value, at) => {
      for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY, "1", undefined]) {
        expect(() => next(...good.map((each, index) => (index === at ? wrong : each)))).toThrow(/ was /);
      }
    });
    expect(order.snapshot()).toEqual(before);
    expect(next(...good)).toBeGreaterThan(0);
  });
});

describe("a history of volumes", () => {
  test.each([
    [Float64Array.of(1, 2, 3), 2, "volumes.length was 3; use 1 to 100000 times buckets, 2"],
    [new Float64Array(0), 2, "volumes.length was 0"],
    [new Float64Array(4), 2, "the sum of volumes was 0"],
    [Float64Array.of(1, -2), 2, "volumes[1] was -2"],
    [Float64Array.of(1, Number.NaN), 2, "volumes[1] was NaN"],
    [Float64Array.of(1), 0, "buckets was 0"],
    [[1, 2], 2, "volumes was of type Array"],
  ])("%s in %s buckets", (volumes, buckets, message) => {
    expect(() => exec.curveFrom(volumes as Float64Array, buckets)).toThrow(message);
  });
});

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

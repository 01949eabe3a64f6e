/**
 * What a strategy's state may hold comes back from a snapshot as it was, shared and frozen as it was; what it may not
 * hold is refused by the path to it and the remedy; and no bytes make the reader do anything but refuse.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SnapshotError } from "../engine/snapshot/byte-reader.js";
import { createMathCore, MathStateError } from "../wasm/index.js";
import { engineAlone, probe } from "./support/engine.js";
import { bytesOfState, hashOfState, refusalOfState, stateOfBytes } from "./support/state.js";

const roundTrip = (state: unknown): unknown => stateOfBytes(bytesOfState(state));

describe("a value in a strategy's state comes back as it was", () => {
  test.each<readonly [string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["true", true],
    ["false", false],
    ["a whole number", 42],
    ["minus zero", -0],
    ["a fraction", 0.1],
    ["NaN", Number.NaN],
    ["an infinity", Number.NEGATIVE_INFINITY],
    ["the smallest number", Number.MIN_VALUE],
    ["an empty text", ""],
    ["a text of Latin letters", "Grüße"],
    ["a text of other letters and half a pair", "価格 😀 \ud800"],
    ["a bigint", 123_456_789_012_345_678_901_234_567_890n],
    ["a negative bigint", -1n],
    ["a bigint of nothing", 0n],
    ["an object", { a: 1, "b c": [true], 7: null, "": undefined }],
    ["an object in an object", { a: { b: { c: {} } } }],
    ["a list", [1, "two", [3], undefined, null]],
    [
      "a map with any keys",
      new Map<unknown, unknown>([
        ["a", 1],
        [2, "b"],
        [Number.NaN, {}],
        [{ k: 1 }, [2]],
      ]),
    ],
    ["a set", new Set<unknown>([1, "a", null, { b: 2 }])],
    ["a buffer", Uint8Array.of(1, 2, 3).buffer],
    ["doubles", Float64Array.of(0.1, -0, Number.NaN)],
    ["floats", Float32Array.of(1.5, -2)],
    ["bytes", Uint8Array.of(0, 255)],
    ["clamped bytes", Uint8ClampedArray.of(0, 255)],
    ["signed bytes", Int8Array.of(-128, 127)],
    ["short words", Int16Array.of(-1, 1)],
    ["unsigned short words", Uint16Array.of(65_535)],
    ["words", Int32Array.of(-1)],
    ["unsigned words", Uint32Array.of(4_294_967_295)],
    ["long words", BigInt64Array.of(-1n)],
    ["unsigned long words", BigUint64Array.of(2n ** 64n - 1n)],
    ["a data view", new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2)],
    ["an empty view", new Float64Array(0)],
  ])("%s", (_what, value) => {
    expect(refusalOfState({ value })).toBe("");
    const back = (roundTrip({ value }) as { value: unknown }).value;
    expect(back).toStrictEqual(value);
    expect(hashOfState({ value: back })).toBe(hashOfState({ value }));
    expect(bytesOfState({ value: back })).toEqual(bytesOfState({ value }));
  });

  test("an object without a prototype, and one with a property named __proto__", () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(Object.getPrototypeOf(roundTrip(bare))).toBeNull();
    const odd = roundTrip(JSON.parse('{"__proto__": {"a": 1}}')) as object;
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
    expect(Object.hasOwn(odd, "__proto__")).toBe(true);
  });

  test("properties keep their order", () => {
    const state = { z: 1, a: 2, 10: 3, 9: 4 };
    expect(Object.keys(roundTrip(state) as object)).toEqual(Object.keys(state));
  });

  test("what was frozen is frozen, what was open is open", () => {
    const state = { frozen: Object.freeze({ a: Object.freeze([1]), b: {} }), open: [1], set: Object.freeze(new Set()) };
    const back = roundTrip(state) as typeof state;
    expect([back.frozen, back.frozen.a, back.set].every(Object.isFrozen)).toBe(true);
    expect([back, back.open, back.frozen.b].every(Object.isExtensible)).toBe(true);
  });

  test("a shared object is shared, a cycle closes, and two views look at one buffer", () => {
    const shared = { x: 1 };
    const doubles = new Float64Array(4);
    const state: Record<string, unknown> = {
      one: shared,
      two: [shared, new Map([[shared, shared]])],
      doubles,
      bytes: new Uint8Array(doubles.buffer, 8, 8),
      buffer: doubles.buffer,
    };
    state.self = state;
    const back = roundTrip(state) as typeof state;
    const [inList, inMap] = back.two as [unknown, Map<unknown, unknown>];
    expect(inList).toBe(back.one);
    expect(inMap.get(back.one)).toBe(back.one);
    expect(back.self).toBe(back);
    (back.bytes as Uint8Array).fill(255);
    expect((back.doubles as Float64Array)[1]).toBeNaN();
    expect(back.buffer).toBe((back.doubles as Float64Array).buffer);
  });

  test("indicators are the core's own, by their number", () => {
    const math = createMathCore();
    const state = { slow: math.rolling(30), fast: math.ema(5), all: [] as unknown[] };
    state.all.push(state.fast, state.slow);
    const again = createMathCore();
    again.recreate(math.arenaBytes().slice());
    const back = stateOfBytes(bytesOfState(state, math.indicators), again.indicators) as typeof state;
    expect(back.slow).toBe(again.indicators[0]);
    expect(back.fast).toBe(again.indicators[1]);
    expect(back.all).toEqual([back.fast, back.slow]);
    expect(back.slow.period).toBe(30);
  });

  test("any nesting of plain values", () => {
    const state = fc.anything({ withMap: true, withSet: true, withTypedArray: true, withBigInt: true, maxDepth: 5 });
    fc.assert(
      fc.property(state, (value) => {
        const bytes = bytesOfState(value);
        expect(bytesOfState(stateOfBytes(bytes))).toEqual(bytes);
        expect(hashOfState(stateOfBytes(bytes))).toBe(hashOfState(value));
      }),
      { numRuns: 1_000, seed: 20_260_105 },
    );
  });
});

class Order {
  price = 1;
}

/** `n` lists, one in the other. */
const nested = (n: number): unknown => (n === 1 ? [] : [nested(n - 1)]);
const sealed = Object.seal({ a: 1 });
const readOnly = Object.defineProperty({}, "a", { value: 1, enumerable: true });

describe("a value that cannot be kept is refused by its path", () => {
  const { engine } = engineAlone([probe({})]);
  const { context, book, trade, quote, order, fill, timer } = engine.strategies[0];
  const otherCore = createMathCore();

  test.each<readonly [unknown, string]>([
    [
      { orders: [0, 1, 2, { book }] },
      "state.orders[3].book is a BookView, which is reused: copy what you want to keep",
    ],
    [{ trade }, "state.trade is a TradeView, which is reused: copy what you want to keep"],
    [{ quote }, "state.quote is a QuoteView, which is reused: copy what you want to keep"],
    [{ order }, "state.order is an OrderView, which is reused: copy what you want to keep"],
    [{ fill }, "state.fill is a FillView, which is reused: copy what you want to keep"],
    [{ timer }, "state.timer is a TimerView, which is reused: copy what you want to keep"],
    [{ p: context.position }, "state.p is a PositionView, which is reused: copy what you want to keep"],
    [{ ctx: context }, "state.ctx is ctx itself: every handler is given it"],
    [{ log: context.log }, "state.log is a StrategyLogger, which is no plain data: keep its fields in a plain object"],
    [{ "a b": () => {} }, 'state["a b"] is a function: keep data, and name functions in the file'],
    [{ a: Symbol("s") }, "state.a is a symbol: use a text"],
    [new Map([["x", { y: Promise.resolve() }]]), 'state.get("x").y is a promise: handlers are synchronous'],
    [new Map([[1, [() => {}]]]), "state.get(1)[0] is a function"],
    [new Map([[{}, new Order()]]), "state.get(…) is an Order, which is no plain data"],
    [new Map([[new Order(), 1]]), "state element 0 is an Order"],
    [{ s: new Set([1, new Order()]) }, "state.s element 1 is an Order"],
    [{ order: new Order() }, "state.order is an Order, which is no plain data: keep its fields in a plain object"],
    [{ at: new Date(0) }, "state.at is a Date, which is no plain data"],
    [{ r: /x/ }, "state.r is a RegExp"],
    [{ e: new Error("x") }, "state.e is an Error"],
    [{ w: new WeakMap() }, "state.w is a WeakMap"],
    [{ n: Object(1) as unknown }, "state.n is a Number"],
    [{ list: new (class extends Array {})() }, "state.list is an object of some class"],
    [{ o: Object.create({ inherited: 1 }) as unknown }, "state.o is an Object, which is no plain data"],
    [
      {
        get mid() {
          return 1;
        },
      },
      "state.mid is a getter or a setter: keep its value",
    ],
    [{ set mid(_: number) {} }, "state.mid is a getter or a setter: keep its value"],
    [{ holes: new Array(2) }, "state.holes[0] is a hole: write undefined, or leave no gap"],
    [{ ema: otherCore.ema(5) }, "state.ema is an indicator that ctx.ta did not make"],
    [{ buffer: new SharedArrayBuffer(8) }, "state.buffer is a SharedArrayBuffer"],
    [{ view: new Uint8Array(new SharedArrayBuffer(8)) }, "state.view is a SharedArrayBuffer"],
    [{ b: new ArrayBuffer(8, { maxByteLength: 16 }) }, "state.b has a buffer that changes its length: use another"],
    [{ fake: Object.create(Map.prototype) as unknown }, "state holds what cannot be read: keep plain data"],
    [{ sealed }, "state.sealed is sealed: freeze it, or leave it open"],
    [nested(17), `state${"[0]".repeat(16)} lies deeper than 16: keep a flatter state`],
    [{ long: new Array(100_001).fill(0) }, "state.long is where the state passes 100000 values: keep a window"],
    [{ sparse: new Array(4_000_000_000) }, "state.sparse is where the state passes 100000 values"],
    [{ text: "x".repeat(800_000) }, "state.text is where the state passes 100000 values"],
    [{ doubles: new Float64Array(100_000) }, "state.doubles is where the state passes 100000 values"],
    [{ big: 1n << 200_000n }, "state.big is where the state passes 100000 values"],
  ])("case %#", (state, message) => {
    expect(refusalOfState(state)).toContain(message);
    expect(refusalOfState(state, { thorough: false })).toContain(message);
  });

  test.each<readonly [unknown, string]>([
    [{ a: { [Symbol("s")]: 1 } }, "state.a[Symbol(s)] has a symbol for its key: use a text"],
    [Object.defineProperty({}, "a", { value: 1 }), "state.a is hidden: make it an ordinary property"],
    [{ readOnly }, "state.readOnly.a is read-only: freeze the whole object, or nothing"],
    [{ m: "abc".match(/b/) }, "state.m has a property of its own: keep it beside, in a plain object"],
    [Object.assign(new Map(), { a: 1 }), "state has a property of its own"],
    [Object.assign(new Set(), { a: 1 }), "state has a property of its own"],
    [Object.assign(new Float64Array(2), { a: 1 }), "state has a property of its own"],
    [Object.assign(new ArrayBuffer(2), { a: 1 }), "state has a property of its own"],
    [Object.defineProperty([0], 0, { get: () => 1 }), "state[0] is a getter or a setter"],
  ])("hidden, seen by a thorough check: %#", (state, message) => {
    expect(refusalOfState(state)).toContain(message);
  });

  test("nothing is refused up to the bounds", () => {
    expect(refusalOfState(nested(16))).toBe("");
    expect(refusalOfState(new Array(99_999).fill(0))).toBe("");
    expect(refusalOfState(new Float64Array(99_999))).toBe("");
    expect(refusalOfState(-(1n << 99_998n))).toBe("");
  });

  test("an indicator takes no property of a strategy's own", () => {
    expect(() => Object.assign(otherCore.rolling(3), { last: 1 })).toThrow(TypeError);
  });
});

describe("hostile bytes", () => {
  const math = createMathCore();
  const state = {
    list: [1, "two", 3n, { four: [4] }],
    map: new Map<unknown, unknown>([["k", Object.freeze([1, 2])]]),
    set: new Set([1, 2]),
    doubles: new Float64Array(3),
    view: new DataView(new ArrayBuffer(8), 2, 4),
    ema: math.ema(5),
  };
  const bytes = bytesOfState({ ...state, again: state.list }, math.indicators);

  /** Reads; a SnapshotError is the only error there may be. */
  function read(hostile: Uint8Array): void {
    try {
      stateOfBytes(hostile, math.indicators);
    } catch (error) {
      expect(error).toBeInstanceOf(SnapshotError);
    }
  }

  test("cut at any byte are refused", () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => stateOfBytes(bytes.slice(0, length), math.indicators)).toThrow(SnapshotError);
    }
  });

  test("with any bit flipped are read as something else or refused", () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      read(flipped);
    }
  });

  test("of any kind are read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (hostile) => read(hostile)),
      { numRuns: 5_000, seed: 7 },
    );
    for (const kind of Array.from({ length: 256 }, (_, at) => at)) read(new Uint8Array(200_000).fill(kind));
  });

  test("that nest without end are refused before the stack ends", () => {
    const lists = new Uint8Array(60_000);
    for (let at = 0; at < lists.length; at += 6) lists.set([10, 0, 1, 0, 0, 0], at);
    expect(() => stateOfBytes(lists)).toThrow("nests too deep");
    const views = new Uint8Array(110_000);
    for (let at = 0; at < views.length; at += 11) views.set([14, 0, 1], at);
    expect(() => stateOfBytes(views)).toThrow("a view of what is no buffer");
  });
});

describe("the indicators of a core", () => {
  const core = createMathCore({ arenaCapacity: 65_536 });
  const [fast, moments, slow] = [core.ema(3), core.rolling(20), core.ema(9)];
  for (let at = 0; at < 50; at += 1) for (const each of [fast, moments, slow]) each.push(at * 1.25);
  const bytes = core.arenaBytes().slice();

  test("are made again from their bytes, in their order, and go on as before", () => {
    const again = createMathCore({ arenaCapacity: 65_536 });
    again.recreate(bytes);
    expect(again.arenaBytes()).toEqual(core.arenaBytes());
    expect(again.indicators.map(({ period, value }) => [period, value])).toEqual(
      core.indicators.map(({ period, value }) => [period, value]),
    );
    expect(again.indicators.map((each) => each.push(7))).toEqual(core.indicators.map((each) => each.push(7)));
  });

  test("are made from no other bytes: cut, changed in a state's header, or too many for the arena", () => {
    const attempt = (hostile: Uint8Array) => {
      const empty = createMathCore({ arenaCapacity: 65_536 });
      expect(() => empty.recreate(hostile)).toThrow(MathStateError);
    };
    for (let length = 0; length < bytes.length; length += 1) attempt(bytes.slice(0, length));
    for (const [at, to] of [
      [0, 1],
      [4, 8],
      [8, 9],
      [16, 7],
      [20, 7],
      [28, 200],
      [64, 3],
      [65, 1],
    ] as const) {
      const changed = bytes.slice();
      changed[at] = to;
      attempt(changed);
    }
    const large = createMathCore();
    large.rolling(10_000);
    attempt(large.arenaBytes());
  });
});

/**
 * Bodies of `onTrade` that lean on corners of the language where an engine, a processor or a locale could answer
 * differently, and yet may not. Each returns what it saw; the strategy around it keeps that in its state, which the
 * state hash covers. `x` is the trade's price, `n` counts the trades.
 */
export const STRANGE: Readonly<Record<string, string>> = {
  "powers of odd operands": `
    return [(-8) ** (1 / 3), 0 ** 0, NaN ** 0, 2 ** -1074, x ** 0.37, (-0) ** -1, Infinity ** 0, 1 ** Infinity,
      (-2) ** 0.5, x ** -3.7, 1.0000001 ** (n * 1e7), Math.pow(x, 1 / n), Math.pow(-0, -3), 10 ** -323];`,
  "functions that ECMAScript leaves open": `
    return [Math.sin(x * 1e9), Math.cos(1e300 + n), Math.tan(x), Math.exp(-x / 100), Math.expm1(1e-9 * n),
      Math.log(x), Math.log10(x), Math.log2(n), Math.log1p(1e-12 * x), Math.cbrt(-x), Math.hypot(x, n, 3),
      Math.atan2(n, -x), Math.sinh(n / 100), Math.tanh(n / 99), Math.acosh(x), Math.asinh(-x), Math.atanh(1 / x)];`,
  "sorting by comparators that contradict themselves": `
    const list = Array.from({ length: 97 }, (_, i) => (i * 7919 + n) % 101);
    return [list.toSorted(() => 1), list.toSorted(() => -1), list.toSorted((a, b) => ((a * 7 + b * 13) % 3) - 1),
      list.toSorted((a, b) => (a < b ? NaN : 1)), list.toSorted((a, b) => a < b), [3, undefined, , 1, , 2].sort(),
      Float64Array.of(3, NaN, -0, 0, 1).sort((a, b) => (n % 2 ? a - b : 1))].map((each) => [...each].join());`,
  "getters that count": `
    let reads = 0;
    const odd = { get a() { return ++reads; }, get b() { return (reads *= 2); }, [Symbol.toPrimitive]: () => ++reads };
    const copy = { ...odd, ...odd };
    return [copy.a, copy.b, odd + odd, Object.values(odd).length, JSON.stringify(odd), reads, \`\${odd}\`, odd < odd];`,
  "the order of keys": `
    const keys = { b: 1, 10: 2, a: 3, 9: 4, "-1": 5, "01": 6, [Symbol("s")]: 7, 4294967295: 8, 4294967294: 9 };
    delete keys.a; keys.a = n; keys[n] = x;
    const seen = []; for (const key in Object.create(keys, { z: { enumerable: true } })) seen.push(key);
    return [Object.keys(keys), seen, JSON.stringify(keys), Reflect.ownKeys(keys).length,
      [...new Map([[NaN, 1], [-0, 2], [0, 3], ["0", 4]])].flat(), [...new Set([n, x, n])]];`,
  "the bits of NaN": `
    const doubles = Float64Array.of(0 / 0, -(0 / 0), Infinity - Infinity, Math.sqrt(-x), x % 0, NaN * -1);
    return [doubles, Float32Array.from(doubles), -NaN, Math.sign(-NaN), Object.is(-NaN, NaN), [...doubles].join()];`,
  "variables beside the strategy": `
    count += 1; seen.set(n, x); total = total + x / count;
    return [count, total, seen.size, (memo[n % 5] ??= x)];`,
  symbols: `
    const own = Symbol("own"), tagged = { [Symbol.toStringTag]: "Tag" + n, [own]: 1 };
    return [String(own), own.description, Symbol.for("a") === Symbol.for("a"), String(tagged), own in tagged,
      [..."añ👍🏽"].length, typeof Symbol.iterator, Object.getOwnPropertySymbols(tagged).length];`,
  reflection: `
    class Point { constructor(a) { this.a = a; } get twice() { return this.a * 2; } }
    const point = Reflect.construct(Point, [n]);
    return [Reflect.get(Point.prototype, "twice", { a: x }), Reflect.ownKeys(point), Reflect.has(point, "twice"),
      Reflect.apply(Math.max, null, [n, x]), Reflect.set(Object.freeze({ a: 1 }), "a", 2), Point.name, Point.length];`,
  "a proxy that records": `
    const log = [];
    const traps = { get: (t, k) => (log.push("get " + String(k)), t[k]), has: (t, k) => (log.push("has " + k), k in t),
      ownKeys: (t) => (log.push("keys"), Reflect.ownKeys(t)),
      set: (t, k, v) => (log.push("set " + k), (t[k] = v), true),
      getOwnPropertyDescriptor: (t, k) => (log.push("own " + k), Reflect.getOwnPropertyDescriptor(t, k)) };
    const proxy = new Proxy({ a: n, b: [x] }, traps);
    proxy.c = proxy.a + 1; "a" in proxy; ({ ...proxy }); JSON.stringify(proxy); Object.keys(proxy); \`\${proxy.b}\`;
    return log;`,
  "chains of fround": `
    let single = Math.fround(x), mixed = x;
    for (let i = 1; i < 50; i += 1) { single = Math.fround(single * 1.1 + i / 3); mixed = Math.fround(mixed) / 7 + x; }
    return [single, mixed, Math.fround(1e39),
      Math.fround(1e-46), Float32Array.of(x / 3)[0], Math.imul(x, 0x9e3779b1)];`,
  "numbers from text": `
    const texts = ["0x1F", "1e-324", "4.9e-324", "2.2250738585072011e-308", "1_0", " 12 ", "", "-0", "0b11", "1e400",
      "9007199254740993", "0.1e1", ".5.", "Infinityx", "179769313486231580793e289", "9".repeat(400),
      "1" + "0".repeat(n)];
    return [texts.map(Number), texts.map(parseFloat),
      texts.map((t) => parseInt(t, 36)), parseInt("z".repeat(40), 36)];`,
  "numbers as text": `
    const numbers = [x, x / 3, 1 / n, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, -0, 123456789.123456789, 0.1 + 0.2];
    return [JSON.stringify(numbers), numbers.map((v) => v.toString(36)), numbers.map((v) => v.toString(3)),
      numbers.map((v) => v.toFixed(20)), numbers.map((v) => v.toPrecision(50)), numbers.map((v) => v.toExponential(40)),
      JSON.parse(JSON.stringify(numbers)), (2.5).toFixed(0), (1.005).toFixed(2), (25).toPrecision(1)];`,
  "text by Unicode": `
    const words = ["straße", "İstanbul", "ﬁ", "ΑΣ", "é", "ñandu", "Z", "a", "ä", "\\u{1F469}\\u200D\\u{1F467}"];
    return [words.toSorted(), words.map((w) => w.toUpperCase()), words.map((w) => w.toLowerCase()), "z" < "ä",
      words.map((w) => w.normalize("NFKD")), words.map((w) => /^\\p{Lu}/u.test(w)), "ſ".match(/s/iu)?.[0],
      "a1b22".replace(/(?<letter>[a-z])(\\d+)/g, (...all) => JSON.stringify(all)), "xaxbx".split(/(a|b)?x/)];`,
  "whole numbers without bound": `
    const big = BigInt(Math.round(x));
    return [big * big * big, BigInt.asIntN(64, big << 61n), -7n / 2n, -7n % 2n, 2n > 1.5, BigInt("0xff"), 5n == 5];`,
  "conversions of typed arrays": `
    return [Uint8Array.of(300, -1, NaN, x), Uint8ClampedArray.of(0.5, 1.5, 2.5, -1, 300, NaN), Int16Array.of(x * n),
      Int32Array.of(2 ** 32 + n, -(2 ** 31) - 1, 1e300), Uint32Array.of(-x),
      BigInt64Array.of(1n << 70n), ~~(x * 1e9)];`,
  "generators and destructuring": `
    function* walk(k) { try { while (true) k += yield k * x; } finally { ended += 1; } }
    let ended = 0; const steps = walk(n); const [a, b = steps.next().value] = [steps.next().value];
    const { p: { q = a } = {}, ...rest } = { r: b, s: steps.return(5).value };
    return [a, b, q, rest, ended, [...(function* () { yield* [n, x]; })()]];`,
  "errors of its own and of the language": `
    const seen = [];
    for (const act of [() => null.x, () => undefined(), () => JSON.parse("{"), () => [].reduce(() => 1), () => 1n + 1,
      () => new Array(-1), () => decodeURIComponent("%"), () => "a".repeat(-1), () => missing, () => Symbol() + "",
      () => { throw new RangeError("mine " + n, { cause: x }); }, () => { throw null; }]) {
      try { seen.push(act()); } catch (error) {
        seen.push(error === null ? "null" : error.name, error instanceof TypeError);
      }
    }
    return [seen, String(new Error("text")), Object.keys(new Error("text")), new AggregateError([1], "all").errors];`,
  "its own text and its own calls": `
    const add = (a, b) => a + b /* spaces   stay */; const deep = (k) => (k === 0 ? 0 : 1 + deep(k - 1));
    return [add.toString(), add.name, add.length, deep(500), (function () { return this; })() === undefined,
      (() => { "use strict"; try { undeclared = 1; } catch { return "strict"; } })(),
      typeof globalThis, typeof Iterator];`,
  "the seeded random numbers": `return [ctx.random(), Math.floor(ctx.random() * 1e6), ctx.random() < 0.5];`,
  "indicators fed with extremes": `
    ema.push(n % 3 ? x : 1e150); rolling.push(n % 5 ? -x : 1e-300);
    return [ema.value, ema.ready, rolling.mean, rolling.variance, rolling.snapshot().length];`,
};

/** The file of a strategy around such a body. */
export function strangeStrategy(body: string): string {
  return `
export default {
  id: "strange", params: {}, subscribe: ["trades:BTC/USDT.BINANCE"],
  init(ctx: any) {
    const [ema, rolling] = [ctx.ta.ema(5), ctx.ta.rolling(7)];
    const kept = { count: 0, total: 0, seen: new Map(), memo: {}, ema, rolling };
    return { n: 0, newest: [] as unknown[], all: 0, ...kept };
  },
  onTrade(ctx: any, state: any, trade: any) {
    const x = trade.price, n = (state.n += 1);
    let { count, total, seen, memo, ema, rolling } = state;
    const result = ((): any => {${body}
    })();
    Object.assign(state, { count, total });
    state.newest = result;
    state.all = (state.all * 31 + JSON.stringify(result, (_key, value) => plain(value)).length) % 1_000_003;
    ctx.log.info(JSON.stringify(result, (_key, value) => plain(value)).slice(0, 400));
  },
};
/** What JSON has no words for, in words. */
function plain(value: any): any {
  if (typeof value === "bigint") return value.toString();
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
`;
}

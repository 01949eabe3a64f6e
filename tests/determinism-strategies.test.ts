/**
 * Strategies that could make two machines disagree: each is refused in words that say what to use, or comes to the same
 * state in every replay, with compilers and without, and, with `nodes` in SLUICE_REQUIRE, on every supported Node.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy, type StrategyBundle } from "../cli/strategy-bundle.js";
import { ConfigError, formatHash, InlineSimulation, loadStrategy, stateHash } from "../engine/index.js";
import { createDeterministicMath, createMathCore } from "../wasm/index.js";
import { findNodes, thisNode } from "./determinism/nodes.mjs";
import { configAt, engineConfig, loadAll, Recording, START_US, takeAll } from "./support/engine.js";
import { writeJournal } from "./support/journal.js";
import { STRANGE, strangeStrategy } from "./support/strange-strategies.js";
import { syntheticMarket } from "./support/synthetic-market.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sluice-strange-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function bundleOf(text: string): Promise<StrategyBundle> {
  files += 1;
  const path = join(directory, `strange-${files}.ts`);
  writeFileSync(path, text);
  return bundleStrategy(path);
}

const withBody = (body: string): string =>
  `export default { id: "mine", subscribe: ["trades:BTC/USDT.BINANCE"], onTrade(ctx: any, state: any, trade: any) {
     const list: any = [trade.price, 2], text: any = "word", f: any = () => {};\n${body}\n} };`;

describe("is refused when it is bundled", () => {
  const code = /code made at run time cannot be journaled; write it in the file$/;
  const locale = /the result depends on the machine's locale; /;
  const stack = /a stack names places of this machine; use the error's message/;
  const shared = /the engine uses the same object; keep what is yours in your state$/;
  const later = /uses async in ".*": handlers are synchronous, and nothing waits for what comes later$/;
  const newer = /: not every Node that may replay the journal has it$/;
  const bits = /the bits of a NaN are not the same on every machine; use a typed array for each kind of number/;
  test.each<[string, RegExp]>([
    ["eval('1')", code],
    ["const e = eval; e('1')", code],
    ["new Function('1')", code],
    ["f.constructor('return 1')()", code],
    ["(() => {}).constructor('return 1')()", code],
    ["f?.constructor", code],
    ["f['constructor']", code],
    ["f[`constructor`]", code],
    ["f['con' + 'structor']", code],
    ["const key = 'constructor'; f[key]", code],
    ["const { constructor: make } = f; make('1')", code],
    ["const { ['constructor']: make } = f; make('1')", code],
    ["Reflect.get(f, 'constructor')", code],
    ["Object.getOwnPropertyDescriptor(f, 'constructor')", code],
    ["(class {}).constructor", code],
    ["(function* () {}).constructor('yield 1')", code],
    ["import('./other.js')", /import\(\) cannot be journaled; import at the top of the file$/],
    ["text.localeCompare('x')", locale],
    ["list.sort((a, b) => a['localeCompare'](b))", locale],
    ["(1234.5).toLocaleString()", locale],
    ["Number.prototype.toLocaleString.call(1234.5)", locale],
    ["list.toLocaleString('de')", locale],
    ["const { toLocaleUpperCase } = text", locale],
    ["new Error('x').stack", stack],
    ["try { null.x } catch ({ stack }) { list.push(stack) }", stack],
    ["Error.captureStackTrace(list)", stack],
    ["Object.getOwnPropertyDescriptor(new Error('x'), 'stack')", stack],
    ["Reflect.get(Float64Array.of(NaN), 'buffer')", bits],
    ["Error.stackTraceLimit = 1", shared],
    ["Float64Array.of(NaN).buffer", bits],
    ["Array.prototype.last = 1", shared],
    ["Array.prototype['last'] = 1", shared],
    ["delete String.prototype.at", shared],
    ["const p = Array.prototype; p.last = 1", shared],
    ["Object.defineProperty(Object.prototype, 'x', {})", shared],
    ["Object.assign(Number.prototype, { x: 1 })", shared],
    ["Number.count = 1", shared],
    ["list.__proto__.x = 1", shared],
    ["Object.groupBy(list, (x: any) => x)", newer],
    ["new Set([1]).isSubsetOf(new Set([1]))", newer],
    ["(async () => { await 1; list.push(2); })()", later],
    ["async function later() {} later()", later],
    ["const o = { async m() {} }; o.m()", later],
    ["(async function* () {})()", later],
    ["class A { static async m() {} }; A.m()", later],
  ])("%s", async (body, message) => {
    const refused = bundleOf(withBody(body));
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(message);
    await refused.catch(({ message: line }: Error) => expect(line).not.toContain("\n"));
  });
});

test.each([
  ["let count = 0;", "count += 1;", "count"],
  ["const seen = new Map();", "seen.set(1, 2);", "seen"],
  ["const last = { price: 0 };", "last.price = trade.price;", "last"],
  ["const list: number[] = [];", "(() => { list.push(1); })();", "list"],
  ["const table: any = {};", "delete table.a;", "table"],
])("a module's variable that a function changes is refused: %s %s", async (declared, body, name) => {
  const text = `${declared}\n${withBody(body).replace("const list: any = [trade.price, 2], ", "const ")}`;
  await expect(bundleOf(text)).rejects.toThrow(
    `changes the module's variable "${name}" in a function: keep what changes in the state that init returns`,
  );
});

test("a module's constants, and a function's own variables of the same name, are not", async () => {
  const body = "let step = 1; step += 1; const table = [3]; table.push(step + LIMITS.most + scale(2));";
  const declared = "const LIMITS = { most: 4 };\nconst table = [1];\nlet step = 0;";
  const text = `${declared}\nfunction scale(x: number) { return x * table[0] + step; }`;
  await expect(bundleOf(`${text}\n${withBody(body)}`)).resolves.toMatchObject({ id: "mine" });
});

test("what only looks like it is not refused", async () => {
  const { bundle } = await bundleOf(`
    // f.constructor, localeCompare, async
    class Window {
      #stack: number[] = [];
      constructor(public size: number) {}
      push(buffer: number) { this.#stack.push(buffer); }
    }
    const stack = [1], buffer = "stack buffer", asyncName = "no constructor here";
    export default { id: "mine", subscribe: [], init: () => [new Window(1), stack, { stack, buffer, toLocaleString: 1 },
      Array.prototype.slice.call(stack, 1), Object.prototype.toString.call(stack), asyncName, Window.prototype] };`);
  expect(loadStrategy(bundle, "mine", math).id).toBe("mine");
});

const math = createDeterministicMath(createMathCore());

describe("is refused when it is used", () => {
  /** What this Node has, without what a test runner adds. */
  const globals: string[] = JSON.parse(
    execFileSync(process.execPath, ["-p", "JSON.stringify(Object.getOwnPropertyNames(globalThis))"], {
      encoding: "utf8",
    }),
  );
  /** Of the language, in every supported Node, and the same in all of them. */
  const LANGUAGE =
    "Object Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol RegExp JSON Math Map Set " +
    "WeakMap WeakSet Proxy Reflect BigInt Error AggregateError EvalError RangeError ReferenceError SyntaxError " +
    "TypeError URIError Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array " +
    "Uint8ClampedArray BigUint64Array BigInt64Array decodeURI decodeURIComponent encodeURI encodeURIComponent escape " +
    "unescape isFinite isNaN";
  /** Node's command line makes its modules globals; a file has no such names. */
  const isModule = (name: string): boolean => /^[a-z_0-9:]+$/.test(name) && !Object.hasOwn(globalThis, name);
  const others = globals.filter((name) => !LANGUAGE.split(" ").includes(name) && !isModule(name));

  test.each([...others, "Iterator", "Float16Array", "Temporal", "WebSocket", "navigator"])("%s", (name) => {
    const bundle = (use: string): string => `const used = ${use}; exports.default = { id: "mine", subscribe: [] };`;
    const refusal = new RegExp(`${name} is not available to strategy mine: \\S`);
    expect(() => loadStrategy(bundle(`${name}.x`), "mine", math)).toThrow(refusal);
    expect(() => loadStrategy(bundle(`${name}()`), "mine", math)).toThrow(refusal);
    expect(() => loadStrategy(bundle(`new ${name}()`), "mine", math)).toThrow(refusal);
  });

  test.each([
    ["return Math.random();", /^onTrade failed .*ctx\.random\(\)/],
    ["return { then() {} };", /^onTrade failed .*handlers are synchronous/],
  ])("%s", async (body, message) => {
    const { logs } = await record(await bundleOf(withBody(body)));
    expect(logs[0]).toMatch(message);
    expect(logs.length).toBe(1);
  });
});

interface Recorded {
  readonly bundle: StrategyBundle;
  readonly hash: string;
  readonly records: readonly Uint8Array[];
  readonly logs: readonly string[];
  readonly enabled: boolean;
}

async function record(bundle: StrategyBundle): Promise<Recorded> {
  const config = engineConfig({ strategies: [{ id: bundle.id, bundle: bundle.sha256, params: {} }] });
  const core = createMathCore();
  const recording = new Recording();
  const simulation = new InlineSimulation(
    { config, math: core, strategies: loadAll([bundle], core) },
    recording.onLogged,
  );
  takeAll(simulation, [configAt(START_US, config)]);
  takeAll(simulation, syntheticMarket(400, 11));
  const logs = recording.ofType("StrategyLog").map(({ text }) => text);
  const hash = formatHash(stateHash(simulation.engine));
  return { bundle, hash, records: recording.records, logs, enabled: simulation.engine.strategies[0].enabled };
}

describe("repeats to the bit", () => {
  const names = Object.keys(STRANGE);
  let recorded: Recorded[];
  let journals: string[];
  beforeAll(async () => {
    recorded = await Promise.all(names.map(async (name) => record(await bundleOf(strangeStrategy(STRANGE[name])))));
    journals = recorded.map(({ bundle, records }, index) => {
      const journal = join(directory, `journal-${index}`);
      writeJournal(journal, records, 1);
      mkdirSync(join(journal, "strategies"));
      writeFileSync(join(journal, "strategies", `${bundle.sha256}.js`), bundle.bundle);
      return journal;
    });
  });

  /** What another process makes of all the journals, by name of the strategy. */
  function hashesOn(command: string, flags: readonly string[]): Record<string, string> {
    const script = join(import.meta.dirname, "determinism", "replay-hashes.mjs");
    const output = execFileSync(command, [...flags, script, ...journals], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return Object.fromEntries((JSON.parse(output) as string[]).map((hash, index) => [names[index], hash]));
  }
  const recordedHashes = () => Object.fromEntries(recorded.map(({ hash }, index) => [names[index], hash]));

  test.each(names)("%s: the handler runs to the end, at every trade", (name) => {
    const { logs, enabled } = recorded[names.indexOf(name)];
    expect(logs.filter((text) => text.includes("switched off"))).toEqual([]);
    expect([enabled, logs.length > 50]).toEqual([true, true]);
  });

  test("in another process with its compilers", () => {
    expect(hashesOn(process.execPath, [])).toEqual(recordedHashes());
  });

  test("in another process that only interprets", () => {
    expect(hashesOn(process.execPath, ["--jitless"])).toEqual(recordedHashes());
  });

  const required = (process.env.SLUICE_REQUIRE ?? "").split(/[\s,]+/).includes("nodes");
  test.runIf(required)(`on every supported Node, not only on ${thisNode.version}`, { timeout: 600_000 }, () => {
    const { nodes, leftOut } = findNodes(join(import.meta.dirname, "..", ".sluice", "node"), () => {});
    expect(leftOut).toEqual([]);
    for (const { command } of nodes) {
      for (const flags of [[], ["--jitless"]]) expect(hashesOn(command, flags)).toEqual(recordedHashes());
    }
  });
});

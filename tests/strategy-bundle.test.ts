/** A strategy file becomes one text, the same everywhere, or is refused in one clear line that names the place. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import { ConfigError, loadStrategy } from "../engine/index.js";
import { createDeterministicMath, createMathCore } from "../wasm/index.js";

const WHOLE = 'export default { id: "mine", subscribe: ["trades:BTC/USDT.BINANCE"], params: { n: 1 } };';
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sluice-bundle-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test.each(["ema-cross", "market-maker"])("%s bundles to text that loads", async (name) => {
  const { id, source, bundle, sha256 } = await bundleStrategy(`strategies/${name}.ts`);
  expect([id, source.includes("defineStrategy"), sha256]).toEqual([
    name,
    true,
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ]);
  expect(loadStrategy(bundle, name, createDeterministicMath(createMathCore())).id).toBe(name);
});

test("the same source gives the same text wherever it lies, with nothing of the machine in it", async () => {
  const [here, there] = ["one", "two/deeper"].map((folder) => join(directory, folder));
  for (const folder of [here, there]) {
    mkdirSync(join(folder, "parts"), { recursive: true });
    cpSync("strategies/ema-cross.ts", join(folder, "mine.ts"));
    writeFileSync(join(folder, "parts", "more.ts"), "export const more = 2;");
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { target: folder === here ? "es5" : "esnext", alwaysStrict: true } }),
    );
  }
  symlinkSync(there, join(directory, "linked"));
  const texts = await Promise.all(
    [here, there, join(directory, "linked")].map((folder) => bundleStrategy(join(folder, "mine.ts"))),
  );
  expect(new Set(texts.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(texts[0].bundle).not.toContain(directory);
  expect(texts[0].bundle).not.toContain(process.cwd());
});

test("files of its own go into the text, sluice stays outside, types are gone", async () => {
  file("parts.ts", "export interface T { n: number }\nexport const seven: number = 7;");
  const { bundle } = await bundleStrategy(
    file(
      "whole.ts",
      `import { defineStrategy, type TradeView } from "sluice";
       import { seven, type T } from "./parts.js";
       const t: T = { n: seven };
       export type X = TradeView;
       export default defineStrategy({ id: "mine", subscribe: [], params: t });`,
    ),
  );
  expect(bundle).toContain('require("sluice")');
  expect(bundle).toContain("seven = 7");
  expect(bundle).not.toContain("TradeView");
});

test("the power operator becomes Math.pow, which the engine replaces", async () => {
  const { bundle } = await bundleStrategy(
    file(
      "pow.ts",
      `export default { id: "mine", subscribe: [], init(ctx: { x: number }) { ctx.x **= 0.5; return ctx.x ** 1.5; } };`,
    ),
  );
  expect(bundle).not.toContain("**");
  const math = createDeterministicMath(createMathCore());
  expect(loadStrategy(bundle, "pow.ts", math).init!({ x: 3 } as never)).toBe(math.pow(math.pow(3, 0.5), 1.5));
});

test("words in strings, comments and names are no code", async () => {
  const { id } = await bundleStrategy(
    file(
      "words.ts",
      `// eval("x"); new Function(); import("y")
       const a = "eval(1) new Function() import('x')";
       export default { id: "mine", subscribe: [], params: { a }, init: () => ({ eval: 1, Function: 2 }) };`,
    ),
  );
  expect(id).toBe("mine");
});

describe("is refused, in one line", () => {
  const code = (body: string): string =>
    `\nexport default { id: "mine", subscribe: [], init(ctx: { x: string }) {\n  return ${body};\n} };`;
  test.each([
    [
      "eval.ts",
      code("eval(ctx.x)"),
      /eval\.ts uses eval: code made at run time cannot be journaled; write it in the file$/,
    ],
    ["alias.ts", code("(0, eval)(ctx.x)"), /alias\.ts uses eval: /],
    [
      "function.ts",
      code("new Function(ctx.x)"),
      /function\.ts uses Function: code made at run time cannot be journaled/,
    ],
    [
      "import.ts",
      code("import(ctx.x)"),
      /import\.ts:3: import\(\) cannot be journaled; import at the top of the file$/,
    ],
    ["import-file.ts", code('import("./import.js")'), /import-file\.ts:3: import\(\) cannot be journaled/],
    ["require.ts", code("require(ctx.x)"), /require\.ts:3: import\(\) cannot be journaled/],
    [
      "syntax.ts",
      'export default {\n  id: "mine"\n  subscribe: [] };',
      /syntax\.ts:3: Expected "}" but found "subscribe"$/,
    ],
    [
      "node.ts",
      `import fs from "node:fs";\nexport const f = fs;\n${WHOLE}`,
      /node\.ts:1: cannot import "node:fs"; a strategy may import sluice and its own files$/,
    ],
    [
      "missing-part.ts",
      `import { x } from "./nowhere.js";\nexport const y = x;\n${WHOLE}`,
      /missing-part\.ts:1: cannot import "\.\/nowhere\.js"/,
    ],
    ["empty.ts", "export const x = 1;", /exports no strategy; end the file with: export default defineStrategy/],
    [
      "clock.ts",
      `const t = Date.now();\n${WHOLE.replace("n: 1", "t")}`,
      /clock\.ts failed to load: Date is not available to strategy clock\.ts: time comes with the event/,
    ],
  ])("%s", async (name, text, message) => {
    const refused = bundleStrategy(file(name, text));
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(message);
    await refused.catch(({ message: line }: Error) => expect(line).not.toContain("\n"));
  });

  test("a fault in a file that it imports is named by that file", async () => {
    file("broken-part.ts", "export const x = ;");
    await expect(
      bundleStrategy(file("imports-broken.ts", `import { x } from "./broken-part.js";\nexport const y = x;\n${WHOLE}`)),
    ).rejects.toThrow(/^broken-part\.ts:1: Unexpected ";"/);
  });

  test("a file that is not there", async () => {
    await expect(bundleStrategy("strategies/nowhere.ts")).rejects.toThrow(
      "there is no strategy file strategies/nowhere.ts; name a .ts or .js file",
    );
    await expect(bundleStrategy(directory)).rejects.toThrow(ConfigError);
  });
});

/**
 * The house rules, held by the compiler's parser and plain text. Each rule is first shown a planted fault, so that it
 * cannot pass by finding nothing, and then the checkout. A complaint names the file, the line and the remedy.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ESCAPES_MAX, escapeCount, indeterminacies } from "./tidy/determinism.js";
import { deadLinks, titles } from "./tidy/documents.js";
import { forbiddenImports, launcherImports, type Manifest } from "./tidy/layers.js";
import { type Lockfile, machinePaths, productionPackages, registries } from "./tidy/machine.js";
import { deadExports, deadFiles, packageEntries } from "./tidy/reach.js";
import {
  approvals,
  badNames,
  functionReport,
  longFiles,
  longFunctions,
  openings,
  unfinishedWords,
  unrunTests,
  unwantedConstructs,
  wideLines,
} from "./tidy/shape.js";
import { ROOT, readTree, Source } from "./tidy/source.js";

const PRODUCTION_PACKAGES_MAX = 60;

const tree = readTree();
const manifest = readJson<Manifest>("package.json");
const published = packageEntries(readJson("package.json"));
type Rule = (tree: readonly Source[]) => string[];

/** Each rule with a fault that it must find: the file it would be in, and its text. */
const RULES: readonly { promise: string; rule: Rule; path: string; fault: string }[] = [
  {
    promise: "every folder imports only what lies below it",
    rule: (sources) => forbiddenImports(sources, manifest),
    path: "engine/fault.ts",
    fault: 'import { readFileSync } from "node:fs";',
  },
  {
    promise: "the launcher imports nothing that must be installed first",
    rule: launcherImports,
    path: "cli/sluice.js",
    fault: 'import { Command } from "commander";',
  },
  {
    promise: "the core and the strategies use nothing that differs between runs or machines",
    rule: indeterminacies,
    path: "engine/fault.ts",
    fault: "export const now = () => Date.now();",
  },
  {
    promise: "every source file opens by saying what it is",
    rule: openings,
    path: "engine/fault.ts",
    fault: "export const one = 1;",
  },
  {
    promise: "no line is wider than 120 columns",
    rule: wideLines,
    path: "cli/fault.ts",
    fault: `// ${"x".repeat(118)}`,
  },
  { promise: "no file is longer than 400 lines", rule: longFiles, path: "cli/fault.ts", fault: "\n".repeat(401) },
  {
    promise: "no function is longer than 70 lines",
    rule: longFunctions,
    path: "cli/fault.ts",
    fault: `function long() {${"\n".repeat(70)}}`,
  },
  { promise: "files are named in kebab-case, for what they hold", rule: badNames, path: "cli/Utils.ts", fault: "" },
  {
    promise: "there are no default exports, enums, any or console output where they do not belong",
    rule: unwantedConstructs,
    path: "actors/fault.ts",
    fault: "export default 1;",
  },
  {
    promise: "no test is left out or run alone",
    rule: unrunTests,
    path: "tests/fault.test.ts",
    fault: 'describe.skip("x", () => {});',
  },
  {
    promise: "nothing is marked as unfinished",
    rule: unfinishedWords,
    path: "cli/fault.ts",
    fault: `// ${"TO"}${"DO"}: x`,
  },
  { promise: "every document has one title", rule: titles, path: "FAULT.md", fault: "# One\n# Two\n" },
  { promise: "every relative link leads somewhere", rule: deadLinks, path: "FAULT.md", fault: "[x](no/such/file.md)" },
  {
    promise: "every file is reached from an entry",
    rule: (sources) => deadFiles(sources, published),
    path: "engine/fault.ts",
    fault: "",
  },
  {
    promise: "every export is imported",
    rule: (sources) => deadExports(sources, published),
    path: "engine/fault.ts",
    fault: "export const one = 1;",
  },
  {
    promise: "no file holds a path of somebody's machine",
    rule: machinePaths,
    path: "README.md",
    fault: ["", "home", "somebody", "sluice"].join("/"),
  },
  {
    promise: "the lockfile names no registry",
    rule: registries,
    path: "package-lock.json",
    fault: '"resolved": "https://registry.example.org/x.tgz"',
  },
];

describe.each(RULES)("$promise", ({ rule, path, fault }) => {
  test("a planted fault is found", () => {
    const complaints = rule([new Source(path, fault)]);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(`${path}:`);
  });

  test("the checkout holds to it", () => expectNone(rule(tree)));
});

describe("what counts as a use in the deterministic core", () => {
  const complaintsAbout = (text: string): string[] => indeterminacies([new Source("engine/sample.ts", text)]);

  test.each([
    "const f = Math.exp(1);",
    "const f = 2 ** 3;",
    "let f = 2; f **= 3;",
    "async function f() {}",
    "const { sin } = Math;",
    "const f = { now: performance };",
    'const f = "a".localeCompare("b");',
    "const f = import.meta.url;",
    'const f = () => import("./x.js");',
    "const f = Date.now() as number;",
  ])("found: %s", (text) => expect(complaintsAbout(text)).toHaveLength(1));

  test.each([
    "const f = Math.floor(Math.sqrt(2));",
    'const f = { Date: "use the clock", process: 1 };',
    "const f = (event: { process: number }) => event.process;",
    "let f: Promise<void> | Date;",
    "// Date.now() in a comment",
    'const f = "performance";',
    "const f = Date.now(); // deterministic-ok: a sample with its reason",
    "// deterministic-ok: a sample with its reason\nconst f = Date.now();",
  ])("let be: %s", (text) => expect(complaintsAbout(text)).toEqual([]));

  test("an escape without a reason, or with nothing to excuse, is itself a fault", () => {
    expect(complaintsAbout("const f = Date.now(); // deterministic-ok:")).toHaveLength(1);
    expect(complaintsAbout("const f = 1; // deterministic-ok: a sample with its reason")).toHaveLength(1);
  });

  test(`the core claims at most ${ESCAPES_MAX} exceptions`, () => {
    expect(escapeCount(tree)).toBeLessThanOrEqual(ESCAPES_MAX);
  });
});

describe("what a layer may import", () => {
  const complaintsAbout = (path: string, text: string): string[] => {
    const index = tree.filter((source) => source.path === "engine/index.ts");
    return forbiddenImports([...index, new Source(path, text)], manifest).filter((each) => each.startsWith(path));
  };

  test.each([
    ["wasm/x.ts", 'import { Side } from "../schemas/index.js";'],
    ["feeds/x.ts", 'import { Engine } from "../engine/index.js";'],
    ["feeds/x.ts", 'import { Engine } from "../engine/engine.js";'],
    ["feeds/x.ts", 'import type { Session } from "../actors/session.js";'],
    ["research/x.ts", 'import { Session } from "../actors/session.js";'],
    ["strategies/x.ts", 'import { apply } from "../engine/apply.js";'],
    ["cli/x.ts", 'import { test } from "vitest";'],
    ["actors/x.ts", 'export { a } from "../bench/a.js";'],
    ["console/x.ts", 'import { Book } from "../engine/index.js";'],
  ])("refused in %s: %s", (path, text) => expect(complaintsAbout(path, text)).toHaveLength(1));

  test.each([
    ["feeds/x.ts", 'import { ConfigError, makeInstrument } from "../engine/index.js";'],
    ["feeds/x.ts", 'import type { Engine } from "../engine/index.js";'],
    ["actors/x.ts", 'import { z } from "zod";'],
    ["strategies/x.ts", 'import { defineStrategy } from "sluice";'],
    ["tests/x.ts", 'import { test } from "vitest";'],
  ])("allowed in %s: %s", (path, text) => expect(complaintsAbout(path, text)).toEqual([]));
});

describe("constructs that we do without", () => {
  const complaintsAbout = (path: string, text: string): string[] => unwantedConstructs([new Source(path, text)]);

  test.each([
    ["engine/x.ts", "enum Side { Buy }"],
    ["feeds/x.ts", "let frame: any;"],
    ["actors/x.ts", 'console.log("started");'],
    ["tests/x.ts", "export default 1;"],
  ])("refused in %s: %s", (path, text) => expect(complaintsAbout(path, text)).toHaveLength(1));

  test.each([
    ["strategies/x.ts", "export default defineStrategy({});"],
    ["vitest.config.ts", "export default {};"],
    ["cli/x.ts", 'console.log("started");'],
    ["engine/x.ts", "const Side = { Buy: 1 } as const; // any enum"],
  ])("allowed in %s: %s", (path, text) => expect(complaintsAbout(path, text)).toEqual([]));
});

describe("what keeps code alive", () => {
  const sources = (files: Readonly<Record<string, string>>): Source[] =>
    Object.entries(files).map(([path, text]) => new Source(path, text));

  test("a file is alive when an entry imports it or starts it by name, and not when a test alone does", () => {
    const main = 'import "./a.js"; new Worker(new URL("../research/job.js", import.meta.url));';
    const files = { "cli/main.ts": main, "cli/a.ts": "", "research/job.ts": "", "cli/b.ts": "" };
    const tree = sources({ ...files, "tests/b.test.ts": 'import "../cli/b.js";' });
    expect(deadFiles(tree, [])).toEqual([expect.stringContaining("cli/b.ts:1 ")]);
  });

  test("support that no test uses is dead", () => {
    const files = { "tests/a.test.ts": 'import "./support/a.js";', "tests/support/a.ts": "", "tests/support/b.ts": "" };
    expect(deadFiles(sources(files), [])).toEqual([expect.stringContaining("tests/support/b.ts:1 ")]);
  });

  test("an export lives by one importer, a whole import of its file, or a signature of its own file", () => {
    const a = "export const one = 1; export const two = 2; export interface Three {} export const f = (x: Three) => x;";
    const files = { "cli/a.ts": a, "cli/b.ts": 'import { one, f } from "./a.js";' };
    expect(deadExports(sources(files), [])).toEqual([expect.stringContaining("exports two")]);
    expect(deadExports(sources({ ...files, "cli/c.ts": 'import * as a from "./a.js";' }), [])).toEqual([]);
  });
});

test("one place alone declares an order approved: the gate", () => {
  const forged = new Source("actors/x.ts", "send(row as unknown as Approved<number>);");
  expect(approvals([forged])).toEqual(["actors/x.ts:1"]);
  expect(approvals(tree).map((place) => place.replace(/:\d+$/, ""))).toEqual(["engine/risk/pretrade.ts"]);
});

test(`a production install holds at most ${PRODUCTION_PACKAGES_MAX} packages`, () => {
  const packages = productionPackages(readJson<Lockfile>("package-lock.json"));
  console.info(`${packages.length} production packages; ${functionReport(tree)}`);
  expect(packages.length, packages.join(" ")).toBeLessThanOrEqual(PRODUCTION_PACKAGES_MAX);
});

function expectNone(complaints: readonly string[]): void {
  expect(complaints.length, `\n${complaints.join("\n")}\n`).toBe(0);
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8")) as T;
}

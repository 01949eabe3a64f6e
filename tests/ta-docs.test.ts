/**
 * docs/indicators.md and docs/statistics.md: their programs print what they say, the strategy compiles and runs, the
 * commands work on files.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import { formatHash, stateHash } from "../engine/index.js";
import { createMathCore } from "../wasm/index.js";
import { runCommand, withDirectory } from "./support/command.js";
import { configAt, loadAll, MS, START_US, simulate, takeAll } from "./support/engine.js";
import { syntheticMarket } from "./support/synthetic-market.js";

const ROOT = join(import.meta.dirname, "..");
const documents = Object.fromEntries(
  ["indicators", "statistics"].map((name) => [name, readFileSync(join(ROOT, `docs/${name}.md`), "utf8")]),
);
const block = (document: string, language: string): string =>
  documents[document].match(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms"))![1];

/** A directory like that of somebody who has installed the package. */
const withProject = (work: (directory: string) => unknown): Promise<void> =>
  withDirectory(async (directory) => {
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(ROOT, join(directory, "node_modules/sluice"));
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    await work(directory);
  });

const programs = Object.entries(documents).flatMap(([name, text]) =>
  [...text.matchAll(/^```js\n(.*?)^```\n\n```text\n(.*?)^```/gms)].map(([, code, printed]) => ({
    name,
    code,
    printed,
  })),
);

test.each(programs)("a program of $name.md prints what the document says", ({ code, printed }) =>
  withProject((directory) => {
    writeFileSync(join(directory, "program.js"), code);
    const { stdout, stderr } = spawnSync(process.execPath, ["program.js"], { cwd: directory, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe(printed);
  }),
);

test("the strategy compiles, and two engines with it come to the same state", () =>
  withProject(async (directory) => {
    const path = join(directory, "pullback.ts");
    writeFileSync(path, block("indicators", "ts"));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const options = "--noEmit --strict --skipLibCheck --module nodenext --target es2023 --lib es2023,dom".split(" ");
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, path], { cwd: directory, encoding: "utf8" });
    expect(stdout).toBe("");
    const bundles = [await bundleStrategy(path)];
    const hashes = [1, 2].map(() => {
      const { simulation, engine, config } = simulate(loadAll(bundles, createMathCore()));
      takeAll(simulation, [configAt(START_US, config), ...syntheticMarket(1_500, 9)]);
      expect(engine.strategies[0].enabled).toBe(true);
      expect(engine.math.indicators.every(({ ready }) => ready)).toBe(true);
      return formatHash(stateHash(engine));
    });
    expect(hashes[1]).toBe(hashes[0]);
  }));

test.each([
  ["indicators", 5],
  ["statistics", 6],
])("the commands of %s.md run on files", (document, count) =>
  withDirectory(async (directory) => {
    const rows = Array.from({ length: 90 }, (_, index) => {
      const close = 9 + ((index * 37) % 101) / 50;
      return [`${(START_US + index * MS) / 1e3}`, close, close + 1, close - 1, close, 5, 20 - close];
    });
    writeFileSync(
      join(directory, "portfolio.csv"),
      csvOf(
        "time,SPY,TLT",
        rows.map((row) => [row[0], row[4], row[6]]),
      ),
    );
    const bars = csvOf(
      "time,open,high,low,close,volume",
      rows.map((row) => row.slice(0, 6)),
    );
    for (const name of ["quotes.csv", "prices.csv"]) writeFileSync(join(directory, name), bars);
    const commands = [...block(document, "sh").matchAll(/^npx sluice (.*?)(?: +#.*)?$/gm)].map(
      ([, command]) => command,
    );
    expect(commands).toHaveLength(count);
    for (const command of commands) {
      const args = command.split(" ").map((arg) => (/\.(csv|svg)$/.test(arg) ? join(directory, arg) : arg));
      const { code, stderr } = await runCommand(args);
      expect(code, `${command}\n${stderr}`).toBe(0);
    }
  }),
);

const csvOf = (header: string, rows: readonly (readonly unknown[])[]): string =>
  `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;

/** docs/indicators.md: its program prints what it says, its strategy compiles and runs, its commands work on a file. */
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
const text = readFileSync(join(ROOT, "docs/indicators.md"), "utf8");
const block = (language: string): string => text.match(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms"))![1];

/** A directory like that of somebody who has installed the package. */
const withProject = (work: (directory: string) => unknown): Promise<void> =>
  withDirectory(async (directory) => {
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(ROOT, join(directory, "node_modules/sluice"));
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    await work(directory);
  });

test("the program prints what the document says", () =>
  withProject((directory) => {
    writeFileSync(join(directory, "indicators.js"), block("js"));
    const { stdout, stderr } = spawnSync(process.execPath, ["indicators.js"], { cwd: directory, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe(block("text"));
  }));

test("the strategy compiles, and two engines with it come to the same state", () =>
  withProject(async (directory) => {
    const path = join(directory, "pullback.ts");
    writeFileSync(path, block("ts"));
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

test("the commands run on a file", () =>
  withDirectory(async (directory) => {
    const csv = join(directory, "quotes.csv");
    const lines = Array.from(
      { length: 60 },
      (_, index) => `${(START_US + index * MS) / 1e3},9,11,8,${9 + (index % 3)},5`,
    );
    writeFileSync(csv, `time,open,high,low,close,volume\n${lines.join("\n")}\n`);
    const commands = [...block("sh").matchAll(/^npx sluice (.*?)(?: +#.*)?$/gm)].map(([, command]) => command);
    expect(commands).toHaveLength(5);
    for (const command of commands) {
      const args = command.split(" ").map((arg) => (/\.(csv|svg)$/.test(arg) ? join(directory, arg) : arg));
      expect(await runCommand(args), command).toMatchObject({ code: 0, stderr: "" });
    }
  }));

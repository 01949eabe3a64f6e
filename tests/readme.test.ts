/**
 * The README's code, as a reader would use it: in a directory of its own, with the package installed under its name, it
 * compiles, the strategy runs, and the client prints what a stream tells it.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import { DEFAULT_STREAM_URL } from "../cli/watch.js";
import { withDirectory } from "./support/command.js";
import { feed, RecordMaker, run, testStream } from "./support/stream.js";

const ROOT = join(import.meta.dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
const [strategy, mathematics, client] = ['from "sluice";', 'from "sluice/ta";', 'from "sluice/client";'].map((line) =>
  examples.find((code) => code.includes(line)),
) as string[];

test("every example compiles in a project that has the package", () =>
  withProject((directory) => {
    expect(examples).toEqual([strategy, mathematics, client]);
    const files = { "strategy.ts": strategy, "mathematics.ts": mathematics, "client.ts": client };
    for (const [file, code] of Object.entries(files)) writeFileSync(join(directory, file), code);
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const options = "--noEmit --strict --skipLibCheck --module nodenext --target es2023 --lib es2023,dom".split(" ");
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...Object.keys(files)], {
      cwd: directory,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  }));

test("the strategy can be bundled and loaded by the engine", () =>
  withProject(async (directory) => {
    writeFileSync(join(directory, "strategy.ts"), strategy);
    expect((await bundleStrategy(join(directory, "strategy.ts"))).id).toBe("ema-cross");
  }));

test("the mathematics gives the same number as a batch and bar by bar", () =>
  withProject(async (directory) => {
    const { code } = await transform(mathematics, { loader: "ts" });
    writeFileSync(join(directory, "mathematics.js"), code);
    expect(await firstLines(1, directory, "mathematics.js")).toEqual(["true"]);
  }));

test("the client prints the trades and fills of a stream", () =>
  withProject(async (directory) => {
    const stream = await testStream(undefined);
    try {
      const maker = new RecordMaker();
      stream.begin(run);
      feed(stream, [maker.trade(1), maker.quote(1), maker.fill(7)]);
      expect(client).toContain(DEFAULT_STREAM_URL);
      const { code } = await transform(client.replace(DEFAULT_STREAM_URL, stream.streamUrl), { loader: "ts" });
      writeFileSync(join(directory, "client.js"), code);
      expect(await firstLines(3, directory, "client.js")).toEqual([
        "config undefined undefined",
        "trade BTC/USDT.BINANCE 61686.00",
        "fill BTC/USDT.BINANCE 61686.00",
      ]);
    } finally {
      await stream.close();
    }
  }));

/** A directory like that of somebody who has installed the package. */
const withProject = (work: (directory: string) => unknown): Promise<void> =>
  withDirectory(async (directory) => {
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(ROOT, join(directory, "node_modules", "sluice"));
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    await work(directory);
  });

/** What a program prints first; it is ended then. Throws when it ends by itself before. */
async function firstLines(count: number, directory: string, file: string): Promise<string[]> {
  const child = spawn(process.execPath, [file], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let stdout = "";
  let stderr = "";
  try {
    await new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        if (stdout.split("\n").length > count) resolve();
      });
      void ended.then(() => reject(new Error(`${file} ended early:\n${stdout}${stderr}`)));
    });
  } finally {
    child.kill();
    await ended;
  }
  return stdout.split("\n").slice(0, count);
}

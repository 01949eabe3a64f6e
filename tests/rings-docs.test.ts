/** The program of docs/rings.md, as a reader would run it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withDirectory } from "./support/command.js";

const ROOT = join(import.meta.dirname, "..");
const text = readFileSync(join(ROOT, "docs/rings.md"), "utf8");
const block = (language: string): string => text.match(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms"))![1];

test("the document's program prints what the document says", () =>
  withDirectory(async (directory) => {
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(ROOT, join(directory, "node_modules/sluice"));
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    writeFileSync(join(directory, "two-threads.js"), block("js"));
    const { stdout, stderr, status } = spawnSync(process.execPath, ["two-threads.js"], {
      cwd: directory,
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(stderr).toBe("");
    expect(stdout).toBe(block("text"));
    expect(status).toBe(0);
  }));

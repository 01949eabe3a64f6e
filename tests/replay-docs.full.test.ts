/**
 * The commands of docs/replay.md, run on a demo's journal: each says what the document shows of it, but for numbers,
 * times and sides, which differ from run to run.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./support/command.js";

const ENTRY = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const JOURNAL = ".sluice/demo/today";
const document = readFileSync(fileURLToPath(new URL("../docs/replay.md", import.meta.url)), "utf8");
const blocks = [...document.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```/gm)].map(([, command, shown]) => ({
  command,
  shown: shown.split("\n").slice(0, -1),
}));
const [demo, ...looks] = blocks;

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-docs-"));
  const { args } = parsed(demo.command);
  const { code, stderr } = await runCommand([...args, "--port", "0", "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A line of a shell as what the program gets: its arguments, and its stdin where printf stands before it. */
function parsed(line: string): { args: string[]; input: string } {
  const [, input = "", command] = /^(?:printf '(.*?)' \| )?npx sluice (.*)$/.exec(line)!;
  const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word);
  return {
    args: args.map((each) => (each === JOURNAL ? join(directory, "today") : each)),
    input: input.replaceAll("\\n", "\n"),
  };
}

test.each(looks)("$command", ({ command, shown }) => {
  const { args, input } = parsed(command);
  const { stdout, stderr, status } = spawnSync(process.execPath, [ENTRY, ...args], { input, encoding: "utf8" });
  const said = `${stdout}${stderr}`.replaceAll(join(directory, "today"), JOURNAL).split("\n").slice(0, -1);
  expect(status, stderr).toBe(shown[0].startsWith("sluice: ") ? 1 : 0);
  expectShown(shown, said);
});

test("the document shows every way to look", () => {
  const options = looks.map(({ command }) => command).join(" ");
  for (const option of ["--at", "--until", "--step", "--why", "whatif", "--params", "--risk"])
    expect(options).toContain(option);
});

/** Every shown line was said, in this order; only an ellipsis leaves lines out. */
function expectShown(shown: readonly string[], said: readonly string[]): void {
  let at = 0;
  let mayLeaveOut = false;
  for (const line of shown) {
    if (line === "…") {
      mayLeaveOut = true;
      continue;
    }
    const found = said.findIndex((each, index) => index >= at && isAlike(line, each));
    expect(found, `"${line}" in\n${said.slice(at, at + 40).join("\n")}`).toBeGreaterThanOrEqual(0);
    if (!mayLeaveOut) expect(found, `"${line}" at once, not behind\n${said.slice(at, found).join("\n")}`).toBe(at);
    at = found + 1;
    mayLeaveOut = false;
  }
  if (!mayLeaveOut) expect(said.slice(at)).toEqual([]);
}

function isAlike(shown: string, said: string): boolean {
  const cut = shown.indexOf("…");
  if (cut < 0) return shapeOf(shown) === shapeOf(said);
  return shapeOf(said).startsWith(shapeOf(shown.slice(0, cut).trimEnd()));
}

/** A line without what differs from run to run. */
function shapeOf(line: string): string {
  return line
    .replace(/\b[0-9a-f]{16}\b/g, "HASH")
    .replace(/code [0-9a-f]{8}\b/g, "code HASH")
    .replace(/\([0-9a-z]{8,18} at the venue\)/g, "(TEXT at the venue)")
    .replace(/[+-]?\d[\d.,:TZ-]*(?: \d{3}\b)*/g, "N")
    .replace(/\bN (µs|ms|s)\b/g, "N UNIT")
    .replace(/\b(buy|sell)\b/g, "SIDE")
    .replace(/\b(input|output|record)s?\b/g, "$1")
    .replace(/ +/g, " ")
    .trim();
}

/**
 * Replays one journal on every Node that sluice supports, each with its compilers and without (--jitless), and compares
 * the state hashes. Without --journal it records a short paper run first. Exit codes: 0 all hashes are equal, 1 they
 * differ or a replay failed, 2 it was asked for something that cannot be.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findNodes, thisNode } from "./nodes.mjs";

const USAGE = `usage: npm run determinism -- [--journal DIR] [--current] [--json]
  --journal DIR  the journal to replay (default: records a paper run of five seconds)
  --current      this Node only, with and without --jitless; needs no network
  --json         one JSON value on stdout and nothing else`;

const root = resolve(import.meta.dirname, "..", "..");
const replayCommand = join(root, "dist", "cli", "main.js");
const DEMO = ["--duration", "5s", "--speed", "5", "--port", "0", "--json"];
const MODES = [
  { mode: "compiled", flags: [] },
  { mode: "jitless", flags: ["--jitless"] },
];

const say = (text) => process.stderr.write(`determinism: ${text}\n`);

async function main() {
  const options = readOptions();
  build();
  const { journal, recordedHash } = options.journal ? { journal: options.journal, recordedHash: null } : record();
  const { nodes, leftOut } = options.current
    ? { nodes: [], leftOut: [] }
    : findNodes(join(root, ".sluice", "node"), say);
  const rows = [];
  for (const node of [thisNode, ...nodes]) {
    for (const mode of MODES) rows.push(await replayOn(node, mode, journal));
  }
  const equal = report(rows, leftOut, recordedHash, options);
  if (!options.journal && equal) rmSync(journal, { recursive: true });
  else if (!options.journal) say(`the journal stays in ${journal}`);
  return equal ? 0 : 1;
}

/** Asked for something that cannot be. */
class UsageError extends Error {}

function readOptions() {
  const values = parse();
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  if (values.journal === undefined) return values;
  if (!existsSync(values.journal)) throw new UsageError(`there is no journal ${values.journal}; name its directory`);
  return { ...values, journal: resolve(values.journal) };
}

function parse() {
  const flag = { type: "boolean", default: false };
  try {
    return parseArgs({ options: { journal: { type: "string" }, current: flag, json: flag, help: flag } }).values;
  } catch (error) {
    throw new UsageError(`${error.message}\n${USAGE}`);
  }
}

/** Once and by this Node, so that all of them run the same files. */
function build() {
  const builder = join(root, "cli", "build.mjs");
  const { status } = spawnSync(process.execPath, [builder, "--if-changed"], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the build failed; see the messages above");
}

/** A paper run on the local venue, and the state hash that it ended in. */
function record() {
  const journal = mkdtempSync(join(tmpdir(), "sluice-determinism-"));
  say("recording a paper run of five seconds");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "cli", "sluice.js"), "demo", ...DEMO, "--journal", journal],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the paper run failed; its journal is in ${journal}\n${stderr.trim()}`);
  return { journal, recordedHash: JSON.parse(stdout).stateHash };
}

async function replayOn({ version, command }, { mode, flags }, journal) {
  const startedMs = performance.now();
  const { status, stdout, stderr } = await run(command, [...flags, replayCommand, "replay", journal, "--json"]);
  const seconds = Number(((performance.now() - startedMs) / 1000).toFixed(2));
  if (status !== 0) return { node: version, mode, seconds, inputs: null, stateHash: null, failure: stderr.trim() };
  const { inputs, outputs, stateHash } = JSON.parse(stdout);
  return { node: version, mode, seconds, inputs, outputs, stateHash };
}

function run(command, args) {
  return new Promise((settle) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.once("error", (error) => settle({ status: 1, stdout, stderr: error.message }));
    child.once("close", (status) => settle({ status, stdout, stderr }));
  });
}

/** Prints the table and the verdict; true when all hashes are equal. */
function report(rows, leftOut, recordedHash, options) {
  const hashes = new Set(rows.map(({ stateHash }) => stateHash));
  if (recordedHash !== null) hashes.add(recordedHash);
  const failures = rows.filter(({ failure }) => failure !== undefined);
  const equal = hashes.size === 1 && failures.length === 0;
  const verdict = verdictOf(failures, hashes, rows, leftOut);
  if (options.json) {
    const result = { journal: options.journal ?? null, equal, verdict, recordedHash, rows, leftOut };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } else process.stdout.write(`${table(rows, recordedHash)}\n${verdict}\n`);
  for (const { version, reason } of leftOut) say(`LEFT OUT: Node ${version}: ${reason}`);
  for (const { node, mode, failure } of failures) say(`Node ${node} ${mode}: ${failure}`);
  return equal;
}

function verdictOf(failures, hashes, rows, leftOut) {
  const missing =
    leftOut.length === 0 ? "" : `; NOT RUN: ${leftOut.map(({ version }) => `Node ${version}`).join(", ")}`;
  if (failures.length > 0) return `FAILED: ${failures.length} of ${rows.length} replays did not finish${missing}`;
  if (hashes.size === 1) return `equal: ${rows.length} replays, one state hash, ${[...hashes][0]}${missing}`;
  return `DIFFERENT: ${hashes.size} state hashes from ${rows.length} replays${missing}`;
}

function table(rows, recordedHash) {
  const cells = rows.map(({ node, mode, seconds, inputs, stateHash }) => [
    ...[node, mode, seconds.toFixed(2), String(inputs ?? "–"), stateHash ?? "failed"],
  ]);
  if (recordedHash !== null) cells.unshift([thisNode.version, "paper run", "", "", recordedHash]);
  const lines = [["node", "mode", "seconds", "inputs", "state hash"], ...cells];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const isNumeric = (column) => column === 2 || column === 3;
  return lines
    .map((line) =>
      line
        .map((cell, column) => (isNumeric(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

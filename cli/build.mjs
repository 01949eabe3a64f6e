/**
 * Builds dist/: type-checks and compiles every folder, then writes the build hash, which is that of what can change a
 * replay: the core, the schemas and the numeric modules. `--if-changed` does nothing when no source is newer.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const FOLDERS = ["schemas", "wasm", "engine", "feeds", "actors", "research", "strategies", "cli", "bench"];
/** These reference all the others that a user runs; tests are compiled by whoever runs them. */
const TARGETS = ["cli", "strategies", "bench"];
const REPLAYED = ["schemas", "wasm", "engine"];
const stamp = join(root, "dist", "build.json");

const sources = FOLDERS.flatMap((folder) => walk(join(root, folder), /\.(ts|json)$/));
const digest = createHash("sha256");
for (const file of sources) digest.update(file.slice(root.length)).update(readFileSync(file));
const sourceHash = digest.digest("hex");

if (!process.argv.includes("--if-changed") || previous()?.sourceHash !== sourceHash) {
  if (process.argv.includes("--if-changed")) process.stderr.write("sluice: building\n");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b", ...TARGETS], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(1);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${JSON.stringify({ sourceHash, buildHash: buildHash() }, null, 2)}\n`);
}

function previous() {
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : null;
}

/** 32 bits over the compiled core. */
function buildHash() {
  const core = createHash("sha256");
  for (const file of REPLAYED.flatMap((folder) => walk(join(root, "dist", folder), /\.js$/)))
    core.update(readFileSync(file));
  return core.digest().readUInt32LE(0);
}

function walk(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return walk(path, pattern);
      return pattern.test(name) ? [path] : [];
    });
}

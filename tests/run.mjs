/**
 * Runs the tests: builds, then vitest; `--quick` leaves out the files that start servers, browsers or many processes.
 * Ends with the runner's own count.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const quick = process.argv.includes("--quick");

const step = (args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

step([join(root, "cli", "build.mjs"), "--if-changed"]);
step([join(root, "node_modules", "typescript", "bin", "tsc"), "-b"]);
step([join(root, "node_modules", "@biomejs", "biome", "bin", "biome"), "check", "."]);
step([join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...(quick ? ["--project", "quick"] : [])]);

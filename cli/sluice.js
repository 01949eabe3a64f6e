#!/usr/bin/env node
/**
 * The command's entry. In a checkout it first makes itself ready: packages when the lockfile has changed, a build
 * when a source has; then it hands over to the built CLI. Plain JavaScript on node's own modules, because nothing
 * else is there yet on a fresh clone. What it says goes to stderr: stdout belongs to the command.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const built = join(root, "dist", "cli", "main.js");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`sluice needs Node 20.19 or newer, this is ${process.versions.node}; install one from https://nodejs.org`);
}
if (existsSync(join(root, "tsconfig.json"))) prepare();
await import(pathToFileURL(built).href);

/** Installs and builds what a fresh or changed checkout lacks. */
function prepare() {
  if (!packagesMatch()) {
    say("installing packages (once, under a minute)");
    run("npm", ["ci", "--loglevel=error", "--no-progress"], "npm ci failed; check the network and try again");
  }
  run(process.execPath, [join(root, "cli", "build.mjs"), "--if-changed"], "the build failed; see the messages above");
}

/** Whether what npm has installed is what the lockfile asks for; packages for other platforms may be missing. */
function packagesMatch() {
  const installedLock = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    return path === "" || (installed[path] ? installed[path].version === version : optional);
  });
}

function run(command, args, remedy) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: false });
  if (error || status !== 0) fail(error ? `${remedy} (${error.message})` : remedy);
}

function say(text) {
  process.stderr.write(`sluice: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

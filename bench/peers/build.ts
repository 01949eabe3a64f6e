/**
 * Builds the peers' programs, each once: a program lies in a folder named by a hash of its sources, its compiler and
 * the processor, and is built again only when one of them changes. What cannot be built is left out with a line that
 * says why; it is never a failure of the benchmark.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChildOutcome, runChild } from "./child.js";
import type { PeerProgram } from "./process.js";
import { type PeerName, RECIPES, type Recipe } from "./recipes.js";

export interface BuildOptions {
  readonly names: readonly PeerName[];
  /** Where the programs go; `bench/peers/build` when left out. */
  readonly folder?: string;
}

export interface BuiltPeers {
  readonly built: PeerProgram[];
  /** One line for each program that there is not: what is left out, why, and the remedy. */
  readonly missing: string[];
}

/** Longest that one command may take, a download included. */
const STEP_MS_MAX = 240_000;
const ANSWER_MS_MAX = 20_000;
const HASH_DIGITS = 12;

const built = import.meta.url.includes("/dist/bench/");
const SOURCES = fileURLToPath(new URL(built ? "../../../bench/peers/" : "./", import.meta.url));

/** Says through `note` what it is about to compile, which may take a minute the first time. */
export async function buildPeers(note: (line: string) => void, options: BuildOptions): Promise<BuiltPeers> {
  const peers: BuiltPeers = { built: [], missing: [] };
  for (const name of options.names) {
    const outcome = await buildPeer(name, note, options).catch((error: unknown) => String(error));
    if (typeof outcome === "string") peers.missing.push(leftOut(RECIPES[name], outcome));
    else peers.built.push(outcome);
  }
  return peers;
}

/** The program, or why there is none. */
async function buildPeer(
  name: PeerName,
  note: (line: string) => void,
  { folder = join(SOURCES, "build") }: BuildOptions,
): Promise<PeerProgram | string> {
  const recipe = RECIPES[name];
  const absent = recipe.tools.filter((tool) => !isOnPath(tool));
  if (absent.length > 0) return `${absent.join(" and ")} not found on the PATH`;

  const target = join(folder, `${name}-${await hashOf(name, recipe)}`);
  if (!existsSync(target)) {
    note(`building the ${recipe.language} peer with ${recipe.tools.join(", ")}`);
    const failure = await compile(name, recipe, folder, target);
    if (failure !== undefined) return failure;
  }
  return ask(name, recipe, target);
}

/**
 * Compiles a copy of the sources outside of the tree and moves the result into place whole, so that neither a failure
 * nor a second build beside it leaves half a program. Returns why it failed.
 */
async function compile(name: PeerName, recipe: Recipe, folder: string, target: string): Promise<string | undefined> {
  const scratch = await mkdtemp(join(tmpdir(), "sluice-peer-"));
  try {
    await cp(join(SOURCES, name), scratch, { recursive: true });
    await mkdir(join(scratch, "out"));
    await mkdir(folder, { recursive: true });
    for (const { command, args, env = {} } of recipe.steps(scratch)) {
      const outcome = await runChild(command, args, { cwd: scratch, env, timeoutMs: STEP_MS_MAX });
      if (!outcome.ok) return await failureOf(command, outcome, join(folder, `${name}.log`));
    }
    await install(join(scratch, "out"), target);
    await removeOlder(name, folder, target);
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function install(out: string, target: string): Promise<void> {
  const arriving = `${target}.${process.pid}`;
  await cp(out, arriving, { recursive: true });
  await rename(arriving, target).catch(async (error: unknown) => {
    await rm(arriving, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // Otherwise another build of the same was first.
  });
}

async function removeOlder(name: PeerName, folder: string, target: string): Promise<void> {
  const older = (await readdir(folder)).filter((each) => each.startsWith(`${name}-`) && join(folder, each) !== target);
  for (const each of older) await rm(join(folder, each), { recursive: true, force: true });
}

/** Starts the program once: one that was built and does not run here is as good as missing. */
async function ask(name: PeerName, recipe: Recipe, target: string): Promise<PeerProgram | string> {
  const { command, args } = recipe.start(target);
  const outcome = await runChild(command, args, { input: "lanes\n", timeoutMs: ANSWER_MS_MAX });
  const answer = outcome.output.split("\n").find((line) => line.startsWith('{"lanes"'));
  if (answer === undefined)
    return `its program ${outcome.end} when asked for its lanes; remove ${target} and try again`;
  const { version } = JSON.parse(answer) as { version: Record<string, string> };
  return { name, command, args, versions: version };
}

/** Sources, compiler and processor: code for one processor may not run on another. */
async function hashOf(name: PeerName, recipe: Recipe): Promise<string> {
  const { log } = await runChild(recipe.compiler, ["--version"], { timeoutMs: ANSWER_MS_MAX });
  const hash = createHash("sha256").update(JSON.stringify([log, cpus()[0]?.model, process.arch]));
  const sources = join(SOURCES, name);
  hash.update(JSON.stringify(recipe.steps(sources)));
  const files = await readdir(sources, { recursive: true, withFileTypes: true });
  const paths = files.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  for (const path of paths.sort()) hash.update(path.slice(sources.length)).update(await readFile(path));
  return hash.digest("hex").slice(0, HASH_DIGITS);
}

function isOnPath(tool: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((each) => each !== "");
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The line that says most, with everything else in a file. */
async function failureOf(command: string, { log, end }: ChildOutcome, logPath: string): Promise<string> {
  await writeFile(logPath, log);
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1);
  return `${command} ${end}${telling === undefined ? "" : ` (${telling.trim()})`}; all it said is in ${logPath}`;
}

function leftOut({ language, peers, remedy }: Recipe, why: string): string {
  return `${language} peers are left out (${peers}): ${why}; ${remedy}`;
}

/**
 * The command `top`: a running engine's threads, rings, latencies, drops and errors, from the page that it leaves in
 * memory. The engine is asked nothing, so it works when the engine's threads hang, and on what a killed one has left.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { pageFolders } from "../actors/metrics-page/directory.js";
import type { EngineFigures } from "../actors/metrics-page/figures.js";
import { PageError } from "../actors/metrics-page/reader.js";
import { type FoundPage, findPages, PageWatcher } from "../actors/metrics-page/watcher.js";
import { ConfigError } from "../engine/index.js";
import type { Output } from "./output.js";
import { Screen } from "./top/screen.js";
import { clean, plainTopLine, renderTop, stateText } from "./top/top-view.js";
import { COLOURED, type Palette, PLAIN } from "./view/terminal-view.js";

export interface TopCommandOptions {
  /** Which engine; without it the only one. */
  readonly pid?: number;
  readonly once: boolean;
  readonly json: boolean;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Where pages are looked for; default: where engines write them. */
  readonly folders?: readonly string[];
}

/** Of a terminal that does not say how high it is. */
const ROWS = 25;

/** Shows until the engine has ended or `signal` is aborted. Throws when there is no engine to be seen. */
export async function runTop(options: TopCommandOptions, output: Output, signal: AbortSignal): Promise<void> {
  const watcher = new PageWatcher(choose(options).path);
  try {
    if (options.once) await showOnce(watcher, options, output, signal);
    else await showOn(watcher, options, output, signal);
  } finally {
    watcher.close();
  }
}

/** Two looks, for rates need them; one where nothing changes any more. */
async function showOnce(
  watcher: PageWatcher,
  { json, interval }: TopCommandOptions,
  output: Output,
  signal: AbortSignal,
) {
  let figures = watcher.look();
  if (isLive(figures)) {
    await pause(interval, signal);
    figures = watcher.look();
  }
  if (json) output.json(figures);
  else for (const line of renderTop(figures, palette(), Number.POSITIVE_INFINITY)) output.line(line);
}

async function showOn(
  watcher: PageWatcher,
  { json, interval }: TopCommandOptions,
  output: Output,
  signal: AbortSignal,
) {
  const inPlace = !json && Boolean(process.stdout.isTTY) && process.env.TERM !== "dumb";
  const screen = inPlace ? new Screen(process.stdout) : null;
  try {
    while (!signal.aborted) {
      const figures = watcher.look();
      if (json) output.line(JSON.stringify(figures));
      else if (screen) screen.draw(renderTop(figures, palette(), (process.stdout.rows ?? ROWS) - 1));
      else output.line(plainTopLine(figures));
      if (!isLive(figures)) {
        if (!json) output.note(`sluice: process ${figures.pid} is ${stateText(figures)}`);
        return;
      }
      await pause(interval, signal);
    }
  } finally {
    screen?.close();
  }
}

const isLive = ({ state }: EngineFigures): boolean => state === "running" || state === "silent";
const palette = (): Palette => (process.stdout.isTTY && !process.env.NO_COLOR ? COLOURED : PLAIN);

/** Until the next look, or until somebody wants no more. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** The page that is meant. Throws when there is none, or more than one. */
function choose({ pid, folders = pageFolders() }: TopCommandOptions): FoundPage {
  const pages = findPages(folders);
  const meant =
    pid === undefined ? pages.filter(({ isRunning }) => isRunning) : pages.filter((page) => page.pid === pid);
  if (meant.length === 1 || (pid !== undefined && meant.length > 0)) return meant[0];
  if (meant.length > 1) throw new ConfigError(`${meant.length} engines run; name one:${meant.map(choice).join("")}`);
  const ended = pages.filter(({ isRunning }) => !isRunning);
  const hint = ended.length === 0 ? "" : `; these left their last words:${ended.map(choice).join("")}`;
  if (pid === undefined) throw new PageError(`no engine of yours runs: start one with "sluice demo"${hint}`);
  throw new PageError(`process ${pid} is no engine of yours, or it ended in order${hint}`);
}

function choice({ pid, path }: FoundPage): string {
  return `\n  sluice top ${pid}   ${describe(path)}`;
}

function describe(path: string): string {
  try {
    const watcher = new PageWatcher(path);
    try {
      const { started, asOf, state, about } = watcher.look();
      const when = state === "gone" ? `${started} to ${asOf}` : `since ${started}`;
      return clean(`${when}   ${about.run ?? ""}   ${about.journal ?? ""}`).trimEnd();
    } finally {
      watcher.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Loads a capture: per symbol one gzip file whose first line is the REST depth snapshot and whose other lines are
 * stream frames in the order they were received. It only reads; the bytes of every payload survive loading.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Frame, kindOfChannel, splitFrame } from "./frame.js";
import type { DepthSnapshot } from "./venue-book.js";

const US_PER_SECOND = 1_000_000;
/** Lines start with nanoseconds; their first sixteen digits are microseconds, which a float64 holds exactly. */
const US_DIGITS = 16;
const STREAM_LINE = /^\d{19} \{"stream":"([a-z0-9]+)@([^"]+)","data":(.*)\}$/s;

export interface Capture {
  /** In the order of the files' names. */
  readonly symbols: readonly string[];
  /** By symbol: the book when the window starts. */
  readonly snapshots: ReadonlyMap<string, DepthSnapshot>;
  /** Of all symbols, by time of receipt. */
  readonly frames: readonly Frame[];
  /** Start of the window, microseconds since the epoch, a whole second. */
  readonly startUs: number;
  /** Whole seconds: how long one loop of the replay lasts. */
  readonly periodUs: number;
}

/** The capture that comes with the package; found from source and from built output alike. */
export function bundledCaptureDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
  return join(directory, "feeds", "local-venue", "capture");
}

/** Loads `<symbol>.gz` of each symbol, or of all there are. Throws when a file is missing or not a capture. */
export function loadCapture(directory = bundledCaptureDirectory(), symbols = symbolsIn(directory)): Capture {
  const files = symbols.map((symbol) => loadFile(directory, symbol));
  const starts = new Set(files.map((file) => file.startUs));
  if (starts.size !== 1) throw new Error(`the captures in ${directory} do not start in the same second`);
  const frames = files.flatMap((file) => file.frames).sort((a, b) => a.offsetUs - b.offsetUs);
  return {
    symbols,
    snapshots: new Map(files.map((file, index) => [symbols[index]!, file.snapshot])),
    frames,
    startUs: files[0]!.startUs,
    periodUs: (Math.floor(frames.at(-1)!.offsetUs / US_PER_SECOND) + 1) * US_PER_SECOND,
  };
}

function symbolsIn(directory: string): readonly string[] {
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const symbols = names
    .filter((name) => name.endsWith(".gz"))
    .map((name) => name.slice(0, -".gz".length).toUpperCase());
  if (symbols.length === 0) throw new Error(`no capture (<symbol>.gz) in ${directory}`);
  return symbols.sort();
}

function loadFile(directory: string, symbol: string) {
  const path = join(directory, `${symbol.toLowerCase()}.gz`);
  if (!existsSync(path)) throw new Error(`no capture of ${symbol}: ${path} does not exist`);
  const [first = "", ...lines] = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  const startUs = Math.floor(Number(first.slice(0, US_DIGITS)) / US_PER_SECOND) * US_PER_SECOND;
  const snapshot = JSON.parse(first.slice(first.indexOf(" ") + 1)) as DepthSnapshot;
  const frames = lines.map((line) => readFrame(line, symbol, startUs));
  if (!frames.some((frame) => frame.kind === "depth")) throw new Error(`${path} holds no depth frame`);
  return { startUs, snapshot, frames };
}

function readFrame(line: string, symbol: string, startUs: number): Frame {
  const [, stream, channel = "", payload = ""] = STREAM_LINE.exec(line) ?? [];
  const kind = kindOfChannel(channel);
  if (!kind || stream?.toUpperCase() !== symbol) {
    throw new Error(`the capture of ${symbol} holds a line that is no frame of it: ${line.slice(0, 200)}`);
  }
  return splitFrame(Number(line.slice(0, US_DIGITS)) - startUs, symbol, kind, payload);
}

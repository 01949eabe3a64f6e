/** A journal on disk for tests: a simulated run of both example strategies, sealed into segment files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { segmentPath } from "../../actors/journal/journal-directory.js";
import { bundleStrategy } from "../../cli/strategy-bundle.js";
import { InlineSimulation } from "../../engine/index.js";
import {
  MessageType,
  Mode,
  QUOTE_ASK_LOTS,
  QUOTE_RECEIVE_TIME_US,
  QUOTE_UPDATE_ID,
  TRADE_VENUE_TIME_US,
} from "../../schemas/index.js";
import { createMathCore } from "../../wasm/index.js";
import { configAt, engineConfig, loadAll, type Message, Recording, START_US, takeAll } from "./engine.js";
import { syntheticMarket } from "./synthetic-market.js";
import { sealSegments } from "./tape.js";

/** Records of a paper run over `count` made-up market messages. */
export async function recordRun(count: number, seed: number): Promise<Uint8Array[]> {
  const bundles = await Promise.all(
    ["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)),
  );
  const config = engineConfig({ strategies: bundles.map(({ id, sha256 }) => ({ id, bundle: sha256, params: {} })) });
  const math = createMathCore();
  const recording = new Recording();
  const simulation = new InlineSimulation({ config, math, strategies: loadAll(bundles, math) }, recording.onLogged);
  takeAll(simulation, [configAt(START_US, config, Mode.Paper)]);
  takeAll(simulation, individual(syntheticMarket(count, seed)));
  return recording.records;
}

/** Tells apart what the made-up market has alike: times get fractions, quotes an id and sides of their own. */
function* individual(messages: Iterable<Message>): Generator<Message> {
  let updateId = 100;
  for (const message of messages) {
    const { f64 } = message.views;
    if (message.type === MessageType.Trade) f64[TRADE_VENUE_TIME_US >> 3] += 0.75;
    if (message.type === MessageType.Quote) {
      f64[QUOTE_RECEIVE_TIME_US >> 3] += 0.625;
      f64[QUOTE_UPDATE_ID >> 3] = updateId += 3;
      f64[QUOTE_ASK_LOTS >> 3] += updateId % 7;
    }
    yield message;
  }
}

export function writeJournal(directory: string, records: readonly Uint8Array[], segments: number): void {
  mkdirSync(directory, { recursive: true });
  sealSegments(records, { segments }).forEach(({ bytes }, segment) => {
    writeFileSync(segmentPath(directory, segment), bytes);
  });
}

/** Runs `work` with an empty directory and removes it. */
export async function withDirectory<T>(work: (directory: string) => T | Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "sluice-journal-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

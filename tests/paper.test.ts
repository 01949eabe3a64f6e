/**
 * The paper topology in real threads: engine, simulated venue and journal over shared rings, fed as fast as it takes.
 * What stands in the journal must not depend on how the threads were scheduled.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { createJournalDirectory, readSegments } from "../actors/journal/journal-directory.js";
import { prepareMemory } from "../actors/prepare-memory.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import { NONE } from "../actors/ring/layout.js";
import { Supervisor } from "../actors/supervisor.js";
import { ThreadContext } from "../actors/threads/thread-data.js";
import { bundleStrategies } from "../cli/strategies.js";
import { formatHash, readTape, stateHash } from "../engine/index.js";
import { backtest } from "../research/backtest.js";
import { OperatorAction } from "../schemas/index.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { withDirectory } from "./support/command.js";
import { clockAt, configAt, engineConfig, type Message, operatorAt, SECOND, START_US } from "./support/engine.js";
import { engineBytes } from "./support/record-bytes.js";
import { syntheticMarket } from "./support/synthetic-market.js";

const EXAMPLES = ["strategies/ema-cross.ts", "strategies/market-maker.ts"];

interface Ring {
  claim(type: number, bytes: number): number;
  commit(): void;
  publish(): void;
  readonly views: { readonly u8: Uint8Array };
}

/** Runs the three threads over messages and stops them in order; returns when the journal is closed. */
async function paperRun(directory: string, messages: Iterable<Message>): Promise<void> {
  const strategies = await bundleStrategies(EXAMPLES, {}, createMathCore());
  const config = engineConfig({ strategies: strategies.map((each) => each.config) });
  createJournalDirectory(directory, new Map(strategies.map((each) => [each.config.bundle, each.text])));
  const data = prepareMemory("shared");
  const context = new ThreadContext("main", data);
  const supervisor = new Supervisor(context);
  const failed = supervisor.failure.then((error) => Promise.reject(error));
  try {
    await supervisor.start("journal", { ...data, directory, mode: "durable", firstSegment: 0, previousCrc: 0 });
    await supervisor.start("venue", { ...data, config });
    await supervisor.start("engine", { ...data, config, directory, simulated: true });
    await Promise.race([failed, feed(context, config, messages)]);
  } finally {
    for (const name of ["engine", "venue", "journal"] as const) await supervisor.stop(name);
    supervisor.close();
  }
}

async function feed(
  context: ThreadContext,
  config: Parameters<typeof configAt>[1],
  messages: Iterable<Message>,
): Promise<void> {
  const control = context.producer("control");
  const market = context.producer("market");
  const put = async (ring: Ring, message: Message): Promise<void> => {
    let at = ring.claim(message.type, message.bytes);
    while (at === NONE) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      at = ring.claim(message.type, message.bytes);
    }
    ring.views.u8.set(message.views.u8.subarray(message.at, message.at + message.bytes), at);
    ring.commit();
    ring.publish();
    context.controls.engine.doorbell.ring();
  };
  await put(control, configAt(START_US, config));
  while (context.counters.get("engine.inputs") < 1) await new Promise((resolve) => setTimeout(resolve, 1));
  let lastUs = START_US;
  for (const message of messages) {
    lastUs = Math.max(lastUs, message.views.f64[2]);
    await put(market, message);
  }
  await put(control, clockAt(lastUs + SECOND));
  await put(control, operatorAt(lastUs + SECOND, OperatorAction.Stop));
  while (context.counters.get("engine.stopped") === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}

test.each([11, 12, 13])(
  "the journal of a paper run is what a backtest over it writes (market seed %i)",
  async (seed) => {
    await withDirectory(async (parent) => {
      const directory = join(parent, "journal");
      await paperRun(directory, syntheticMarket(20_000, seed));
      const math = createMathCore();
      const made: Uint8Array[] = [];
      const { engine } = backtest({
        tape: readSegments(directory),
        crc32c: createCrc32c(),
        math,
        load: recordedStrategies(directory),
        onLogged: (_type, _timeUs, views, at, bytes) => made.push(engineBytes(views.u8, at, bytes)),
      });
      let compared = 0;
      readTape(readSegments(directory), createCrc32c(), ({ views, recordAt, recordBytes, sequence, index }) => {
        const recorded = engineBytes(views.u8, recordAt, recordBytes);
        if (Buffer.compare(recorded, made[compared]) !== 0) throw new Error(`record ${sequence}.${index} differs`);
        compared += 1;
      });
      expect(compared).toBe(made.length);
      expect(engine.fills).toBeGreaterThan(10);
      expect(formatHash(stateHash(engine))).toMatch(/^[0-9a-f]{16}$/);
    });
  },
);

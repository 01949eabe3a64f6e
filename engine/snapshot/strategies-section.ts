/**
 * Strategies in a snapshot: timers, indicators and each one's random words and state. Indicators come before the
 * states that refer to them by their numbers.
 */
import { MathStateError } from "../../wasm/index.js";
import type { Engine } from "../engine.js";
import { StateFault, StateWalk } from "../strategy/state-walk.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { readGraph } from "./graph-reader.js";
import { GraphWriter } from "./graph-writer.js";

export function writeTimers(writer: ByteWriter, { timers }: Engine): void {
  writer.doubles(timers.earliest);
  for (const { dueUs, firedUs } of timers.all) {
    writer.f64(dueUs);
    writer.f64(firedUs);
  }
}

export function readTimers(reader: ByteReader, { timers }: Engine): void {
  reader.doubles(timers.earliest);
  for (const timer of timers.all) {
    timer.dueUs = reader.f64();
    timer.firedUs = reader.f64();
  }
}

export function writeArena(writer: ByteWriter, { math }: Engine): void {
  writer.u32(math.arenaUsed);
  writer.raw(math.arenaBytes());
}

export function readArena(reader: ByteReader, { math }: Engine): void {
  const bytes = reader.raw(reader.count(1, "the arena's length"));
  try {
    math.recreate(bytes);
  } catch (error) {
    if (error instanceof MathStateError) reader.refuse(error.message);
    throw error;
  }
}

/** Throws StateFault when a state cannot be kept. That of a strategy that is switched off is left out. */
export function writeStrategies(writer: ByteWriter, { strategies, math }: Engine): void {
  const walk = new StateWalk(new GraphWriter(writer));
  for (const { id, enabled, context, state } of strategies) {
    writer.u8(enabled ? 1 : 0);
    for (const word of context._random.words) writer.u32(word);
    if (enabled) writeState(id, () => walk.walk(state, math.indicators, true));
  }
}

export function readStrategies(reader: ByteReader, { strategies, math, regimes }: Engine): void {
  const referred = { indicators: math.indicators, regimes: regimes.all };
  for (const host of strategies) {
    host.enabled = reader.flag("enabled");
    const { words } = host.context._random;
    for (let word = 0; word < words.length; word += 1) words[word] = reader.u32();
    host.state = host.enabled ? readGraph(reader, referred) : undefined;
  }
}

function writeState(strategy: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw error instanceof StateFault ? new StateFault(`strategy ${strategy}: ${error.message}`) : error;
  }
}

/**
 * An engine's whole state as bytes, and back into an engine that was just made of the same configuration. What comes
 * back goes on exactly as the one that was written, and is written again as the same bytes.
 *
 *     version u32, then sections: [length u32] what it holds…
 */
import type { Engine } from "../engine.js";
import { ByteReader, SnapshotError } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { readMarket, writeMarket } from "./market-section.js";
import { readOrders, readPositions, readTrades, writeOrders, writePositions, writeTrades } from "./orders-section.js";
import { readRegimes, writeRegimes } from "./regimes-section.js";
import {
  readArena,
  readStrategies,
  readTimers,
  writeArena,
  writeStrategies,
  writeTimers,
} from "./strategies-section.js";

const VERSION = 2;

interface Section {
  readonly write: (writer: ByteWriter, engine: Engine) => void;
  readonly read: (reader: ByteReader, engine: Engine) => void;
}

/** In the order of the file. */
const SECTIONS: readonly Section[] = [
  { write: writeShape, read: readShape },
  { write: writeProgress, read: readProgress },
  { write: writeMarket, read: readMarket },
  { write: writeOrders, read: readOrders },
  { write: writeTrades, read: readTrades },
  { write: writePositions, read: readPositions },
  { write: writeTimers, read: readTimers },
  { write: writeArena, read: readArena },
  { write: writeRegimes, read: readRegimes },
  { write: writeStrategies, read: readStrategies },
];

/** Between two inputs. Throws StateFault when a strategy keeps what cannot be kept: leave this snapshot out. */
export function encodeState(engine: Engine): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.u32(VERSION);
  for (const { write } of SECTIONS) writer.section(() => write(writer, engine));
  return writer.finish();
}

/**
 * Into an engine that has taken nothing, whose math core has made no indicators. Throws SnapshotError when the bytes
 * are not those of such an engine's state; the engine and its core must then be thrown away.
 */
export function restoreState(engine: Engine, bytes: Uint8Array): void {
  if (engine.sequence !== 0) throw new SnapshotError("a snapshot needs an engine that has taken nothing");
  const reader = new ByteReader(bytes);
  const version = reader.u32();
  if (version !== VERSION) reader.refuse(`state of version ${version}; this build reads ${VERSION}`);
  for (const { read } of SECTIONS) reader.section(() => read(reader, engine));
  reader.requireEnd();
}

/** What the configuration decides, so that a state never meets an engine of another shape. */
function writeShape(writer: ByteWriter, engine: Engine): void {
  writer.text(shapeOf(engine));
}

function readShape(reader: ByteReader, engine: Engine): void {
  const shape = reader.text();
  const own = shapeOf(engine);
  if (shape !== own) reader.refuse(`the state of ${shape}; this engine has ${own}`);
}

function shapeOf({ instruments, strategies, timers, written }: Engine): string {
  const ids = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join(", ") || "none";
  const names = timers.all.map(({ strategy, name }) => `${strategies[strategy].id} ${name}`).join(", ") || "none";
  return `instruments ${ids(instruments)}; strategies ${ids(strategies)}; timers ${names}; ${written.length} counts`;
}

function writeProgress(writer: ByteWriter, engine: Engine): void {
  writer.f64(engine.sequence);
  writer.u32(engine.outputs);
  writer.doubles(engine.time);
  writer.u32(engine.epoch);
  writer.u8(engine.mode);
  writer.u8(engine.stopped ? 1 : 0);
  writer.f64(engine.fills);
  writer.f64(engine.ordersSent);
  writer.doubles(engine.written);
}

function readProgress(reader: ByteReader, engine: Engine): void {
  engine.resumeAt(reader.whole(0, "the sequence"));
  engine.outputs = reader.u32();
  reader.doubles(engine.time);
  engine.epoch = reader.u32();
  engine.mode = reader.u8();
  engine.stopped = reader.flag("stopped");
  engine.fills = reader.whole(0, "fills");
  engine.ordersSent = reader.whole(0, "orders sent");
  reader.doubles(engine.written);
}

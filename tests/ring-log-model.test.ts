/**
 * The log against a plain list that counts bytes: writers and gating readers in JavaScript and in WebAssembly, alone,
 * in a row, and as a diamond, with a lossy reader beside them. All sides run on one thread here; see litmus.
 */
import fc from "fast-check";
import { describe, test } from "vitest";
import { BroadcastReader } from "../actors/ring/broadcast.js";
import { LOG_RECORD_HEADER, NONE } from "../actors/ring/layout.js";
import { LogReader } from "../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { CRC32C_BYTES, createSharedMemory, Fabric } from "../wasm/index.js";
import { type LogUnderTest, logCommands, type ReaderSide, type WriterSide } from "./support/log-commands.js";
import { LogModel } from "./support/log-model.js";

const CAPACITY = 4096;
const PAYLOAD_BYTES_MAX = CAPACITY / 4 - LOG_RECORD_HEADER;
const BASE = Math.ceil(CRC32C_BYTES / 128) * 128;
const identity = { schemaHash: 1, buildHash: 2 };

const memory = createSharedMemory(BASE + LogRing.bytesFor(CAPACITY));
const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
const fabric = new Fabric(memory, 0).exports;

interface Language {
  writer(): WriterSide;
  reader(slot: number, dependsOn: readonly number[]): ReaderSide;
}

const JAVASCRIPT: Language = {
  writer: () => LogWriter.join(views, BASE, identity),
  reader: (slot, dependsOn) => LogReader.join(views, BASE, identity, slot, dependsOn),
};

/** No room and no record are 0 in WebAssembly. */
const WEBASSEMBLY: Language = {
  writer: () => {
    fabric.logJoinWriter(BASE);
    return {
      claim: (...header) => fabric.logClaim(BASE, ...header) || NONE,
      commit: () => fabric.logCommit(BASE),
      publish: () => fabric.logPublish(BASE),
    };
  },
  reader: (slot, dependsOn) => {
    const bits = dependsOn.reduce((set, other) => set | (1 << other), 0);
    fabric.logJoinReader(BASE, slot, bits);
    return {
      next: () => {
        const payload = fabric.logNext(BASE, slot);
        return payload === 0 ? NONE : payload - LOG_RECORD_HEADER;
      },
      release: () => fabric.logRelease(BASE, slot),
    };
  },
};

const SHAPES = {
  "one reader": [[]],
  "two in a row": [[], [0]],
  "three in a row": [[], [0], [1]],
  "a diamond": [[], [0], [0], [1, 2]],
} as const satisfies Record<string, readonly (readonly number[])[]>;

function checkAgainstList(
  dependencies: readonly (readonly number[])[],
  writes: Language,
  reads: readonly Language[],
): void {
  const start = fc.constantFrom(0, 8, CAPACITY - 24, 2 ** 31 - CAPACITY / 2, 2 ** 32 - CAPACITY / 2);
  const stale = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(start, stale, logCommands(dependencies.length, PAYLOAD_BYTES_MAX), (startPosition, byte, commands) => {
      views.u8.fill(byte, BASE);
      LogRing.create(views, BASE, { capacity: CAPACITY, identity, readers: dependencies.length, startPosition });
      const joinReader = (slot: number): ReaderSide => reads[slot % reads.length].reader(slot, dependencies[slot]);
      const real: LogUnderTest = {
        view: new DataView(views.buffer),
        u8: views.u8,
        writer: writes.writer(),
        readers: dependencies.map((_, slot) => joinReader(slot)),
        lossy: BroadcastReader.join(views, BASE, identity),
        joinWriter: writes.writer,
        joinReader,
      };
      fc.modelRun(() => ({ model: new LogModel(CAPACITY, startPosition, dependencies), real }), commands);
    }),
    { numRuns: 200 },
  );
}

describe.each(Object.entries(SHAPES))("any order of appends, reads, releases and restarts, with %s", (_, shape) => {
  test("in JavaScript, behaves as a list, to the byte", () => {
    checkAgainstList(shape, JAVASCRIPT, [JAVASCRIPT]);
  });

  test("in WebAssembly, behaves as a list, to the byte", () => {
    checkAgainstList(shape, WEBASSEMBLY, [WEBASSEMBLY]);
  });

  test("in both by turns, behaves as a list, to the byte", () => {
    checkAgainstList(shape, JAVASCRIPT, [WEBASSEMBLY, JAVASCRIPT]);
    checkAgainstList(shape, WEBASSEMBLY, [JAVASCRIPT, WEBASSEMBLY]);
  });
});

test("a log without gating readers behaves as a list, and its lossy reader says what it lost", () => {
  checkAgainstList([], JAVASCRIPT, [JAVASCRIPT]);
  checkAgainstList([], WEBASSEMBLY, [JAVASCRIPT]);
});

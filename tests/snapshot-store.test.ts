/**
 * A snapshot file is there whole or not at all, whatever the disk does; a damaged one is never used, and the one before
 * it is; and a snapshot that restores another state than it was made of is found out.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeSnapshot, encodeSnapshot, type Snapshot, takeSnapshot } from "../actors/archive/snapshot-file.js";
import {
  listSnapshots,
  newestUsable,
  readSnapshot,
  removeSnapshot,
  snapshotPath,
  verifySnapshot,
  writeSnapshot,
} from "../actors/archive/snapshot-store.js";
import type { Disk } from "../actors/disk/disk.js";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { Engine, type EngineConfig, formatHash, MemoryLog, stateHash } from "../engine/index.js";
import { SCHEMA_HASH } from "../schemas/index.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { CrashDisk } from "./support/crash-disk.js";
import { configAt, engineConfig, loadAll, START_US, takeAll } from "./support/engine.js";
import { HOARDER } from "./support/hoarder.js";
import { wordsFrom } from "./support/numbers.js";
import { syntheticMarket } from "./support/synthetic-market.js";

const crc32c = createCrc32c();
const disk = new NodeDisk();
const BUILD = 0xfeed_beef;
const PLACE = { segment: 7, offset: 2 ** 33 + 8, crc: 0xdead_beef };
const CONFIG = engineConfig({ strategies: [{ id: "hoarder", bundle: "", params: {} }] });

function makeEngine(config: EngineConfig): Engine {
  const math = createMathCore({ arenaCapacity: 65_536 });
  const strategies = loadAll([{ id: "hoarder", bundle: HOARDER }], math);
  return new Engine({ config, math, strategies, log: new MemoryLog(() => {}) });
}

function engineAfter(inputs: number): Engine {
  const engine = makeEngine(CONFIG);
  takeAll(engine, [configAt(START_US, CONFIG)]);
  takeAll(engine, [...syntheticMarket(inputs, 3)].slice(0, inputs - 1));
  expect(engine.sequence).toBe(inputs);
  return engine;
}

const snapshotAfter = (inputs: number): Snapshot => takeSnapshot(engineAfter(inputs), PLACE, BUILD);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sluice-snapshots-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (inputs: number): string => writeSnapshot(disk, directory, snapshotAfter(inputs), crc32c);
const usable = () => newestUsable(disk, directory, crc32c);

describe("a snapshot file", () => {
  test("holds what was written", () => {
    const engine = engineAfter(300);
    const snapshot = takeSnapshot(engine, PLACE, BUILD);
    const path = writeSnapshot(disk, directory, snapshot, crc32c);
    expect(path).toBe(join(directory, "snapshots", "0000000000000300.snap"));
    const read = readSnapshot(disk, path, crc32c);
    expect(read).toMatchObject({ outcome: "good", snapshot: { ...snapshot, state: expect.any(Uint8Array) } });
    if (read.outcome !== "good") return;
    expect(read.snapshot).toMatchObject({ sequence: 300, epoch: 1, place: PLACE, buildHash: BUILD, config: CONFIG });
    expect(formatHash(read.snapshot.stateHash)).toBe(formatHash(stateHash(engine)));
    expect(Buffer.compare(read.snapshot.state, snapshot.state)).toBe(0);
  });

  test("with any bit flipped is damaged", () => {
    const bytes = encodeSnapshot({ ...snapshotAfter(2), state: Uint8Array.of(1, 2, 3) }, crc32c);
    expect(decodeSnapshot(bytes, crc32c).outcome).toBe("good");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(decodeSnapshot(flipped, crc32c).outcome).toBe("damaged");
    }
  });

  test("cut or lengthened anywhere is damaged, and says where", () => {
    const bytes = encodeSnapshot({ ...snapshotAfter(2), state: Uint8Array.of(1, 2, 3) }, crc32c);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeSnapshot(bytes.slice(0, length), crc32c).outcome).toBe("damaged");
    }
    expect(decodeSnapshot(Uint8Array.of(...bytes, 0), crc32c).outcome).toBe("damaged");
    expect(decodeSnapshot(bytes.slice(0, 10), crc32c)).toEqual({
      outcome: "damaged",
      where: "it ends after 10 bytes, within its header",
    });
    expect(decodeSnapshot(new Uint8Array(100), crc32c)).toEqual({
      outcome: "damaged",
      where: "it does not begin as a snapshot does",
    });
  });

  test("of a newer version, or of other messages, is told from a damaged one", () => {
    const snapshot = snapshotAfter(2);
    const newer = encodeSnapshot(snapshot, crc32c);
    const header = new DataView(newer.buffer);
    header.setUint32(8, 2, true);
    header.setUint32(4, crc32c(newer.subarray(8)), true);
    expect(decodeSnapshot(newer, crc32c)).toEqual({ outcome: "newer", version: 2 });
    const other = encodeSnapshot({ ...snapshot, schemaHash: SCHEMA_HASH ^ 1 }, crc32c);
    expect(decodeSnapshot(other, crc32c)).toMatchObject({ outcome: "other-schema" });
  });

  test("whose lengths or configuration make no sense is damaged, though its checksum is right", () => {
    const sealed = (change: (bytes: Uint8Array, header: DataView) => void): string => {
      const bytes = encodeSnapshot(snapshotAfter(2), crc32c);
      const header = new DataView(bytes.buffer);
      change(bytes, header);
      header.setUint32(4, crc32c(bytes.subarray(8)), true);
      const read = decodeSnapshot(bytes, crc32c);
      return read.outcome === "damaged" ? read.where : read.outcome;
    };
    expect(sealed((_, header) => header.setUint32(60, 0xffff_ffff, true))).toContain("bytes and tells of");
    expect(sealed((_, header) => header.setUint32(64, 1, true))).toContain("bytes and tells of");
    expect(sealed((_, header) => header.setUint32(12, 80, true))).toContain("bytes and tells of");
    expect(sealed((bytes) => bytes.fill(0x78, 72, 76))).toContain("is no JSON");
    expect(sealed((bytes) => bytes.fill(0xff, 72, 76))).toContain("is no JSON");
  });
});

describe("the snapshots of a directory", () => {
  test("there are none before the first", () => {
    expect(listSnapshots(disk, directory)).toEqual([]);
    expect(usable()).toEqual({ snapshot: null, passedOver: [] });
  });

  test("the newest three are kept", () => {
    for (const inputs of [2, 4, 6, 8, 10]) write(inputs);
    expect(listSnapshots(disk, directory).map(({ sequence }) => sequence)).toEqual([10, 8, 6]);
    expect(readdirSync(join(directory, "snapshots"))).toHaveLength(3);
  });

  test("one of the same sequence takes the place of the old one", () => {
    write(4);
    const again = takeSnapshot(engineAfter(4), { ...PLACE, segment: 8 }, BUILD);
    writeSnapshot(disk, directory, again, crc32c);
    expect(usable().snapshot?.place.segment).toBe(8);
  });

  test("the newest is used; damaged, cut and refused ones are passed over and named", () => {
    const [oldest, , newest] = [2, 4, 6].map(write);
    expect(usable()).toMatchObject({ snapshot: { sequence: 6 }, passedOver: [] });
    const bytes = readFileSync(newest);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(newest, bytes);
    expect(usable()).toMatchObject({
      snapshot: { sequence: 4 },
      passedOver: [{ path: newest, why: expect.stringContaining("it is damaged: the checksum of its") }],
    });
    const refusing = newestUsable(disk, directory, crc32c, ({ sequence }) =>
      sequence === 4 ? "it is the fourth" : "",
    );
    expect(refusing).toMatchObject({
      snapshot: { sequence: 2 },
      passedOver: [{ path: newest }, { why: "it is the fourth" }],
    });
    truncateSync(snapshotPath(directory, 4), 40);
    truncateSync(oldest, 0);
    expect(usable().snapshot).toBeNull();
    expect(usable().passedOver.map(({ why }) => why)).toEqual([
      expect.stringContaining("checksum"),
      expect.stringContaining("ends after 40 bytes"),
      expect.stringContaining("ends after 0 bytes"),
    ]);
  });

  test("one that was renamed by hand, or is a directory, is passed over", () => {
    write(4);
    writeFileSync(snapshotPath(directory, 9), readFileSync(snapshotPath(directory, 4)));
    disk.makeDirectory(snapshotPath(directory, 12));
    expect(usable()).toMatchObject({
      snapshot: { sequence: 4 },
      passedOver: [
        { why: expect.stringContaining("it cannot be read: EISDIR") },
        { why: "it holds the state at 4, which is not what it is named" },
      ],
    });
  });

  test("other files are left alone, halves of snapshots are not", () => {
    write(2);
    const folder = join(directory, "snapshots");
    writeFileSync(join(folder, "notes.txt"), "mine");
    writeFileSync(join(folder, "0000000000000003.snap.tmp"), "half");
    expect(listSnapshots(disk, directory)).toHaveLength(1);
    write(4);
    expect(readdirSync(folder).sort()).toEqual(["0000000000000002.snap", "0000000000000004.snap", "notes.txt"]);
  });

  test("one that is removed is gone, once or twice", () => {
    write(2);
    write(4);
    removeSnapshot(disk, directory, 4);
    removeSnapshot(disk, directory, 4);
    expect(usable()).toMatchObject({ snapshot: { sequence: 2 }, passedOver: [] });
  });
});

/** The real disk, save that operation number `failing` throws. */
function failingDisk(failing: number, code: string): Disk & { readonly operations: number } {
  let operations = 0;
  const fail = (): void => {
    operations += 1;
    if (operations === failing) throw Object.assign(new Error(`${code}: planted`), { code });
  };
  const wrapped = Object.fromEntries(
    (["makeDirectory", "open", "write", "truncate", "sync", "syncDirectory", "rename"] as const).map((name) => [
      name,
      (...given: unknown[]) => {
        fail();
        return (disk[name] as (...given: unknown[]) => unknown).apply(disk, given);
      },
    ]),
  );
  const methods = ["list", "exists", "size", "read", "remove", "close"] as const;
  const plain = Object.fromEntries(methods.map((name) => [name, (disk[name] as () => unknown).bind(disk)]));
  return Object.defineProperty({ ...wrapped, ...plain }, "operations", { get: () => operations }) as never;
}

describe("a disk that fails", () => {
  const WRITES_MAX = 20;

  test.each(["ENOSPC", "EIO"])(
    "with %s at any operation leaves the snapshots of before and no half of a new one",
    (code) => {
      const snapshot = snapshotAfter(6);
      write(4);
      let failures = 0;
      for (let failing = 1; failing <= WRITES_MAX; failing += 1) {
        const faulty = failingDisk(failing, code);
        try {
          writeSnapshot(faulty, directory, snapshot, crc32c);
        } catch (error) {
          failures += 1;
          expect(error).toMatchObject({ code });
        }
        const { snapshot: found, passedOver } = usable();
        expect([4, 6]).toContain(found?.sequence);
        expect(passedOver).toEqual([]);
        expect(readdirSync(join(directory, "snapshots")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
        removeSnapshot(disk, directory, 6);
      }
      expect(failures).toBeGreaterThanOrEqual(5);
      expect(failures).toBeLessThan(WRITES_MAX);
    },
  );

  test("in a loss of power at any moment leaves the newest snapshot that was written, or the one before it", () => {
    const snapshots = [2, 4, 6].map(snapshotAfter);
    const next = wordsFrom(99);
    for (let run = 0; run < 40; run += 1) {
      const crashing = new CrashDisk();
      const found: (readonly [written: number, left: CrashDisk])[] = [];
      let written = 0;
      crashing.onOperation = () => {
        found.push([written, crashing.afterPowerLoss(() => next() / 2 ** 32)]);
      };
      for (const snapshot of snapshots) {
        writeSnapshot(crashing, "/data", snapshot, crc32c);
        written = snapshot.sequence;
      }
      for (const [least, left] of found) {
        const { snapshot, passedOver } = newestUsable(left, "/data", crc32c);
        expect(snapshot?.sequence ?? 0).toBeGreaterThanOrEqual(least);
        expect(passedOver).toEqual([]);
      }
    }
  });
});

describe("verifying a snapshot", () => {
  test("gives an engine that has the state it was made of", () => {
    const engine = engineAfter(200);
    const verified = verifySnapshot(takeSnapshot(engine, PLACE, BUILD), makeEngine);
    expect("engine" in verified && formatHash(stateHash(verified.engine))).toBe(formatHash(stateHash(engine)));
  });

  test("finds one that restores another state, or none", () => {
    const snapshot = snapshotAfter(200);
    const { stateHash: hash } = snapshot;
    expect(verifySnapshot({ ...snapshot, stateHash: { ...hash, low: (hash.low ^ 1) >>> 0 } }, makeEngine)).toEqual({
      why: expect.stringMatching(
        /^what it restores has the state hash [0-9a-f]{16}; it was written with [0-9a-f]{16}$/,
      ),
    });
    const cut = { ...snapshot, state: snapshot.state.subarray(0, 100) };
    expect(verifySnapshot(cut, makeEngine)).toEqual({ why: expect.stringContaining("the snapshot's byte") });
  });
});

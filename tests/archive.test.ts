/**
 * The shadow, stepped by hand on a journal that grows: where snapshots are taken, that each is lived on from before
 * anybody needs it, and what comes of a strategy, a journal or a disk that does not keep its side.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ShadowAgent } from "../actors/archive/shadow-agent.js";
import { SnapshotKeeper } from "../actors/archive/snapshot-keeper.js";
import { listSnapshots, snapshotPath } from "../actors/archive/snapshot-store.js";
import type { FileHandle, FileUse } from "../actors/disk/disk.js";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { SegmentTail } from "../actors/journal/segment-tail.js";
import { Execution } from "../actors/recovery/execution.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import { addVerdict, readVerdicts } from "../actors/recovery/verdicts.js";
import {
  MessageType,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BUILD_HASH,
  SUBMIT_ORDER_QTY_LOTS,
} from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import { withDirectory } from "./support/command.js";
import { BTC } from "./support/engine.js";
import { cutFile, flipBit, forgeHeader, forgeRecords, recordsOf } from "./support/forge.js";
import {
  BUILD_HASH,
  hashOf,
  Life,
  type LifeOptions,
  OTHER_BUILD,
  rester,
  type StrategyText,
  secretive,
  sha256,
  startOn,
} from "./support/life.js";
import { crc32c } from "./support/tape.js";

const EVERY = 100;

/** Each test's own, gone after it. */
let directory: string;
let release: () => void;

beforeEach(
  () =>
    new Promise<void>((ready) => {
      void withDirectory((path) => {
        directory = path;
        ready();
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    }),
);
afterEach(() => release());

/** A shadow on the directory, and everything it says. */
class Shadow {
  readonly agent: ShadowAgent;
  readonly counters: Record<string, number> = {};
  readonly errors: string[] = [];
  durable = Number.POSITIVE_INFINITY;

  constructor({ disk = new NodeDisk(), buildHash = BUILD_HASH } = {}) {
    const verdicts = readVerdicts(disk, directory);
    const load = recordedStrategies(directory, disk);
    this.agent = new ShadowAgent({
      tail: new SegmentTail(directory, crc32c),
      makeExecution: () => new Execution({ makeCore: createMathCore, load, verdicts, buildHash }),
      snapshots: new SnapshotKeeper({ disk, directory, crc32c, buildHash }),
      counters: { set: (name, value) => void (this.counters[name] = value) },
      recordError: (error) => void this.errors.push((error as Error).message),
      durableSequence: () => this.durable,
      snapshotEvery: EVERY,
    });
  }

  /** Takes all there is. */
  follow(): this {
    while (this.agent.work() > 0);
    return this;
  }
}

const begin = (options: Partial<LifeOptions> = {}): Life => new Life({ disk: new NodeDisk(), directory, ...options });
const snapshots = (): number[] =>
  listSnapshots(new NodeDisk(), directory)
    .map(({ sequence }) => sequence)
    .reverse();
const recovered = (options: Partial<LifeOptions> = {}) =>
  startOn({ disk: new NodeDisk(), directory, ...options }).recovered;

describe("the shadow", () => {
  test("follows a journal that grows, and writes a snapshot whenever so many inputs have passed", () => {
    const life = begin();
    const shadow = new Shadow();
    for (let part = 0; part < 12; part += 1) {
      life.trade(20).flush();
      shadow.follow();
      expect(shadow.counters["archive.sequence"]).toBe(life.sequence);
    }
    const written = Math.floor((life.sequence - 1) / EVERY);
    expect(written).toBeGreaterThan(1);
    expect(snapshots()).toEqual(Array.from({ length: written }, (_, at) => (at + 1) * EVERY));
    expect(shadow.counters).toMatchObject({
      "archive.snapshots": written,
      "archive.snapshotSequence": written * EVERY,
    });
    expect(shadow.errors).toEqual([]);
    expect(recovered().snapshot).toBe(written * EVERY);
    expect(hashOf(recovered().engine!)).toBe(life.hash);
  });

  test("writes none ahead of what is durable, and the next as soon as it may", () => {
    const life = begin();
    const shadow = new Shadow();
    shadow.durable = EVERY - 1;
    life.trade(200).flush();
    expect(snapshots()).toEqual([]);
    shadow.follow();
    expect(snapshots()).toEqual([]);
    const behind = life.sequence;
    shadow.durable = behind;
    life.trade(20).flush();
    shadow.follow();
    expect(snapshots()).toEqual([behind]);
    expect(shadow.errors).toEqual([]);
  });

  test("lives on from what it read back: each snapshot is proved by the records behind it", () => {
    const life = begin().trade(350).flush();
    const shadow = new Shadow().follow();
    const [first, ...later] = snapshots();
    for (const sequence of [...later].reverse()) {
      expect(recovered()).toMatchObject({ snapshot: sequence, inputs: life.sequence - sequence });
      expect(hashOf(recovered().engine!)).toBe(life.hash);
      new NodeDisk().remove(snapshotPath(directory, sequence));
    }
    expect(recovered().snapshot).toBe(first);
    expect([hashOf(recovered().engine!), shadow.errors]).toEqual([life.hash, []]);
  });

  test("begins where recovery begins, in a later life", () => {
    begin().trade(150).stop();
    new Shadow().follow().agent.onClose();
    const [, atEnd] = snapshots();
    const life = begin().trade(30).flush();
    expect([life.recovered.snapshot, life.recovered.inputs]).toEqual([atEnd, 0]);
    const shadow = new Shadow().follow();
    expect(shadow.counters).toEqual({ "archive.sequence": life.sequence });
    life.trade(50).flush();
    shadow.follow();
    expect(snapshots().at(-1)).toBe(atEnd + EVERY);
    expect([hashOf(recovered().engine!), shadow.errors]).toEqual([life.hash, []]);
  });

  test("takes over what another build wrote, and keeps snapshots of what follows", () => {
    begin({ buildHash: OTHER_BUILD }).trade(60).flush();
    const life = begin().trade(200).flush();
    const shadow = new Shadow().follow();
    expect([shadow.errors, snapshots().length > 0]).toEqual([[], true]);
    expect(recovered().execution.isExact).toBe(true);
    expect(hashOf(recovered().engine!)).toBe(life.hash);
  });

  test("leaves a strategy out from its verdict on, as the engine does", () => {
    const strategies = [rester, { ...secretive, id: "judged" }];
    begin({ strategies }).trade(80).flush();
    const disk = new NodeDisk();
    const judged = recordsOf(disk, directory).findLast(({ type }) => type === MessageType.Trade)!;
    cutFile(disk, judged.name, judged.byte + judged.bytes);
    addVerdict(disk, directory, { sequence: judged.sequence, strategy: "judged", bundle: sha256(secretive.text) });
    const life = begin({ strategies }).trade(200).flush();
    const shadow = new Shadow().follow();
    expect([shadow.errors, snapshots().length > 0]).toEqual([[], true]);
    expect(hashOf(recovered({ strategies }).engine!)).toBe(life.hash);
  });
});

describe("at the end of a life", () => {
  test("the state there is kept, so that the next start executes nothing", () => {
    const life = begin().trade(40).stop();
    new Shadow().follow().agent.onClose();
    expect(snapshots()).toEqual([life.sequence]);
    expect(recovered()).toMatchObject({ snapshot: life.sequence, inputs: 0 });
    expect(hashOf(recovered().engine!)).toBe(life.hash);
  });

  test("nothing is kept that is not durable", () => {
    const life = begin().trade(40).flush();
    const shadow = new Shadow().follow();
    shadow.durable = life.sequence - 1;
    shadow.agent.onClose();
    expect([snapshots(), shadow.errors]).toEqual([[], []]);
  });

  test("nothing is kept while the journal lacks outputs of its last input: the next start has to write them", () => {
    begin().trade(60).flush();
    const disk = new NodeDisk();
    const last = recordsOf(disk, directory).findLast(({ index }) => index > 0)!;
    cutFile(disk, last.name, last.byte);
    new Shadow().follow().agent.onClose();
    expect(snapshots()).toEqual([]);
    const next = begin().trade(20).flush();
    expect(next.completed).toBeGreaterThan(0);
    expect(hashOf(recovered().engine!)).toBe(next.hash);
  });
});

describe("a strategy", () => {
  test("that keeps state where no snapshot holds it costs the snapshots, not the trading", () => {
    const life = begin({ strategies: [secretive] })
      .trade(400)
      .flush();
    const shadow = new Shadow().follow();
    expect(shadow.errors).toEqual([
      expect.stringMatching(
        /^the snapshot at 100 does not lead where the journal does \(sequence \d+\.1 .*\): a strategy keeps state/,
      ),
    ]);
    expect([snapshots(), shadow.counters["archive.diverged"]]).toEqual([[], undefined]);
    expect(shadow.counters["archive.sequence"]).toBe(life.sequence);
    life.trade(200).stop();
    shadow.follow().agent.onClose();
    expect([snapshots(), shadow.errors.length]).toEqual([[], 1]);
    expect(hashOf(recovered({ strategies: [secretive] }).engine!)).toBe(life.hash);
  });

  test("whose state cannot be kept at a moment is kept at a later one, and named in between", () => {
    const moody: StrategyText = {
      id: "moody",
      text: `exports.default = {
        id: "moody",
        subscribe: ["trades:${BTC.id}"],
        init: () => ({ trades: 0, mood: null }),
        onTrade(ctx, state) {
          state.trades += 1;
          state.mood = state.trades < 30 ? () => 1 : null;
        },
      };`,
    };
    const life = begin({ strategies: [moody] })
      .trade(220)
      .flush();
    const shadow = new Shadow().follow();
    expect(shadow.errors.length).toBeGreaterThan(0);
    for (const error of shadow.errors) expect(error).toMatch(/moody.*mood/);
    expect(snapshots()[0]).toBe((shadow.errors.length + 1) * EVERY);
    expect(shadow.counters["archive.diverged"]).toBeUndefined();
    expect(hashOf(recovered({ strategies: [moody] }).engine!)).toBe(life.hash);
  });
});

describe("what cannot be trusted", () => {
  test("an output that is not what its input leads to is counted, and named with its place", () => {
    begin().trade(200).flush();
    const submit = recordsOf(new NodeDisk(), directory).findLast(({ type }) => type === MessageType.SubmitOrder)!;
    forgeRecords(new NodeDisk(), directory, ({ sequence, index }, view) => {
      const at = RECORD_HEADER_BYTES + SUBMIT_ORDER_QTY_LOTS;
      if (sequence === submit.sequence && index === submit.index) view.setFloat64(at, 77, true);
    });
    const shadow = new Shadow().follow();
    const what = `sequence ${submit.sequence}.${submit.index} (SubmitOrder): the engine wrote other bytes`;
    expect(shadow.counters["archive.diverged"]).toBe(1);
    // The snapshot is suspected first; then everything is executed from the beginning, and leads there as well.
    expect(shadow.errors).toEqual([
      expect.stringContaining(`the snapshot at 100 does not lead where the journal does (${what}`),
      expect.stringMatching(new RegExp(`^sequence ${submit.sequence}\\.`)),
    ]);
    const before = snapshots();
    shadow.agent.onClose();
    expect(snapshots()).toEqual(before);
  });

  test("an output that the journal never got is not forgotten because a snapshot was due", () => {
    const shadow = new Shadow();
    shadow.durable = 0;
    begin().trade(150).flush();
    const disk = new NodeDisk();
    const last = recordsOf(disk, directory).findLast(({ index }) => index > 0)!;
    cutFile(disk, last.name, last.byte);
    shadow.follow();
    // Another build goes on without it; here its records are made to look like our own.
    begin({ buildHash: OTHER_BUILD }).trade(20).flush();
    forgeHeader(disk, segmentPath(directory, 1), (view) => view.setUint32(SEGMENT_HEADER_BUILD_HASH, BUILD_HASH, true));
    shadow.durable = Number.POSITIVE_INFINITY;
    shadow.follow();
    expect(shadow.errors).toEqual([
      expect.stringMatching(/the engine wrote \d+ records that the journal does not hold/),
    ]);
    expect([shadow.counters["archive.diverged"], snapshots()]).toEqual([1, []]);
  });

  test("damage ends the shadow with file and byte, and is not taken for a divergence", () => {
    begin().trade(80).flush();
    const { name, byte } = recordsOf(new NodeDisk(), directory)[30];
    flipBit(new NodeDisk(), name, byte + 40);
    const shadow = new Shadow().follow();
    expect(shadow.errors).toEqual([expect.stringContaining(`${segmentPath(directory, 0)} is damaged at byte ${byte}`)]);
    expect([shadow.counters["archive.diverged"], shadow.agent.work()]).toEqual([undefined, 0]);
  });

  test("a disk that takes no snapshot is named, and used again when it does", () => {
    const disk = new FullDisk();
    const life = begin().trade(180).flush();
    const shadow = new Shadow({ disk }).follow();
    expect(new Set(shadow.errors)).toEqual(new Set(["no room for a snapshot"]));
    expect(snapshots()).toEqual([]);
    disk.isFull = false;
    life.trade(150).flush();
    shadow.follow();
    expect(snapshots().length).toBeGreaterThan(0);
    expect(hashOf(recovered().engine!)).toBe(life.hash);
  });
});

/** Has no room for a snapshot. */
class FullDisk extends NodeDisk {
  isFull = true;

  override open(path: string, use: FileUse): FileHandle {
    if (this.isFull && use === "create" && path.includes(".snap")) {
      throw Object.assign(new Error("no room for a snapshot"), { code: "ENOSPC" });
    }
    return super.open(path, use);
  }
}

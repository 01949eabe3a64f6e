/**
 * A snapshot saves time and decides nothing: with it, an older one or none, recovery comes to the same state. One that
 * does not fit the journal beside it is refused, because then one of the two is not what it seems.
 */
import { describe, expect, test } from "vitest";
import { listSnapshots, snapshotPath } from "../actors/archive/snapshot-store.js";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { ReplayDivergence } from "../engine/index.js";
import { LifeStart, RECORD_HEADER_TIME_US } from "../schemas/index.js";
import { CrashDisk } from "./support/crash-disk.js";
import { cutFile, flipBit, forgeRecords, recordsOf } from "./support/forge.js";
import { DIRECTORY, hashOf, hoarder, Life, OTHER_BUILD, rester, secretive, startOn } from "./support/life.js";

const FIRST = segmentPath(DIRECTORY, 0);

/** Two lives; snapshots in the first, in the second, and none at the end. */
function withSnapshots() {
  const disk = new CrashDisk();
  const first = new Life({ disk }).trade(150).snapshot();
  const early = first.sequence;
  first.trade(50).stop();
  const second = new Life({ disk }).trade(100).snapshot();
  const late = second.sequence;
  second.trade(60).flush();
  return { disk, early, late, life: second };
}

describe("recovery from a snapshot", () => {
  test("executes only what is behind it, and comes to the same state as from the beginning", () => {
    const { disk, late, life } = withSnapshots();
    const { recovered, passedOver } = startOn({ disk });
    expect([recovered.snapshot, recovered.inputs, passedOver]).toEqual([late, life.sequence - late, []]);
    expect(hashOf(recovered.engine!)).toBe(life.hash);
    const whole = startOn({ disk, restores: false }).recovered;
    expect([whole.snapshot, whole.inputs, hashOf(whole.engine!)]).toEqual([0, life.sequence, life.hash]);
  });

  test("goes on through further lives as an engine that executed everything would", () => {
    const { disk } = withSnapshots();
    const other = disk.afterKill();
    const restored = new Life({ disk }).trade(120).stop();
    const executed = new Life({ disk: other, restores: false }).trade(120).stop();
    expect(restored.hash).toBe(executed.hash);
    expect(recordsOf(disk, DIRECTORY)).toEqual(recordsOf(other, DIRECTORY));
  });

  test("uses the one before when the newest is damaged, and says so", () => {
    const { disk, early, late, life } = withSnapshots();
    flipBit(disk, snapshotPath(DIRECTORY, late), 2_000);
    const { recovered, passedOver } = startOn({ disk });
    expect([recovered.snapshot, hashOf(recovered.engine!)]).toEqual([early, life.hash]);
    expect(passedOver).toMatchObject([
      { path: snapshotPath(DIRECTORY, late), why: expect.stringContaining("damaged") },
    ]);
  });

  test("begins at the beginning when all are damaged", () => {
    const { disk, early, late, life } = withSnapshots();
    cutFile(disk, snapshotPath(DIRECTORY, late), 20);
    flipBit(disk, snapshotPath(DIRECTORY, early), 500);
    const { recovered, passedOver } = startOn({ disk });
    expect([recovered.snapshot, recovered.inputs, passedOver.length]).toEqual([0, life.sequence, 2]);
    expect(hashOf(recovered.engine!)).toBe(life.hash);
  });

  test("needs none", () => {
    const { disk, life } = withSnapshots();
    for (const { path } of listSnapshots(disk, DIRECTORY)) disk.remove(path);
    const { recovered, passedOver } = startOn({ disk });
    expect([recovered.snapshot, passedOver, hashOf(recovered.engine!)]).toEqual([0, [], life.hash]);
  });

  test("passes over one that a crash left half-written under another name", () => {
    const { disk, late } = withSnapshots();
    const half = disk.bytesOf(snapshotPath(DIRECTORY, late)).slice(0, 100);
    disk.place(`${snapshotPath(DIRECTORY, late + 20)}.tmp`, half);
    expect(startOn({ disk }).recovered.snapshot).toBe(late);
  });

  test("passes over one whose strategy cannot be loaded any more", () => {
    const { disk, early, late, life } = withSnapshots();
    const [bundle] = disk.list(`${DIRECTORY}/strategies`);
    const path = `${DIRECTORY}/strategies/${bundle}`;
    const text = disk.bytesOf(path).slice();
    disk.remove(path);
    expect(() => new Life({ disk, strategies: [rester] })).toThrow(`${path} is missing`);
    disk.place(path, text);
    expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(life.hash);
    expect(listSnapshots(disk, DIRECTORY).map(({ sequence }) => sequence)).toEqual([late, early]);
  });

  test("does not need segments that lie before it", () => {
    const { disk, life } = withSnapshots();
    disk.remove(FIRST);
    expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(life.hash);
    const next = new Life({ disk });
    expect([next.next.epoch, next.next.start]).toEqual([3, LifeStart.Resumed]);
    next.trade(40).flush();
    expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(next.hash);
  });

  test("takes over what another build's snapshot holds, and executes nothing of it", () => {
    const { disk, late, life } = withSnapshots();
    const { recovered } = startOn({ disk, buildHash: OTHER_BUILD });
    expect([recovered.snapshot, recovered.execution.isExact]).toEqual([late, false]);
    expect(recovered.engine!.positions.lots).toEqual(life.engine.positions.lots);
    expect(recovered.engine!.seenTrades.ids).toEqual(life.engine.seenTrades.ids);
    expect(new Life({ disk, buildHash: OTHER_BUILD }).next.start).toBe(LifeStart.Refreshed);
  });

  test("leaves one that lacks what a strategy keeps outside of its state, and executes everything", () => {
    const disk = new CrashDisk();
    const life = new Life({ disk, strategies: [secretive] }).trade(100).snapshot().trade(100).flush();
    const { recovered, left } = startOn({ disk, strategies: [secretive] });
    expect([recovered.snapshot, recovered.inputs, hashOf(recovered.engine!)]).toEqual([0, life.sequence, life.hash]);
    expect(left).toEqual([
      expect.stringMatching(/^the newest snapshot does not lead where the journal does \(.*\): it is left out$/),
    ]);
  });

  test("of an input that ends the journal leaves nothing of it out", () => {
    const disk = new CrashDisk();
    const life = new Life({ disk }).trade(150).stop().snapshot();
    const { recovered } = startOn({ disk });
    expect([recovered.snapshot, recovered.inputs]).toEqual([life.sequence, 0]);
    const next = new Life({ disk });
    expect([next.completed, next.next.start]).toEqual([0, LifeStart.Resumed]);
    next.trade(20).flush();
    expect(hashOf(startOn({ disk, restores: false }).recovered.engine!)).toBe(next.hash);
  });
});

describe("recovery refuses", () => {
  test("a journal that ends before its snapshot: records that were safe are missing", () => {
    const { disk, late } = withSnapshots();
    const records = recordsOf(disk, DIRECTORY);
    const cut = records.findLast(({ sequence }) => sequence < late - 10)!;
    cutFile(disk, cut.name, cut.byte + cut.bytes);
    expect(() => startOn({ disk })).toThrow(
      `${cut.name} ends at byte ${cut.byte + cut.bytes}, before sequence ${late}, of which there is a snapshot: ` +
        "records that were safe are missing; put them back, or start anew in another directory",
    );
  });

  test("a journal whose segment with the snapshot's place is gone", () => {
    const { disk, late } = withSnapshots();
    disk.remove(segmentPath(DIRECTORY, 1));
    expect(() => startOn({ disk })).toThrow(`before sequence ${late}, of which there is a snapshot`);
    disk.remove(FIRST);
    expect(() => startOn({ disk })).toThrow(`before sequence ${late}, of which there is a snapshot`);
    const another = withSnapshots().disk;
    new Life({ disk: another }).trade(30).flush();
    another.remove(segmentPath(DIRECTORY, 1));
    expect(() => startOn({ disk: another })).toThrow(`the snapshot at ${late} was made of other records`);
  });

  test("a snapshot of another journal, whether or not records end where it says", () => {
    const { disk, late } = withSnapshots();
    const path = snapshotPath(DIRECTORY, late);
    for (const strategies of [[hoarder], [rester]]) {
      const stranger = new CrashDisk();
      new Life({ disk: stranger, strategies, overrides: { seed: 8 } }).trade(200).stop();
      new Life({ disk: stranger, strategies, overrides: { seed: 8 } }).trade(400).flush();
      stranger.place(path, disk.bytesOf(path).slice());
      const [bundle] = disk.list(`${DIRECTORY}/strategies`);
      const text = `${DIRECTORY}/strategies/${bundle}`;
      stranger.place(text, disk.bytesOf(text).slice());
      expect(() => startOn({ disk: stranger, strategies })).toThrow(
        `the snapshot at ${late} was made of other records`,
      );
    }
  });

  test("a snapshot that lacks something when what is before it is gone", () => {
    const disk = new CrashDisk();
    const options = { disk, strategies: [secretive], segmentBytes: 8_192 };
    new Life(options).trade(100).snapshot().trade(100).flush();
    disk.remove(FIRST);
    expect(() => startOn(options)).toThrow(ReplayDivergence);
  });

  test("a journal that was changed behind its snapshot's back, though every checksum fits", () => {
    const { disk, late } = withSnapshots();
    const [first] = recordsOf(disk, DIRECTORY).filter(({ name }) => name !== FIRST);
    forgeRecords(disk, DIRECTORY, ({ sequence, index }, view) => {
      const at = RECORD_HEADER_TIME_US;
      if (sequence === first.sequence && index === 0) view.setFloat64(at, view.getFloat64(at, true) + 1, true);
    });
    expect(() => startOn({ disk })).toThrow(
      `the snapshot at ${late} was made of other records; put the journal's own back, or remove that snapshot`,
    );
  });

  test("a journal without its beginning when no snapshot can be used, and names the remedy", () => {
    const { disk, early, late } = withSnapshots();
    disk.remove(FIRST);
    for (const sequence of [early, late]) flipBit(disk, snapshotPath(DIRECTORY, sequence), 900);
    expect(() => startOn({ disk })).toThrow(
      `the journal in ${DIRECTORY} begins with segment 1, and there is no snapshot that can be used: put the ` +
        "segments before it back, or a snapshot, or start anew in another directory",
    );
  });
});

/**
 * A disk that is full, slow, read-only or failing: nothing is lost silently, nothing passes that is not safe, and the
 * journal goes on by itself. Full disks are real small file systems; what a healthy machine cannot be made to do, such
 * as a sync that fails, is thrown in front of real files.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import type { JournalMode } from "../actors/journal/journal-agent.js";
import { readSegments } from "../actors/journal/journal-directory.js";
import { SegmentPreparer } from "../actors/journal/segment-preparer.js";
import { readTape } from "../engine/index.js";
import { withDirectory } from "./support/journal.js";
import { JournalLog } from "./support/journal-log.js";
import { engineBytes } from "./support/record-bytes.js";
import { crc32c } from "./support/tape.js";

const MODES = ["durable", "fast"] as const;
const RETRY_US = 100_000;

/** A real disk that refuses as long as it is told to. */
class FailingDisk extends NodeDisk {
  failing: { readonly write?: string; readonly sync?: string; readonly slowUs?: number } = {};
  /** What a failed sync left in the page cache is gone, as the kernel may do. */
  dropsOnFailure = true;
  onSync: () => void = () => {};
  private readonly unsynced = new Map<number, [from: number, to: number]>();

  override write(file: number, views: readonly Uint8Array[], position: number): number {
    if (this.failing.write) throw fault(this.failing.write, "writev");
    const written = super.write(file, views, position);
    const [from, to] = this.unsynced.get(file) ?? [position, position];
    this.unsynced.set(file, [Math.min(from, position), Math.max(to, position + written)]);
    return written;
  }

  override sync(file: number): void {
    const range = this.unsynced.get(file);
    this.unsynced.delete(file);
    this.onSync();
    if (!this.failing.sync) return super.sync(file);
    if (range && this.dropsOnFailure) super.write(file, [new Uint8Array(range[1] - range[0])], range[0]);
    throw fault(this.failing.sync, "fdatasync");
  }
}

const fault = (code: string, call: string): Error => Object.assign(new Error(`${code}: a test's ${call}`), { code });

function read(directory: string) {
  const bytes: Buffer[] = [];
  const summary = readTape(readSegments(directory), crc32c, ({ views, recordAt, recordBytes }) => {
    bytes.push(Buffer.from(engineBytes(views.u8, recordAt, recordBytes)));
  });
  return { ...summary, bytes };
}

const written = ({ records }: JournalLog): Buffer[] =>
  records.map((record) => Buffer.from(engineBytes(record, 0, record.length)));

const withFailing = (mode: JournalMode, work: (log: JournalLog, disk: FailingDisk, directory: string) => void) =>
  withDirectory((directory) => {
    const disk = new FailingDisk();
    work(new JournalLog({ disk, directory, mode, segmentBytes: 1 << 20 }), disk, directory);
  });

describe.each(MODES)("in %s mode", (mode) => {
  test.each(["ENOSPC", "EDQUOT", "EIO", "EROFS"])("a write refused with %s is waited out and nothing is lost", (code) =>
    withFailing(mode, (log, disk, directory) => {
      log.inputs(3, 100, [64]);
      log.drain();
      expect(log.passed()).toBe(6);
      disk.failing = { write: code };
      log.inputs(4, 100, [64]);
      for (let step = 0; step < 50; step += 1) {
        expect(log.agent.work()).toBe(0);
        log.nowUs += 20_000;
        expect(log.passed(), "nothing passes that is not written").toBe(0);
      }
      expect(log.counters["journal.state"]).toBe(2);
      expect(log.counters["journal.lagUs"]).toBeGreaterThan(900_000);
      const attempts = log.errors.length;
      expect(attempts, "it tries ten times a second").toBeGreaterThan(5);
      expect(attempts).toBeLessThan(15);
      expect(new Set(log.errors).size, "the same words each time").toBe(1);
      expect(log.errors[0]).toContain(`${log.path(0)} cannot be written (${code}); `);
      log.inputs(2);
      disk.failing = {};
      log.nowUs += RETRY_US;
      log.drain();
      expect(log.passed()).toBe(10);
      log.inputs(1);
      log.drain();
      expect(log.counters).toMatchObject({ "journal.state": 0 });
      log.agent.onClose();
      expect(read(directory)).toMatchObject({ ending: "end", sealed: true, bytes: written(log) });
    }),
  );

  test.each([true, false])(
    "after a sync that failed, what it covered is written again elsewhere; dropped: %s",
    (drops) =>
      withFailing(mode, (log, disk, directory) => {
        log.inputs(5, 200);
        log.drain();
        const safeBytes = statSync(log.path(0)).size;
        disk.dropsOnFailure = drops;
        disk.failing = { sync: "EIO" };
        log.inputs(7, 300);
        log.drain();
        log.inputs(2, 300);
        for (let step = 0; step < 5; step += 1) {
          log.nowUs += RETRY_US;
          expect(log.agent.work()).toBe(0);
        }
        const { "journal.state": state, "journal.durableSequence": durable } = log.counters;
        expect([state, durable]).toEqual([2, 5]);
        expect(log.errors.at(-1)).toContain("cannot be synced (EIO); the device reported an error");
        if (mode === "durable") expect(log.passed(), "five are safe").toBe(5);
        disk.failing = {};
        log.nowUs += RETRY_US;
        log.drain();
        expect(log.counters["journal.durableSequence"]).toBe(14);
        log.agent.onClose();
        expect(statSync(log.path(0)).size, "cut at its last byte that is known to be safe").toBe(safeBytes);
        const result = read(directory);
        expect(result.bytes).toEqual(written(log));
        expect(result).toMatchObject({ ending: "end", sealed: true, segments: 2 });
        expect(readdirSync(directory)).toHaveLength(2);
      }),
  );

  test("a sync that fails again while what it covered is written again loses nothing either", () =>
    withFailing(mode, (log, disk, directory) => {
      for (let round = 0; round < 40; round += 1) {
        log.inputs(1 + (round % 3), 100 + round, [48]);
        disk.failing = { sync: round % 4 === 1 ? "EIO" : undefined, write: round % 4 === 2 ? "ENOSPC" : undefined };
        log.nowUs += RETRY_US;
        log.drain();
      }
      disk.failing = {};
      log.nowUs += RETRY_US;
      log.agent.onClose();
      expect(read(directory)).toMatchObject({ ending: "end", bytes: written(log) });
    }));

  test("closed while the disk refuses, it says how many records are not saved, and the rest can be read", () =>
    withFailing(mode, (log, disk, directory) => {
      log.inputs(5);
      log.drain();
      disk.failing = { write: "ENOSPC" };
      log.inputs(3, 64, [64]);
      log.drain();
      log.inputs(2);
      expect(() => log.agent.onClose()).toThrow(
        `8 records of the journal are not saved: ${log.path(0)} cannot be written (ENOSPC); the disk is full`,
      );
      expect(read(directory)).toMatchObject({ records: 5, ending: "end" });
    }));

  test("closed while syncs fail, it counts what is written but not safe", () =>
    withFailing(mode, (log, disk) => {
      log.inputs(5);
      log.drain();
      disk.failing = { sync: "EIO" };
      log.inputs(3);
      expect(() => log.agent.onClose()).toThrow(/^3 records of the journal are not saved: .*\(EIO\)/);
    }));

  test("closed when the disk has room again, it saves everything", () =>
    withFailing(mode, (log, disk, directory) => {
      disk.failing = { write: "ENOSPC" };
      log.inputs(3);
      log.drain();
      disk.failing = {};
      log.agent.onClose();
      expect(read(directory)).toMatchObject({ records: 3, ending: "end", sealed: true });
    }));

  test("a sync of more than a second, or a lag of it, is told as a slow disk, and a quick one as well again", () =>
    withFailing(mode, (log, disk) => {
      disk.onSync = () => (log.nowUs += 1_200_000);
      log.inputs(1);
      log.drain();
      expect(log.counters["journal.state"]).toBe(1);
      expect(log.errors.at(-1)).toMatch(/^journal: a sync of the journal in .* took more than a second/);
      disk.onSync = () => {};
      log.inputs(1);
      log.drain();
      expect(log.counters["journal.state"]).toBe(0);
      log.inputs(1);
      log.nowUs += 1_100_000;
      log.agent.work();
      expect(log.counters["journal.state"]).toBe(1);
      log.inputs(1);
      log.drain();
      expect(log.counters).toMatchObject({ "journal.state": 0, "journal.lagUs": 0 });
    }));
});

test("in fast mode, what was written before the disk was full is synced all the same", () =>
  withFailing("fast", (log, disk) => {
    log.inputs(3);
    log.agent.work();
    disk.failing = { write: "ENOSPC" };
    log.inputs(3);
    expect(log.agent.work()).toBe(0);
    log.nowUs += RETRY_US;
    expect(log.agent.work()).toBe(0);
    expect(log.counters).toMatchObject({ "journal.state": 2, "journal.durableSequence": 3 });
  }));

test("an error that waiting does not mend ends the agent", () =>
  withFailing("durable", (log, disk) => {
    disk.failing = { write: "EBADF" };
    log.inputs(1);
    expect(() => log.agent.work()).toThrow("EBADF");
  }));

/** A file system of a few pages, or null where mounting is refused. */
async function withSmallDisk(bytes: number, work: (directory: string) => void): Promise<boolean> {
  return withDirectory((parent) => {
    const directory = join(parent, "disk");
    mkdirSync(directory);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "sluice-test", directory], { stdio: "pipe" });
    } catch (error) {
      console.warn(`NOT TESTED: no file system can be mounted here (${(error as Error).message.split("\n")[1]})`);
      return false;
    }
    try {
      work(directory);
    } finally {
      execFileSync("umount", ["-l", directory]);
    }
    return true;
  });
}

describe("a disk that is really full", () => {
  test.each(MODES)("stops the journal and no record, and room made on it lets it go on by itself; %s", async (mode) => {
    await withSmallDisk(256 * 1024, (directory) => {
      const log = new JournalLog({ disk: new NodeDisk(), directory, mode, capacity: 1 << 17 });
      writeFileSync(join(directory, "ballast"), new Uint8Array(150_000));
      let taken = 0;
      while (log.input(500)) {
        taken += 1;
        log.drain();
        log.passed();
      }
      expect(taken, "the disk was full before the log was").toBeGreaterThan(64);
      expect(log.counters["journal.state"]).toBe(2);
      expect(log.errors.at(-1)).toContain("(ENOSPC); the disk is full: make room on it");
      expect(read(directory).ending, "a part of a batch may be there").toMatch(/end|torn/);
      rmSync(join(directory, "ballast"));
      log.nowUs += RETRY_US;
      log.drain();
      expect(log.counters["journal.state"]).toBe(0);
      log.passed();
      expect(log.input(500)).toBe(true);
      log.agent.onClose();
      expect(read(directory)).toMatchObject({ ending: "end", sealed: true, bytes: written(log) });
    });
  });

  test("has no spare segment, and gets back the room that half of one took", async () => {
    await withSmallDisk(512 * 1024, (directory) => {
      const errors: string[] = [];
      let nowUs = 0;
      const preparer = new SegmentPreparer({
        disk: new NodeDisk(),
        directory,
        nowUs: () => nowUs,
        recordError: (error) => void errors.push(String(error)),
        segmentBytes: 1 << 20,
      });
      preparer.prepare();
      expect(readdirSync(directory)).toEqual([]);
      expect(errors).toEqual([expect.stringMatching(/spare\.tmp cannot be zero-filled \(ENOSPC\); the disk is full/)]);
      expect(preparer.work(), "it waits before it tries again").toBe(0);
      nowUs += 2_000_000;
      preparer.work();
      expect(errors).toHaveLength(2);
      preparer.onClose();
    });
  });
});

test("a directory that really became read-only is waited out too", async () => {
  await withSmallDisk(256 * 1024, (directory) => {
    const log = new JournalLog({ disk: new NodeDisk(), directory, segmentBytes: 4_096 });
    log.inputs(2, 1_000);
    log.drain();
    log.inputs(10, 1_000);
    log.agent.onClose();
    execFileSync("mount", ["-o", "remount,ro", directory]);
    const next = new JournalLog({ disk: new NodeDisk(), directory, firstSegment: 20 });
    next.input();
    expect(next.agent.work()).toBe(0);
    expect(next.errors).toEqual([
      expect.stringContaining("000020.seg cannot be written (EROFS); the file system became"),
    ]);
    execFileSync("mount", ["-o", "remount,rw", directory]);
    next.nowUs += RETRY_US;
    next.drain();
    expect(next.counters["journal.state"]).toBe(0);
    next.agent.onClose();
  });
});

/** The journal's agent on real files: what it promises when all is well. Its faults are in journal-trouble.test.ts. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { readSegments, segmentPath, sparePath } from "../actors/journal/journal-directory.js";
import { SegmentPreparer } from "../actors/journal/segment-preparer.js";
import { readTape, type TapeSummary } from "../engine/index.js";
import { SYNCED_BEFORE } from "../engine/tape/segment-header.js";
import { RECORD_HEADER_FLAGS } from "../schemas/index.js";
import { withDirectory } from "./support/journal.js";
import { JournalLog, type JournalLogOptions } from "./support/journal-log.js";
import { engineBytes } from "./support/record-bytes.js";
import { crc32c } from "./support/tape.js";

const disk = new NodeDisk();

interface Read extends TapeSummary {
  readonly records: number;
  readonly bytes: Buffer[];
  readonly flags: number[];
}

function readAll(directory: string): Read {
  const bytes: Buffer[] = [];
  const flags: number[] = [];
  const onRecord = ({ views, recordAt, recordBytes }: Parameters<Parameters<typeof readTape>[2]>[0]): void => {
    bytes.push(Buffer.from(engineBytes(views.u8, recordAt, recordBytes)));
    flags.push(views.u32[(recordAt + RECORD_HEADER_FLAGS) >> 2]);
  };
  return { ...readTape(readSegments(directory), crc32c, onRecord), bytes, flags };
}

const written = ({ records }: JournalLog): Buffer[] =>
  records.map((record) => Buffer.from(engineBytes(record, 0, record.length)));

/** The work with a journal in a directory of its own. */
const withJournal = <T>(options: Partial<JournalLogOptions>, work: (log: JournalLog, directory: string) => T) =>
  withDirectory((directory) => work(new JournalLog({ disk, directory, ...options }), directory));

const MODES = ["durable", "fast"] as const;

describe.each(MODES)("in %s mode", (mode) => {
  test("what was in the log is in the files, byte for byte, once the agent is closed", () =>
    withJournal({ mode, segmentBytes: 16_384 }, (log, directory) => {
      for (let step = 0; step < 200; step += 1) {
        log.inputs(1 + (step % 7), 8 + ((step * 37) % 900), step % 3 === 0 ? [40, 72] : []);
        if (step % 5 !== 0) log.agent.work();
      }
      log.agent.onClose();
      const read = readAll(directory);
      expect(read.bytes).toEqual(written(log));
      expect(read).toMatchObject({ ending: "end", torn: null, sealed: true, lastSequence: log.sequence - 1 });
      expect(read.segments).toBeGreaterThan(10);
      expect(log.counters["journal.records"]).toBe(log.records.length);
      expect(log.counters["journal.durableSequence"]).toBe(log.sequence - 1);
      expect(log.counters["journal.state"]).toBe(0);
      expect(log.errors).toEqual([]);
    }));

  test("an input and its outputs stand in one segment, and none passes its size", () =>
    withJournal({ mode, segmentBytes: 8_192 }, (log, directory) => {
      for (let step = 0; step < 100; step += 1) {
        log.inputs(3, 100 + step, [300, 64]);
        log.drain();
      }
      log.agent.onClose();
      const starts: number[] = [];
      let segment = -1;
      readTape(readSegments(directory), crc32c, (reader) => {
        if (reader.info.segment === segment) return;
        segment = reader.info.segment;
        starts.push(reader.index);
        expect(reader.info.firstSequence).toBe(reader.sequence);
      });
      expect(new Set(starts)).toEqual(new Set([0]));
      for (let each = 0; each <= segment; each += 1) {
        expect(statSync(segmentPath(directory, each)).size).toBeLessThanOrEqual(8_192 + 32);
      }
    }));

  test("records that the ring's end parts reach the file as one stream", () =>
    withJournal({ mode, capacity: 4_096 }, (log, directory) => {
      for (let step = 0; step < 300; step += 1) {
        while (log.input(8 + ((step * 13) % 500)));
        log.drain();
        log.passed();
      }
      log.agent.onClose();
      expect(readAll(directory).bytes).toEqual(written(log));
    }));
});

test("durable mode lets nothing pass before its sync, fast mode what is written", () =>
  withDirectory((directory) => {
    const events: string[] = [];
    class Watched extends NodeDisk {
      override write(...args: Parameters<NodeDisk["write"]>): number {
        events.push("write");
        return super.write(...args);
      }
      override sync(file: number): void {
        events.push(`sync with ${log.passed()} passed`);
        super.sync(file);
      }
    }
    let log = new JournalLog({ disk: new Watched(), directory });
    log.inputs(3);
    log.drain();
    expect(events).toEqual(["write", "sync with 0 passed", "write", "sync with 0 passed"]);
    expect(log.passed()).toBe(3);

    events.length = 0;
    log = new JournalLog({ disk: new Watched(), directory, mode: "fast", firstSegment: 1 });
    log.inputs(3);
    expect(log.agent.work()).toBe(3);
    expect(log.passed()).toBe(3);
    expect(log.counters["journal.writtenSequence"]).toBe(3);
    expect(log.counters["journal.durableSequence"]).toBe(0);
    expect(log.agent.work(), "nothing came, so it syncs").toBe(1);
    expect(events).toEqual(["write", "sync with 0 passed", "write", "sync with 0 passed"]);
    expect(log.counters["journal.durableSequence"]).toBe(3);
  }));

test("fast mode syncs within 2 ms also when records keep coming", () =>
  withJournal({ mode: "fast" }, (log) => {
    let oldestUs = log.nowUs;
    let durable = 0;
    for (let step = 0; step < 100; step += 1) {
      log.input();
      log.nowUs += 300;
      log.agent.work();
      const sequence = log.counters["journal.durableSequence"];
      if (sequence > durable) oldestUs = log.nowUs;
      durable = sequence;
      expect(log.nowUs - oldestUs).toBeLessThanOrEqual(2_000);
    }
    expect(log.counters["journal.syncs"]).toBeGreaterThan(15);
    expect(log.counters["journal.syncs"]).toBeLessThan(50);
  }));

test("the first record behind each sync is marked as such, and no other", () =>
  withJournal({}, (log, directory) => {
    for (const count of [1, 3, 2]) {
      log.inputs(count, 32, [40]);
      log.drain();
    }
    log.agent.onClose();
    const first = (count: number): number[] => [SYNCED_BEFORE, ...Array(2 * count - 1).fill(0)];
    expect(readAll(directory).flags).toEqual([...first(1), ...first(3), ...first(2)]);
  }));

test("every order is told of once, by its input, at the moment it is safe", () =>
  withJournal({}, (log) => {
    const { sequence, nowUs } = log;
    log.inputs(2, 32, [64, 64]);
    log.nowUs += 250;
    log.drain();
    const [first, second] = [sequence, sequence + 1].map((each) => ({ sequence: each, atUs: nowUs + 250 }));
    expect(log.safeOrders).toEqual([first, first, second, second]);
  }));

test("another life goes on in a segment of its own, with the chain and the sequence of the last", () =>
  withJournal({}, (log, directory) => {
    log.inputs(5);
    log.agent.onClose();
    const { end } = readAll(directory);
    const next = new JournalLog({
      disk,
      directory,
      firstSegment: end!.segment + 1,
      previousCrc: end!.crc,
      firstSequence: end!.sequence + 1,
    });
    next.inputs(4);
    next.agent.onClose();
    const read = readAll(directory);
    expect(read.bytes).toEqual([...written(log), ...written(next)]);
    expect(read).toMatchObject({ segments: 2, lastSequence: 9, ending: "end" });
  }));

test("a segment that is there already is never written over", () =>
  withJournal({}, (log, directory) => {
    writeFileSync(segmentPath(directory, 0), "precious");
    new SegmentPreparer({ disk, directory, nowUs: () => 0, recordError: () => {}, segmentBytes: 4096 }).prepare();
    log.input();
    expect(() => log.agent.work()).toThrow(/EEXIST/);
    expect(readFileSync(segmentPath(directory, 0), "utf8")).toBe("precious");
  }));

describe("a spare segment", () => {
  const SIZE = 3 << 20;
  const preparerOf = (directory: string, errors: string[] = []): SegmentPreparer =>
    new SegmentPreparer({
      disk,
      directory,
      nowUs: () => Date.now() * 1000,
      recordError: (error) => void errors.push(String(error)),
      segmentBytes: SIZE,
    });

  test("is made of zeros a piece at a time and has its name only when it is whole", () =>
    withDirectory((directory) => {
      const preparer = preparerOf(directory);
      preparer.onStart();
      expect([preparer.work(), preparer.work()]).toEqual([1, 1]);
      expect(readdirSync(directory)).toEqual(["spare.tmp"]);
      preparer.work();
      expect(readdirSync(directory)).toEqual(["spare.seg"]);
      expect(readFileSync(sparePath(directory)).equals(Buffer.alloc(SIZE))).toBe(true);
      expect(preparer.work()).toBe(0);
      preparer.onClose();
      expect(readdirSync(directory)).toEqual([]);
    }));

  test("becomes the next segment, is read like any other, and is cut to its length at the end", () =>
    withJournal({ segmentBytes: SIZE }, (log, directory) => {
      const preparer = preparerOf(directory);
      preparer.prepare();
      log.inputs(20, 1_000);
      log.drain();
      expect(existsSync(sparePath(directory))).toBe(false);
      expect(statSync(log.path(0)).size).toBe(SIZE);
      expect(readAll(directory)).toMatchObject({ records: 20, ending: "end", sealed: false });
      log.agent.onClose();
      expect(statSync(log.path(0)).size).toBe(64 + 20 * 1_032 + 32);
      expect(readAll(directory)).toMatchObject({ records: 20, ending: "end", sealed: true });
    }));

  test("of another size, or unfinished, is made anew; one of the right size is kept", () =>
    withDirectory((directory) => {
      writeFileSync(sparePath(directory), "short");
      writeFileSync(join(directory, "spare.tmp"), "left over");
      preparerOf(directory).prepare();
      expect(statSync(sparePath(directory)).size).toBe(SIZE);
      const { ino } = statSync(sparePath(directory));
      preparerOf(directory).prepare();
      expect(statSync(sparePath(directory)).ino).toBe(ino);
    }));

  test("that is not there in time is done without", () =>
    withJournal({ segmentBytes: 4_096 }, (log, directory) => {
      log.inputs(50, 1_000);
      log.drain();
      log.agent.onClose();
      expect(readAll(directory)).toMatchObject({ records: 50, ending: "end" });
    }));
});

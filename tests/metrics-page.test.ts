/** The page that an engine leaves for others: what is read is what was written, or a clear word why not. */
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pageContents } from "../actors/metrics-page/contents.js";
import { folderFault, pagesIn, removeOldPages } from "../actors/metrics-page/directory.js";
import { COPY_REGION, HEAD_COPIES, HEAD_COPY_BYTES, HEAD_FORMAT, HEAD_MAGIC } from "../actors/metrics-page/layout.js";
import { bornAt, isRunning } from "../actors/metrics-page/process.js";
import { PageError, PageReader } from "../actors/metrics-page/reader.js";
import { findPages, PageWatcher } from "../actors/metrics-page/watcher.js";
import { keepPage, PageWriter } from "../actors/metrics-page/writer.js";
import { prepareMemory } from "../actors/prepare-memory.js";
import { ThreadContext, type ThreadData } from "../actors/threads/thread-data.js";
import { withDirectory } from "./support/command.js";

const nowUs = () => performance.now() * 1000;
const clocks = { monotonicUs: () => Number(process.hrtime.bigint()) / 1000, wallUs: () => Date.now() * 1000 };
/** A number that no process has. */
const NOBODY = 4_194_304 + 7;

let data: ThreadData;
let context: ThreadContext;
let root = "";
let release = () => {};

beforeEach(async () => {
  data = prepareMemory("shared");
  context = new ThreadContext("main", data);
  await new Promise<void>((ready) => {
    void withDirectory(async (directory) => {
      root = directory;
      ready();
      await new Promise<void>((done) => {
        release = done;
      });
    });
  });
});
afterEach(() => release());

const folder = () => join(root, "pages");

function contents(pid = process.pid, born = bornAt(pid)) {
  const about = { run: "test", journal: root };
  const process = { pid, born, startedUs: Date.now() * 1000 - 5e6, node: "v0", buildHash: 7, about };
  return pageContents(context.views, data.map, data.plan, process);
}

const make = (pid = process.pid, born = bornAt(pid)): PageWriter =>
  PageWriter.create(pid, contents(pid, born), clocks, [folder()]);
const pathOf = (pid = process.pid) => join(folder(), String(pid));

/** Looks once and closes. */
function look(path: string) {
  const watcher = new PageWatcher(path);
  try {
    return watcher.look();
  } finally {
    watcher.close();
  }
}

describe("what is read", () => {
  test("is what the threads have counted, recorded and reported", () => {
    const page = make();
    context.counters.set("frames.received", 12);
    context.counters.set("frames.decoded", 9);
    context.counters.set("frames.dropped", 2);
    context.counters.set("frames.pending", 1);
    context.counters.set("dropped.superseded", 2);
    context.histograms.engine.record(2_000);
    context.recordError(new Error("no route"), "feed");
    context.recordError(new Error("no route"), "feed");
    const duty = context.controls.engine.dutyCycle();
    duty.name(["engine"]);
    duty.worked(0, 5);
    duty.count(5);
    context.controls.engine.beat();
    page.write();
    const figures = look(page.path);
    expect(figures).toMatchObject({ pid: process.pid, state: "running", about: { run: "test", journal: root } });
    expect(figures.frames).toMatchObject({ received: 12, decoded: 9, dropped: 2, pending: 1, unaccounted: 0 });
    expect(figures.drops).toEqual({ superseded: 2 });
    expect(figures.latency.engine).toMatchObject({ count: 1, max: 2 });
    expect(figures.latency.ring).toEqual({ count: 0, p50: null, p99: null, p999: null, max: null });
    expect(figures.errors).toEqual([expect.objectContaining({ message: "feed: no route", count: 2 })]);
    expect(figures.threads.find(({ name }) => name === "engine")).toMatchObject({
      agents: [{ role: "engine" }],
      heartbeatAgeMs: 0,
    });
    page.close();
  });

  test("shows how full each ring is, was at most, and what went through it", () => {
    const page = make();
    const producer = context.producer("control");
    const consumer = context.consumer("control");
    for (let record = 0; record < 10; record += 1) {
      producer.claim(1, 56);
      producer.commit();
    }
    producer.publish();
    while (consumer.next() !== -1);
    page.write();
    const ring = () => look(page.path).rings.find(({ name }) => name === "control")!;
    expect(ring()).toMatchObject({ from: ["main"], to: ["engine"], capacityBytes: 1 << 20, usedBytes: 640 });
    consumer.release();
    page.write();
    expect(ring()).toMatchObject({ usedBytes: 0, highBytes: 640 });
    expect(ring().bytesPerSecond).toBeGreaterThan(0);
    page.close();
  });

  test("shows the slowest gating reader of the log", () => {
    const page = make();
    const log = context.logWriter();
    const journal = context.logReader("journal");
    log.claim(1, 0, 1, 1, 96);
    log.commit();
    log.publish();
    journal.next();
    journal.release();
    page.write();
    expect(look(page.path).rings.find(({ name }) => name === "log")).toMatchObject({ usedBytes: 128 });
    page.close();
  });

  test("gives rates between two looks", () => {
    let us = 1e9;
    const slow = { monotonicUs: () => us, wallUs: () => us };
    const page = PageWriter.create(process.pid, contents(), slow, [folder()]);
    const duty = context.controls.engine.dutyCycle((into, at) => {
      into[at] = us;
    });
    const watcher = new PageWatcher(page.path);
    watcher.look();
    duty.count(200);
    duty.park();
    us += 1.5e6;
    duty.wake(true);
    us += 0.5e6;
    context.controls.engine.beat();
    page.write();
    const engine = watcher.look().threads.find(({ name }) => name === "engine");
    expect(engine).toMatchObject({
      itemsPerSecond: 100,
      parksPerSecond: 0.5,
      asleep: 0.75,
      working: 0.25,
      spinning: 0,
    });
    watcher.close();
    page.close();
  });

  test("leaves out threads that this run has not started", () => {
    const page = make();
    context.controls.feeds.beat();
    page.write();
    expect(look(page.path).threads.map(({ name }) => name)).toEqual(["feeds"]);
    page.close();
  });
});

describe("a page", () => {
  test("is this user's alone, and gone when its engine has ended", () => {
    const page = make();
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(statSync(page.path).mode & 0o777).toBe(0o600);
    const watcher = new PageWatcher(page.path);
    page.close();
    expect(existsSync(page.path)).toBe(false);
    // Who has it open still reads the last words.
    expect(watcher.look().state).toBe("ended");
    watcher.close();
  });

  test("of a second run in the same process takes the name, and the first leaves it alone", () => {
    const first = make();
    const second = make();
    first.close();
    expect(look(second.path).state).toBe("running");
    second.close();
    expect(readdirSync(folder())).toEqual([]);
  });

  test("of an engine that was killed stays, and says when it ended", () => {
    const page = make(NOBODY, "123");
    for (const timeUs of [1e15, 1e15 + 5e6]) context.errors.record("journal: no room", timeUs);
    page.write();
    const figures = look(pathOf(NOBODY));
    expect(figures).toMatchObject({ pid: NOBODY, state: "gone" });
    expect(figures.errors).toEqual([
      { message: "journal: no room", count: 2, first: "2001-09-09T01:46:40.000Z", last: "2001-09-09T01:46:45.000Z" },
    ]);
    expect(findPages([folder()])).toEqual([{ pid: NOBODY, path: pathOf(NOBODY), isRunning: false }]);
  });

  test("of a process whose number another has by now is known as such", () => {
    make(process.pid, "1").write();
    expect(look(pathOf()).state).toBe("gone");
    expect(findPages([folder()])[0].isRunning).toBe(false);
  });

  test("that nobody writes although the process runs is called silent", () => {
    const old = { ...clocks, monotonicUs: () => clocks.monotonicUs() - 10e6 };
    const page = PageWriter.create(process.pid, contents(), old, [folder()]);
    const { state, ageMs } = look(page.path);
    expect(state).toBe("silent");
    expect(ageMs).toBeGreaterThanOrEqual(10_000);
    page.close();
  });
});

describe("a copy that was being written", () => {
  const wordAt = (path: string, at: number) => readFileSync(path).readUInt32LE(at);

  test("when its writer died is not believed, and the one before it is", () => {
    const page = make(NOBODY, "123");
    context.counters.set("frames.received", 1);
    page.write();
    context.counters.set("frames.received", 2);
    page.write();
    const bytes = readFileSync(page.path);
    const [copies, copyBytes] = [wordAt(page.path, HEAD_COPIES), wordAt(page.path, HEAD_COPY_BYTES)];
    const newest = [0, 1].map((copy) => copies + copy * copyBytes).sort(bySequence(bytes))[0];
    // The next copy was begun over the older of the two: its first sequence is there, half of its bytes, not its end.
    const older = newest === copies ? copies + copyBytes : copies;
    bytes.writeDoubleLE(99, older);
    bytes.fill(0xff, older + COPY_REGION, older + copyBytes / 2);
    writeFileSync(page.path, bytes);
    expect(look(page.path).frames.received).toBe(2);
    // The newest too: nothing is whole any more.
    bytes.writeDoubleLE(98, newest);
    writeFileSync(page.path, bytes);
    expect(() => look(page.path)).toThrow(/holds no copy that is whole/);
  });

  const bySequence = (bytes: Buffer) => (one: number, other: number) =>
    bytes.readDoubleLE(other) - bytes.readDoubleLE(one);

  test("is never believed while a thread writes copy after copy", async () => {
    // All figures of one copy are the same number: a reader that sees two has read parts of two copies.
    const page = make();
    const { views } = context;
    const worker = new Worker(
      `const { workerData: { writer, layout, views, path } } = require("node:worker_threads");
       const { openSync, writevSync } = require("node:fs");
       const file = openSync(path, "r+");
       const words = new Float64Array(views.regionBytes / 8);
       const head = new Float64Array(16), end = new Float64Array(1);
       const nothing = new Int32Array(new SharedArrayBuffer(4));
       for (let sequence = 1000; ; sequence += 1) {
         words.fill(sequence);
         head[0] = end[0] = sequence;
         const at = layout.copies + (sequence % 2) * layout.copyBytes;
         writevSync(file, [head], at);
         writevSync(file, [words], at + 128);
         writevSync(file, [end], at + layout.copyBytes - 8);
         if (sequence % 16 === 0) Atomics.wait(nothing, 0, 0, 1);
       }`,
      {
        eval: true,
        workerData: {
          path: page.path,
          layout: { copies: wordAt(page.path, HEAD_COPIES), copyBytes: wordAt(page.path, HEAD_COPY_BYTES) },
          views: { regionBytes: contents().description.regionBytes },
        },
      },
    );
    const reader = PageReader.open(page.path);
    try {
      while ((readOrNull(reader)?.sequence ?? 0) < 1_000) await new Promise((resolve) => setTimeout(resolve, 1));
      const seen = new Set<number>();
      const untilUs = nowUs() + 1_000_000;
      while (nowUs() < untilUs) {
        const { sequence, views: copy } = readOrNull(reader) ?? { sequence: 0, views };
        if (sequence === 0) continue;
        seen.add(sequence);
        const words = copy.f64.subarray(0, reader.description.regionBytes / 8);
        expect(words.every((word) => word === sequence)).toBe(true);
      }
      expect(seen.size).toBeGreaterThan(1);
    } finally {
      await worker.terminate();
      reader.close();
      page.close();
    }
  });

  /** A writer without a pause may overtake every attempt, which is said. */
  function readOrNull(reader: PageReader) {
    try {
      return reader.read();
    } catch (error) {
      expect((error as Error).message).toMatch(/no copy that is whole/);
      return null;
    }
  }
});

describe("what is no page is refused with the reason", () => {
  const damaged = (change: (bytes: Buffer) => void): string => {
    make().write();
    const bytes = readFileSync(pathOf());
    change(bytes);
    writeFileSync(pathOf(), bytes);
    return pathOf();
  };
  const json = (bytes: Buffer, change: (text: string) => string): void => {
    const length = bytes.readUInt32LE(8);
    const text = change(bytes.toString("utf8", 128, 128 + length)).padEnd(length);
    bytes.write(text.slice(0, length), 128);
  };

  test.each([
    ["another magic", (bytes: Buffer) => void bytes.writeUInt32LE(1, HEAD_MAGIC), /is not a metrics page/],
    ["another format", (bytes: Buffer) => void bytes.writeUInt32LE(2, HEAD_FORMAT), /has format 2, this build reads 1/],
    [
      "sizes of its own",
      (bytes: Buffer) => void bytes.writeUInt32LE(0xffff_fff8, HEAD_COPY_BYTES),
      /sizes that no page/,
    ],
    ["no JSON", (bytes: Buffer) => json(bytes, () => "{"), /its description is not JSON/],
    ["other JSON", (bytes: Buffer) => json(bytes, (text) => text.replace('"rings"', '"rungs"')), /rings|rungs/],
    [
      "figures of another layout",
      (bytes: Buffer) => json(bytes, (text) => text.replace(/"histogram":\d+/, '"histogram":8')),
      /by another build, whose figures are laid out differently/,
    ],
    [
      "a figure outside of itself",
      (bytes: Buffer) => json(bytes, (text) => text.replace(/"counters":\{"at":\d+/, '"counters":{"at":99999992')),
      /places counters outside|not one|not JSON/,
    ],
    [
      "other names of counters than its memory",
      (bytes: Buffer) => json(bytes, (text) => text.replace('"frames.received"', '"frames.deceived"')),
      /is damaged: the counters .* have other names/,
    ],
  ])("%s", (_what, change, why) => {
    const path = damaged(change);
    expect(() => look(path)).toThrow(PageError);
    expect(() => look(path)).toThrow(why);
  });

  test.each([0, 3, 127, 200, 5_000, 100_000])("a file cut to %i bytes", (bytes) => {
    make().write();
    truncateSync(pathOf(), bytes);
    expect(() => look(pathOf())).toThrow(PageError);
    expect(() => look(pathOf())).toThrow(/cut short|not a metrics page/);
  });

  test("any byte of head and description may be wrong: an error with a reason or figures, never a crash", () => {
    make().write();
    const whole = readFileSync(pathOf());
    const end = 128 + whole.readUInt32LE(8);
    for (let at = 0; at < end; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x55;
      writeFileSync(pathOf(), bytes);
      try {
        look(pathOf());
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(PageError);
      }
    }
  });

  test("a page under another process's number", () => {
    make().write();
    renameSync(pathOf(), pathOf(NOBODY));
    expect(() => look(pathOf(NOBODY))).toThrow(/is of process \d+, and not what its name says/);
  });

  test("a symbolic link, and a folder", () => {
    make().write();
    symlinkSync(pathOf(), pathOf(NOBODY));
    expect(() => look(pathOf(NOBODY))).toThrow(/cannot be opened \(ELOOP\)/);
    mkdirSync(pathOf(NOBODY + 1));
    expect(() => look(pathOf(NOBODY + 1))).toThrow(/is not a file/);
  });

  test.runIf(process.getuid?.() === 0)("a file of another user, and a folder of another user", () => {
    make().write();
    chownSync(pathOf(), 12_345, 12_345);
    expect(() => look(pathOf())).toThrow(/belongs to another user \(12345\): it is not believed/);
    chownSync(folder(), 12_345, 12_345);
    expect(() => look(pathOf())).toThrow(/belongs to another user \(12345\)/);
    expect(pagesIn(folder())).toEqual([]);
    expect(() => make()).toThrow(/there is no place for a metrics page: .* belongs to another user/);
  });

  test("a folder that others may enter", () => {
    mkdirSync(folder());
    chmodSync(folder(), 0o755);
    expect(folderFault(folder())).toMatch(/is open to other users/);
    expect(() => make()).toThrow(/is open to other users/);
  });
});

describe("a place that cannot be written to", () => {
  test("is passed over for the next", () => {
    writeFileSync(join(root, "file"), "");
    const second = join(root, "second");
    const page = PageWriter.create(process.pid, contents(), clocks, [join(root, "file"), second]);
    expect(page.path).toBe(join(second, String(process.pid)));
    page.close();
  });

  test("is said once, and the engine goes on without a page", () => {
    const told: string[] = [];
    const tell = (error: unknown) => told.push((error as Error).message);
    const page = keepPage(() => PageWriter.create(1, contents(), clocks, [join(root, "no", "folder")]), tell);
    page.close();
    expect(page.path).toBeNull();
    expect(told).toEqual([expect.stringMatching(/sluice top does not see this engine: .*ENOENT/)]);
  });
});

describe("pages of engines that are gone", () => {
  test("are removed after a day, and are at most sixteen", () => {
    mkdirSync(folder(), { mode: 0o700 });
    const nowMs = Date.now();
    const leave = (pid: number, ageHours: number): void => {
      writeFileSync(pathOf(pid), "");
      const seconds = nowMs / 1000 - ageHours * 3_600;
      utimesSync(pathOf(pid), seconds, seconds);
    };
    leave(process.pid, 100);
    for (let at = 0; at < 20; at += 1) leave(NOBODY + at, at);
    leave(NOBODY + 50, 25);
    removeOldPages(folder(), nowMs);
    const kept = pagesIn(folder()).map(({ pid }) => pid);
    expect(kept).toEqual([process.pid, ...Array.from({ length: 16 }, (_, at) => NOBODY + at)]);
  });

  test("do not stand in the way of a new engine of that number", () => {
    mkdirSync(folder(), { mode: 0o700 });
    writeFileSync(pathOf(), "old");
    linkSync(pathOf(), join(root, "elsewhere"));
    make().close();
    expect(readFileSync(join(root, "elsewhere"), "utf8")).toBe("old");
  });
});

test("a process is known by its number and its beginning", () => {
  expect(isRunning(process.pid, bornAt(process.pid))).toBe(true);
  expect(isRunning(process.pid, null)).toBe(true);
  expect(isRunning(NOBODY, null)).toBe(false);
  if (bornAt(process.pid) !== null) expect(isRunning(process.pid, "1")).toBe(false);
});

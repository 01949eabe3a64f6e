/** A journal that is broken at every byte and every bit of its end comes out as an exact prefix or is refused. */
import { spawnSync } from "node:child_process";
import { appendFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { readSegments } from "../actors/journal/journal-directory.js";
import { SegmentTail } from "../actors/journal/segment-tail.js";
import { readTape } from "../engine/index.js";
import { withDirectory } from "./support/journal.js";
import { JournalLog } from "./support/journal-log.js";
import { crc32c } from "./support/tape.js";

const SCRIPT = join(import.meta.dirname, "crash", "torn.mjs");

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
}

test("no broken journal is anything but an exact prefix or a refusal that names the place", () => {
  const { status, stdout, stderr } = run("--journals", "1", "--seed", "7", "--json");
  expect(stderr).toBe("");
  const { told, rows, ...all } = JSON.parse(stdout);
  expect([status, told, all.wrong]).toEqual([0, [], 0]);
  expect(rows["the end, cut at a byte"].tries).toBeGreaterThan(65_536);
  expect(rows["the end, one bit"].tries).toBeGreaterThan(32_768);
  expect(rows["the end, recovered whole"].tries).toBeGreaterThan(500);
  expect(rows["cut around a snapshot, recovered"].refused).toBeGreaterThan(0);
  expect(all.prefix + all.shorter + all.refused).toBe(all.tries);
}, 300_000);

test.each([["--journals", "0"], ["--frobnicate"]])("refuses %s %s as usage", (...args) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^torn: .*\nusage: npm run torn/s);
});

test("who followed a journal to a torn end goes on when a later life has cut that off", () =>
  withDirectory((directory) => {
    const place = { disk: new NodeDisk(), directory };
    const life = new JournalLog(place);
    life.inputs(3, 64);
    life.drain();
    const { end } = readTape(readSegments(directory), crc32c, () => {});
    appendFileSync(life.path(0), life.records[0].subarray(0, 60));
    const tail = new SegmentTail(directory, crc32c);
    const read = (): number => {
      let count = 0;
      while (tail.next() !== null) count += 1;
      return count;
    };
    expect(read()).toBe(3);
    truncateSync(life.path(0), end!.byte);
    const next = new JournalLog({ ...place, firstSegment: 1, previousCrc: end!.crc, firstSequence: 4 });
    next.inputs(2, 64);
    next.drain();
    expect(read()).toBe(2);
    tail.close();
  }));

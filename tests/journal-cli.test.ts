/** What `sluice journal verify` and `cat` say of a journal: of a whole one, a torn one, a damaged one, one in use. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { lockDirectory } from "../actors/journal/directory-lock.js";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { type CatOptions, runJournalCat, runJournalVerify } from "../cli/journal.js";
import type { Output } from "../cli/output.js";
import { ConfigError, TapeError } from "../engine/index.js";
import { decodeRecord } from "./support/engine.js";
import { recordRun, withDirectory, writeJournal } from "./support/journal.js";

let records: Uint8Array[];
beforeAll(async () => {
  records = await recordRun(2_000, 3);
});

function listener() {
  const lines: string[] = [];
  const notes: string[] = [];
  const values: unknown[] = [];
  const output: Output = {
    line: (text) => void lines.push(text),
    json: (value) => void values.push(value),
    note: (text) => void notes.push(text),
    isTerminal: false,
  };
  return { lines, notes, values, output };
}

const withJournal = (work: (directory: string) => void | Promise<void>, segments = 3) =>
  withDirectory((directory) => {
    writeJournal(directory, records, segments);
    return work(directory);
  });

function verify(directory: string) {
  const { values, output } = listener();
  runJournalVerify(directory, { json: true }, output);
  return values[0] as Record<string, unknown>;
}

function verifyLines(directory: string): string {
  const { lines, output } = listener();
  runJournalVerify(directory, { json: false }, output);
  return lines.join("\n");
}

function cat(directory: string, options: Partial<CatOptions> = {}) {
  const { lines, notes, output } = listener();
  runJournalCat(directory, { json: true, ...options }, output);
  return { lines, notes, objects: () => lines.map((line) => JSON.parse(line)) };
}

describe("verify", () => {
  test("counts what is there", () =>
    withJournal((directory) => {
      const decoded = records.map(decodeRecord);
      const inputs = decoded.filter(({ index }) => index === 0).length;
      const report = verify(directory);
      expect(report).toMatchObject({
        ...{ segments: 3, firstSegment: 0, records: records.length, inputs, outputs: records.length - inputs },
        ...{ firstSequence: 1, lastSequence: decoded.at(-1)!.sequence },
        ...{ fromUs: decoded[0].timeUs, toUs: decoded.at(-1)!.timeUs },
        recordBytes: records.reduce((sum, { length }) => sum + length, 0),
        lives: [{ epoch: 1, mode: "paper", sequence: 1, timeUs: decoded[0].timeUs, segment: 0 }],
        ...{ ending: "end", torn: null, closedInOrder: false, builds: ["00000001"], holder: null },
      });
      expect(report.types).toMatchObject({ trade: decoded.filter(({ type }) => type === "Trade").length, config: 1 });
      const text = verifyLines(directory);
      expect(text).toContain(`${directory}: 3 segments, `);
      expect(text).toContain("life      1, paper, ");
      expect(text).toMatch(/every record is whole and in its place; checked in \d+\.\d\d s$/);
    }));

  test("names the place where a journal ends torn, and is content with it", () =>
    withJournal((directory) => {
      const path = segmentPath(directory, 2);
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.subarray(0, -8));
      const byte = bytes.length - records.at(-1)!.length;
      expect(verify(directory)).toMatchObject({
        ...{ records: records.length - 1, ending: "torn" },
        torn: { name: path, segment: 2, byte },
      });
      expect(verifyLines(directory)).toContain(`ending    torn at byte ${byte} of ${path}: its length `);
    }));

  test("throws at damage with its exact place and how much before it is whole", () =>
    withJournal((directory) => {
      const path = segmentPath(directory, 1);
      const bytes = readFileSync(path);
      bytes[70] ^= 4;
      writeFileSync(path, bytes);
      expect(() => verify(directory)).toThrow(TapeError);
      expect(() => verify(directory)).toThrow(
        new RegExp(
          `^${path} is damaged at byte 64, after sequence \\d+\\.\\d+: .* \\([\\d ]+ records before it are whole\\)$`,
        ),
      );
    }));

  test("says that a directory is in use, and that its oldest segments were removed", () =>
    withJournal(async (directory) => {
      rmSync(segmentPath(directory, 0));
      const lock = await lockDirectory(directory);
      expect(verify(directory)).toMatchObject({
        segments: 2,
        firstSegment: 1,
        lives: [],
        holder: { pid: process.pid },
      });
      expect(verifyLines(directory)).toMatch(/; 1 older one removed\n[\s\S]*; held by process \d+ on /);
      await lock.release();
    }));

  test("throws where there is no journal", () =>
    withDirectory((directory) => {
      expect(() => verify(directory)).toThrow("holds no journal");
    }));
});

describe("cat", () => {
  test("prints every record with its fields in words and decimals", () =>
    withJournal((directory) => {
      const { objects, notes } = cat(directory);
      const decoded = records.map(decodeRecord);
      const printed = objects();
      expect(printed.map(({ sequence, index, timeUs }) => ({ sequence, index, timeUs }))).toEqual(
        decoded.map(({ sequence, index, timeUs }) => ({ sequence, index, timeUs })),
      );
      const at = decoded.findIndex(({ type }) => type === "SubmitOrder");
      expect(printed[at]).toMatchObject({
        type: "submit-order",
        instrument: ["BTC/USDT.BINANCE", "ETH/USDT.BINANCE"][decoded[at].body.instrument],
        orderId: decoded[at].body.orderId,
        qty: (decoded[at].body.qtyLots / 1_000).toFixed(3),
      });
      expect(notes).toEqual([]);
    }));

  test("prints a range of sequences, of one type, up to a number, and finds its names in an earlier segment", () =>
    withJournal((directory) => {
      const last = decodeRecord(records.at(-1)!).sequence;
      const range = cat(directory, { from: last - 10, to: last - 4 }).objects();
      expect(new Set(range.map(({ sequence }) => sequence))).toEqual(
        new Set([10, 9, 8, 7, 6, 5, 4].map((back) => last - back)),
      );
      const trades = cat(directory, { from: last - 200, type: "trade", limit: 5 }).objects();
      expect(trades.map(({ type }) => type)).toEqual(Array(5).fill("trade"));
      expect(trades[0].instrument).toMatch(/USDT\.BINANCE$/);
      expect(() => cat(directory, { type: "trades" })).toThrow(ConfigError);
      expect(() => cat(directory, { type: "trades" })).toThrow(
        /there is no type of record "trades"; there are trade, /,
      );
    }));

  test("prints readable lines", () =>
    withJournal((directory) => {
      const { lines } = cat(directory, { json: false, limit: 40 });
      expect(lines[0]).toMatch(/^ {8}#1 {2}2026-01-05T00:00:00\.000Z {2}config life 1, paper/);
      expect(lines).toHaveLength(40);
    }));

  test("prints what is whole of a torn journal, and says where it ends", () =>
    withJournal((directory) => {
      const path = segmentPath(directory, 2);
      writeFileSync(path, readFileSync(path).subarray(0, -8));
      const { lines, notes } = cat(directory);
      expect(lines).toHaveLength(records.length - 1);
      expect(notes).toEqual([expect.stringMatching(/^the journal ends torn: its length \d+ passes the end, at byte/)]);
    }));

  test("prints what can be known where the configuration was removed with the oldest segments", () =>
    withJournal((directory) => {
      rmSync(segmentPath(directory, 0));
      expect(cat(directory, { limit: 1 }).objects()[0]).toMatchObject({ fields: null });
    }));
});

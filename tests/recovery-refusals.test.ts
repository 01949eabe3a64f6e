/**
 * What recovery does not understand it does not start from: damage, files of a newer Sluice, verdicts that are none. It
 * says which file, which byte and behind which input, and leaves every file as it was.
 */
import { describe, expect, test } from "vitest";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { addVerdict, readVerdicts } from "../actors/recovery/verdicts.js";
import { TapeError } from "../engine/index.js";
import { SCHEMA_HASH, SEGMENT_HEADER_SCHEMA_HASH, SEGMENT_HEADER_VERSION } from "../schemas/index.js";
import { CrashDisk } from "./support/crash-disk.js";
import { cutFile, flipBit, forgeHeader, recordsOf } from "./support/forge.js";
import { DIRECTORY, Life, startOn } from "./support/life.js";

const FIRST = segmentPath(DIRECTORY, 0);
const VERDICTS = `${DIRECTORY}/verdicts`;

/** Several small segments of a life that was stopped, and one of a life that was killed. */
function withSegments() {
  const disk = new CrashDisk();
  new Life({ disk, segmentBytes: 16_384 }).trade(150).stop();
  new Life({ disk, segmentBytes: 16_384 }).trade(60).flush();
  const names = disk.list(DIRECTORY).filter((name) => name.endsWith(".seg"));
  return { disk, paths: names.sort().map((name) => `${DIRECTORY}/${name}`), records: recordsOf(disk, DIRECTORY) };
}

/** Recovery refuses in these words, and has changed no file. */
function expectRefusal(disk: CrashDisk, ...words: readonly string[]): void {
  const files = () =>
    disk
      .list(DIRECTORY)
      .sort()
      .map((name) => [name, Buffer.from(disk.bytesOf(`${DIRECTORY}/${name}`)).toString("base64")]);
  const before = files();
  let refusal: unknown;
  try {
    startOn({ disk });
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(TapeError);
  for (const word of words) expect((refusal as Error).message).toContain(word);
  expect(files()).toEqual(before);
}

describe("damage", () => {
  test("in a record is refused with its file, its byte and the input before it", () => {
    const { disk, paths, records } = withSegments();
    expect(paths.length).toBeGreaterThan(3);
    for (const part of [0.1, 0.4, 0.7]) {
      const damaged = disk.afterKill();
      const at = Math.floor(records.length * part);
      const { name, byte } = records[at];
      const { sequence, index } = records[at - 1];
      flipBit(damaged, name, byte + 36);
      const isFirst = records[at - 1].name !== name;
      expectRefusal(
        damaged,
        `${name} is damaged at byte ${byte}`,
        isFirst ? "" : `after sequence ${sequence}.${index}`,
      );
    }
  });

  test("in a segment that ends before the next begins is refused: its end was on disk once", () => {
    const { disk, paths, records } = withSegments();
    const last = records.findLast(({ name }) => name === paths[1])!;
    cutFile(disk, paths[1], last.byte + 10);
    expectRefusal(disk, `${paths[1]} is damaged at byte ${last.byte}`, "another segment follows it");
  });

  test("in the newest segment is refused where a later record says that it was on disk", () => {
    const { disk, paths, records } = withSegments();
    const newest = records.filter(({ name }) => name === paths.at(-1));
    flipBit(disk, newest[3].name, newest[3].byte + 40);
    expectRefusal(disk, `${newest[3].name} is damaged at byte ${newest[3].byte}`, "it was on disk once");
  });

  test("in a segment's header is refused", () => {
    const { disk, paths } = withSegments();
    flipBit(disk, paths[2], 20);
    expectRefusal(disk, `${paths[2]} is damaged in its header (bytes 0 to 63)`);
  });

  test("in which a segment is missing, twice there or from elsewhere is refused", () => {
    const { disk, paths } = withSegments();
    const missing = disk.afterKill();
    missing.remove(paths[1]);
    expectRefusal(missing, `${paths[2]} is segment 2, but the one before it is 0`);
    const twice = disk.afterKill();
    twice.place(paths[2], twice.bytesOf(paths[1]).slice());
    expectRefusal(twice, `${paths[2]} is segment 1, but the one before it is 1`);
    const elsewhere = new CrashDisk();
    new Life({ disk: elsewhere, segmentBytes: 16_384, overrides: { seed: 99 } }).trade(150).stop();
    const mixed = disk.afterKill();
    mixed.place(paths[1], elsewhere.bytesOf(paths[1]).slice());
    expectRefusal(mixed, `${paths[1]} does not continue the chain of the segment before it`);
  });

  test("that is a file which is no segment is refused", () => {
    const { disk, paths } = withSegments();
    disk.place(paths[1], new TextEncoder().encode("x".repeat(500)));
    expectRefusal(disk, `${paths[1]} is not a journal segment`);
  });
});

describe("a journal of another Sluice", () => {
  test("of a newer format is refused with the remedy", () => {
    const { disk, paths } = withSegments();
    forgeHeader(disk, paths[0], (view) => view.setUint32(SEGMENT_HEADER_VERSION, 9, true));
    expectRefusal(disk, `${paths[0]} was written by a newer Sluice (format 9; this one reads 1): update it`);
  });

  test("with other messages is refused with the remedy", () => {
    const { disk, paths } = withSegments();
    forgeHeader(disk, paths[0], (view) => view.setUint32(SEGMENT_HEADER_SCHEMA_HASH, 0xabc, true));
    const schemas = `written with schemas abc; this build has ${SCHEMA_HASH.toString(16)}`;
    expectRefusal(disk, paths[0], schemas, "read it with the Sluice that wrote it");
  });
});

describe("the file of verdicts", () => {
  test.each([
    ["cut short", '{"sequence":12,"strategy":"hoarder","bundle":"a"}\n{"sequ', ", line 2"],
    ["of another kind", "[]\n", ", line 1"],
    ["without a sequence", '{"strategy":"hoarder"}\n', ", line 1"],
    ["of binary rubbish", "\u0000\u0001\n", ", line 1"],
  ])("%s is refused with its line", (_what, text, place) => {
    const { disk } = withSegments();
    disk.place(VERDICTS, new TextEncoder().encode(text));
    expectRefusal(disk, `${VERDICTS}${place} is not a verdict such as`);
  });

  test("grows by one, whole or not at all, wherever the power fails", () => {
    const verdicts = [
      { sequence: 12, strategy: "hoarder", bundle: "a" },
      { sequence: 40, strategy: "rester", bundle: "b" },
    ];
    const disk = new CrashDisk();
    disk.place(FIRST, new Uint8Array());
    addVerdict(disk, DIRECTORY, verdicts[0]);
    const found: number[] = [];
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    disk.onOperation = () => {
      for (let time = 0; time < 20; time += 1) {
        const left = readVerdicts(disk.afterPowerLoss(random), DIRECTORY);
        expect(left).toEqual(verdicts.slice(0, left.length));
        found.push(left.length);
      }
    };
    addVerdict(disk, DIRECTORY, verdicts[1]);
    expect(new Set(found)).toEqual(new Set([1, 2]));
    disk.onOperation = () => {};
    expect(readVerdicts(disk.afterPowerLoss(random), DIRECTORY)).toEqual(verdicts);
  });
});

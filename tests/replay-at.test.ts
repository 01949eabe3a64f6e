/** Any place of a journal shows the state that the run itself had there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeSnapshot } from "../actors/archive/snapshot-file.js";
import { writeSnapshot } from "../actors/archive/snapshot-store.js";
import { buildHash } from "../actors/build-hash.js";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { isoTime, readTime, resolveTime } from "../cli/replay/moments.js";
import { firstInput, openRecords, openWalk } from "../cli/replay/open-journal.js";
import { goTo, type PlaceReport } from "../cli/replay/travel.js";
import { runReplay } from "../cli/replay.js";
import { ConfigError, formatHash, ReplayDivergence, stateHash } from "../engine/index.js";
import { MessageType, RECORD_HEADER_BYTES } from "../schemas/index.js";
import { decodeRecord, START_US } from "./support/engine.js";
import { CollectedOutput, type WrittenRun, writeRun } from "./support/replay-journal.js";
import { crc32c, sealSegments } from "./support/tape.js";

let directory: string;
let run: WrittenRun;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-replay-"));
  run = await writeRun(join(directory, "journal"), { count: 1_500, seed: 5, segments: 3 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const at = async (place: string, journal = run.directory): Promise<PlaceReport> => {
  const output = new CollectedOutput();
  await runReplay(journal, { at: place, json: true }, output);
  return output.value as PlaceReport;
};

describe("--at", () => {
  test("shows the state that the run itself had after that input", async () => {
    const last = run.engine.sequence;
    for (const sequence of [1, 2, 999, 1_000, 1_001, Math.floor(last / 2), last - 1, last]) {
      const report = await at(String(sequence));
      expect(report.sequence).toBe(sequence);
      expect(report.stateHash).toBe(run.hashes[sequence]);
      expect(Number(report.pnl)).toBeCloseTo(run.profits[sequence] / 1e8, 8);
    }
  });

  test("shows the hash that the run's own full checkpoint recorded", async () => {
    const { sequence, body } = decodeRecord(run.recording.records.at(-1)!);
    const recorded = body.hashHigh.toString(16).padStart(8, "0") + body.hashLow.toString(16).padStart(8, "0");
    expect((await at(String(sequence))).stateHash).toBe(recorded);
  });

  test("finds a time at the newest input that is not behind it, however the time is written", async () => {
    const inputs = run.recording.decoded.filter(({ index }) => index === 0);
    const middle = inputs[700];
    const wanted = inputs.filter(({ timeUs }) => timeUs <= Math.floor(middle.timeUs) + 1).at(-1)!;
    const us = Math.floor(middle.timeUs) + 1;
    const iso = isoTime(us);
    for (const text of [iso, iso.slice(0, -1), iso.slice(11, 26), `+${us - START_US}us`]) {
      expect((await at(text)).sequence, text).toBe(wanted.sequence);
    }
    expect((await at("+0s")).sequence).toBe(inputs.filter(({ timeUs }) => timeUs <= START_US).at(-1)!.sequence);
  });

  test("says in text what the object says", async () => {
    const output = new CollectedOutput();
    await runReplay(run.directory, { at: "1200", json: false }, output);
    const report = await at("1200");
    expect(output.text).toContain(`#1200   ${report.time}   life 1   paper`);
    expect(output.text).toContain(`state hash ${run.hashes[1200]}`);
    for (const { id } of report.strategies) expect(output.text).toContain(`strategy ${id}   on`);
    expect(output.text).toMatch(/fast\s+ema\(2\) = \d/);
    for (const { orderId } of report.orders.working) expect(output.text).toContain(`${orderId} (`);
  });

  test.each([
    ["0", "takes a sequence number"],
    ["25:00", "takes a sequence number"],
    ["soon", "takes a sequence number"],
    ["99999999", "the journal ends at sequence"],
    ["2020-01-01", "the journal begins at 2026-01-05T00:00:00.000000Z, after that place"],
  ])("refuses %s and says what there is", async (place, message) => {
    await expect(at(place)).rejects.toThrow(ConfigError);
    await expect(at(place)).rejects.toThrow(message);
  });

  test("goes through the lives of a journal", async () => {
    const lives = await writeRun(join(directory, "lives"), { count: 900, seed: 8, lives: 3, segments: 4 });
    const configs = lives.recording.ofType("Config").map(({ sequence }) => sequence);
    expect(configs).toHaveLength(3);
    for (const sequence of [...configs, ...configs.map((each) => each + 1), lives.engine.sequence]) {
      const report = await at(String(sequence), lives.directory);
      expect(report.stateHash).toBe(lives.hashes[sequence]);
    }
    const begun = await at(String(configs[1]), lives.directory);
    expect(begun).toMatchObject({ epoch: 2, trading: { state: "halted", reason: "recovery", resumesAs: "active" } });
  });

  test("reads a torn journal up to its newest whole record, and says so where outputs are missing", async () => {
    const torn = await writeRun(join(directory, "torn"), { count: 300, seed: 5 });
    const sent = torn.recording.decoded.findLast(({ type }) => type === "SubmitOrder")!;
    const until = torn.recording.records.findIndex((each) => {
      const { sequence, index } = decodeRecord(each);
      return sequence === sent.sequence && index === sent.index + 1;
    });
    const kept = torn.recording.records.slice(0, until).reduce((bytes, { length }) => bytes + length, 64);
    truncateSync(join(torn.directory, "000000.seg"), kept + 8);
    const report = (await at(String(sent.sequence), torn.directory)) as PlaceReport & { notes: string[] };
    expect(report.outputs).toHaveLength(sent.index);
    expect(report.notes.join()).toContain("of its outputs are not in it");
    expect(report.stateHash).toBe(torn.hashes[sent.sequence]);
  });
});

describe("a snapshot", () => {
  test("before the place is where the replay begins; one behind it is passed over", async () => {
    const {
      directory: journal,
      hashes,
      engine,
    } = await writeRun(join(directory, "snapshots"), { count: 900, segments: 3 });
    const last = engine.sequence;
    const [early, late] = [Math.floor(last / 3), Math.floor((2 * last) / 3)];
    for (const sequence of [early, late]) snapshotAt(journal, sequence);
    const first = firstInput(journal);
    for (const [wanted, from] of [
      [early, 0],
      [early + 1, early],
      [late, early],
      [last, late],
    ]) {
      const { walk, step } = goTo(journal, { kind: "sequence", sequence: wanted }, first);
      expect(walk.restoredAt, `to ${wanted}`).toBe(from);
      expect(step.input.sequence).toBe(wanted);
      expect(formatHash(stateHash(walk.engine))).toBe(hashes[wanted]);
    }
  });

  test("that is damaged is passed over", async () => {
    const { directory: journal, hashes, engine } = await writeRun(join(directory, "damaged"), { count: 300 });
    const path = snapshotAt(journal, 100);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    expect((await at(String(engine.sequence), journal)).stateHash).toBe(hashes[engine.sequence]);
  });

  /** Writes one of the state after a sequence; returns its path. */
  function snapshotAt(journal: string, sequence: number): string {
    const walk = openWalk(journal);
    while (walk.next()!.input.sequence < sequence);
    const records = openRecords(journal);
    let segment = 0;
    for (let record = records.next(); record!.sequence < walk.peek()!.sequence; record = records.next()) {
      segment = records.segments - 1;
    }
    const snapshot = takeSnapshot(walk.engine, { segment, offset: 0, crc: 0 }, buildHash());
    return writeSnapshot(new NodeDisk(), journal, snapshot, crc32c);
  }
});

describe("what is another than it was", () => {
  test("a bundle that was changed is refused by name", async () => {
    const other = await writeRun(join(directory, "other"), { count: 200, seed: 5 });
    const folder = join(other.directory, "strategies");
    for (const name of readdirSync(folder))
      writeFileSync(join(folder, name), `${readFileSync(join(folder, name))}\n//`);
    await expect(at("150", other.directory)).rejects.toThrow(
      /strategies\/[0-9a-f]{64}\.js is damaged: its SHA-256 is /,
    );
  });

  test("a build that is another is named", async () => {
    const { notes } = (await at("10")) as PlaceReport & { notes: string[] };
    expect(notes.join("\n")).toMatch(/recorded by build 00000001; this is build [0-9a-f]{8}/);
  });
});

describe("a divergence", () => {
  test("is told with its place and both records, field by field", async () => {
    const forged = await writeRun(join(directory, "forged"), { count: 300, seed: 5 });
    const { records } = forged.recording;
    const index = records.findIndex(
      (each) => new Uint16Array(each.buffer, each.byteOffset + 8, 1)[0] === MessageType.SubmitOrder,
    );
    const place = decodeRecord(records[index]);
    const copy = records[index].slice();
    const values = new DataView(copy.buffer);
    for (let byte = RECORD_HEADER_BYTES; byte < copy.length; byte += 4) {
      if (values.getInt32(byte, true) === place.body.priceTicks) values.setInt32(byte, place.body.priceTicks + 1, true);
    }
    const altered = records.map((each, position) => (position === index ? copy : each));
    const [{ bytes }] = sealSegments(altered);
    writeFileSync(join(forged.directory, "000000.seg"), bytes);
    for (const options of [{}, { at: String(forged.engine.sequence) }]) {
      const replayed = runReplay(forged.directory, { ...options, json: true }, new CollectedOutput());
      await expect(replayed).rejects.toThrow(ReplayDivergence);
      const message = await replayed.catch((error: Error) => error.message);
      expect(message).toContain(`sequence ${place.sequence}.${place.index} (SubmitOrder)`);
      expect(message).toMatch(/recorded\s+this engine/);
      expect(message).toMatch(/\* price\s+\d+\.\d+\s+\d+\.\d+/);
      expect(message).toMatch(/ {2}side\s+(buy|sell)\s+(buy|sell)/);
    }
    expect((await at(String(place.sequence - 1), forged.directory)).stateHash).toBe(forged.hashes[place.sequence - 1]);
  });
});

describe("times", () => {
  test("read back what they show, to the microsecond", () => {
    for (const us of [START_US, START_US + 1, START_US + 43_205_250_000, START_US + 86_399_999_999]) {
      expect(resolveTime(readTime(isoTime(us))!, 0)).toBe(us);
      expect(resolveTime(readTime(isoTime(us).slice(11, 26))!, START_US + 5)).toBe(us);
    }
    for (const text of ["", "12", "24:00", "12:60", "+5", "2026-13-01", "12:00:00.1234567"])
      expect(readTime(text)).toBeNull();
  });
});

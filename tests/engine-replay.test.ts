/** A journal re-executes to the bit, and every fault in its bytes is found and located, never silently equal. */
import { beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy, type StrategyBundle } from "../cli/strategy-bundle.js";
import {
  type EngineConfig,
  formatHash,
  InlineSimulation,
  ReplayDivergence,
  type ReplayResult,
  readTape,
  replay,
  type SegmentBytes,
  stateHash,
  TapeError,
} from "../engine/index.js";
import { OperatorAction, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES } from "../schemas/index.js";
import { createMathCore, type MathCore } from "../wasm/index.js";
import {
  configAt,
  decodeRecord,
  engineConfig,
  loadAll,
  operatorAt,
  Recording,
  SECOND,
  START_US,
  takeAll,
} from "./support/engine.js";
import { syntheticMarket } from "./support/synthetic-market.js";
import { crc32c, sealSegments } from "./support/tape.js";

let bundles: StrategyBundle[];
beforeAll(async () => {
  bundles = await Promise.all(["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)));
});

const smallMath = () => createMathCore({ arenaCapacity: 65_536 });

/** Quick averages, so that a short tape holds orders and fills. */
const paramsOf = (id: string): Record<string, number> => (id === "ema-cross" ? { fast: 2, slow: 5 } : {});

function record(count: number, seed: number) {
  const strategies = bundles.map(({ id, sha256 }) => ({ id, bundle: sha256, params: paramsOf(id) }));
  const config = engineConfig({ strategies });
  const math = smallMath();
  const recording = new Recording();
  const simulation = new InlineSimulation({ config, math, strategies: loadAll(bundles, math) }, recording.onLogged);
  takeAll(simulation, [configAt(START_US, config)]);
  takeAll(simulation, syntheticMarket(count, seed));
  takeAll(simulation, [operatorAt(simulation.engine.timeUs + SECOND, OperatorAction.Stop)]);
  return { engine: simulation.engine, records: recording.records };
}

function replayBytes(segments: readonly SegmentBytes[]): ReplayResult {
  const load = (config: EngineConfig, core: MathCore) =>
    loadAll(
      config.strategies.map(({ bundle }) => bundles.find(({ sha256 }) => sha256 === bundle)!),
      core,
    );
  return replay({ segments, crc32c, makeCore: smallMath, load });
}

const hashOf = (engine: ReplayResult["engine"]): string => formatHash(stateHash(engine));

describe("a journal of both example strategies", () => {
  test.each([1, 2, 3])("replays to the same outputs and the same state, seed %i", (seed) => {
    const { engine, records } = record(3_000, seed);
    const result = replayBytes(sealSegments(records, { segments: seed }));
    expect(hashOf(result.engine)).toBe(hashOf(engine));
    expect(engine.fills).toBeGreaterThan(100);
    expect(result.outputsEqual).toBe(records.length - result.tape.inputs);
    expect(result.tape).toMatchObject({
      segments: seed,
      records: records.length,
      lastSequence: engine.sequence,
      ending: "end",
    });
  });

  test("is the same bytes in two runs, and others for another market", () => {
    const bytes = (seed: number): string => Buffer.concat(record(500, seed).records).toString("base64");
    expect(bytes(4)).toBe(bytes(4));
    expect(bytes(4)).not.toBe(bytes(5));
  });

  test("ends with a checkpoint of the state it ends in", () => {
    const { engine, records } = record(500, 6);
    const { type, body } = decodeRecord(records.at(-1)!);
    expect(type).toBe("Checkpoint");
    expect(body.inputs).toBe(engine.sequence);
    expect(formatHash({ high: body.hashHigh, low: body.hashLow })).toBe(hashOf(engine));
  });
});

describe("damage", () => {
  let records: Uint8Array[];
  let segment: SegmentBytes;
  let starts: number[];
  /** The newest input's record: nothing says that it, or what stands behind it, was ever durable. */
  let newest: number;
  beforeAll(() => {
    ({ records } = record(24, 8));
    [segment] = sealSegments(records);
    let at = SEGMENT_HEADER_BYTES;
    starts = records.map(({ length }) => (at += length) - length);
    newest = records.findLastIndex((each) => decodeRecord(each).index === 0);
  });

  const flipped = (bytes: Uint8Array, at: number, bits: number): Uint8Array => {
    const copy = bytes.slice();
    copy[at] ^= bits;
    return copy;
  };
  /** What reading makes of bytes: how many records came through, and how it ended. */
  function outcome(bytes: Uint8Array): { read: number; ending: string } {
    let read = 0;
    try {
      const { ending } = readTape([{ name: "journal", bytes }], crc32c, (reader) => {
        const same = Buffer.compare(
          reader.views.u8.subarray(reader.at, reader.at + reader.bytes),
          records[read].subarray(RECORD_HEADER_BYTES),
        );
        if (same !== 0) throw new Error(`record ${read} is not what was written`);
        read += 1;
      });
      return { read, ending };
    } catch (error) {
      if (!(error instanceof TapeError)) throw error;
      return { read, ending: error.message };
    }
  }

  test("of any single byte is found and located at its record, with every record before it read", () => {
    expect(segment.bytes.length).toBeGreaterThan(3_000);
    for (let at = 0; at < segment.bytes.length; at += 1) {
      const inRecord = starts.findLastIndex((start) => start <= at);
      for (const bits of [0x01, 0x80, 0xff]) {
        const { read, ending } = outcome(flipped(segment.bytes, at, bits));
        expect(read, `byte ${at}`).toBe(Math.max(0, inRecord));
        if (inRecord < 0) expect(ending).toMatch(/^journal (is not a journal segment|is damaged in its header)/);
        else if (inRecord < newest) expect(ending).toContain(`journal is damaged at byte ${starts[inRecord]}, `);
        else expect(ending).toBe("torn");
      }
    }
  });

  test("of any single byte is found in a segment with zeroed room behind its records", () => {
    const roomy = new Uint8Array(segment.bytes.length + 4_096);
    roomy.set(segment.bytes);
    expect(outcome(roomy)).toEqual({ read: records.length, ending: "end" });
    for (let at = SEGMENT_HEADER_BYTES; at < segment.bytes.length; at += 1) {
      const inRecord = starts.findLastIndex((start) => start <= at);
      const { read, ending } = outcome(flipped(roomy, at, 1 << (at & 7)));
      expect(read).toBe(inRecord);
      if (inRecord >= newest) expect(ending).toBe("torn");
      else expect(ending).toContain(`journal is damaged at byte ${starts[inRecord]}, `);
    }
  });

  /** Where the last record ends that a file of this length holds whole. */
  const endOfWhole = (length: number): number => {
    const ends = starts.map((start, index) => start + records[index].length).filter((end) => end <= length);
    return ends.at(-1) ?? Math.min(length, SEGMENT_HEADER_BYTES);
  };

  test("a file cut at any byte gives an exact prefix, torn unless cut between records", () => {
    for (let length = 0; length < segment.bytes.length; length += 1) {
      const { read, ending } = outcome(segment.bytes.slice(0, length));
      expect(read).toBe(starts.filter((start, index) => start + records[index].length <= length).length);
      // A cut that leaves nothing but zeros behind the last whole record leaves nothing to tell it by.
      const isBlank = segment.bytes.subarray(endOfWhole(length), length).every((byte) => byte === 0);
      expect(ending).toBe(isBlank && length >= SEGMENT_HEADER_BYTES ? "end" : "torn");
    }
  });

  test("a replay of a cut journal re-executes the prefix, or says which outputs are missing", () => {
    for (let index = 1; index < records.length; index += 1) {
      const cut = () => replayBytes([{ name: "journal", bytes: segment.bytes.slice(0, starts[index]) }]);
      if (decodeRecord(records[index]).index === 0) expect(cut().tape).toMatchObject({ records: index, ending: "end" });
      else expect(cut).toThrow(/^the engine wrote \d+ records that the journal does not hold$/);
    }
  });

  test("a replay of damaged bytes never ends well", () => {
    for (let at = 3; at < segment.bytes.length - records.at(-1)!.length; at += 211) {
      expect(() => replayBytes([{ name: "journal", bytes: flipped(segment.bytes, at, 0x10) }])).toThrow(TapeError);
    }
  });
});

describe("a journal that is whole but not what happened", () => {
  let records: Uint8Array[];
  beforeAll(() => {
    ({ records } = record(60, 9));
  });
  const indexOf = (type: string): number => records.findIndex((each) => decodeRecord(each).type === type);
  /** The records with one changed at a byte of its message. */
  const forged = (index: number, byte: number): Uint8Array[] =>
    records.map((each, at) => {
      if (at !== index) return each;
      const copy = each.slice();
      copy[RECORD_HEADER_BYTES + byte] ^= 1;
      return copy;
    });

  test.each(["SubmitOrder", "OrderEvent", "Fill", "Position", "Checkpoint"])(
    "another %s than the engine writes is a divergence, by place and byte",
    (type) => {
      const index = indexOf(type);
      const { sequence, index: output } = decodeRecord(records[index]);
      const act = () => replayBytes(sealSegments(forged(index, 24)));
      expect(act).toThrow(ReplayDivergence);
      expect(act).toThrow(
        `${sequence}.${output} (${type}): the engine wrote other bytes; first difference in its message, byte 56`,
      );
    },
  );

  test("a record left out, or told twice, is damage; an output that is missing at the end a divergence", () => {
    const index = indexOf("Fill");
    const outOfOrder = /the record there is [\d.]+, which does not follow/;
    expect(() => replayBytes(sealSegments(records.filter((_, at) => at !== index)))).toThrow(outOfOrder);
    expect(() => replayBytes(sealSegments(records.toSpliced(index, 0, records[index])))).toThrow(outOfOrder);
    expect(() => replayBytes(sealSegments(records.slice(0, -1)))).toThrow(
      "the engine wrote 1 records that the journal does not hold",
    );
  });

  test("an input that was another is a divergence of what followed", () => {
    const traded = records.findLastIndex((each) => decodeRecord(each).type === "FillReport");
    expect(() => replayBytes(sealSegments(forged(traded, 48 + 4)))).toThrow(ReplayDivergence);
  });

  test("of another schema is refused", () => {
    expect(() => replayBytes(sealSegments(records, { schemaHash: 0x1234 }))).toThrow(
      /segment-0 was written with schemas 1234; this build has/,
    );
  });

  test("with a segment missing, out of order, told twice or from another run is refused", () => {
    const [first, second, third] = sealSegments(records, { segments: 3 });
    const [, stranger] = sealSegments(record(60, 10).records, { segments: 3 });
    expect(replayBytes([first, second, third]).tape.segments).toBe(3);
    expect(() => replayBytes([first, third])).toThrow("segment-2 is segment 2, but the one before it is 0");
    expect(() => replayBytes([first, third, second])).toThrow("segment-2 is segment 2, but the one before it is 0");
    expect(() => replayBytes([first, first])).toThrow("segment-0 is segment 0, but the one before it is 0");
    expect(() => replayBytes([second, third])).toThrow("segment-1 is segment 1: the beginning of the tape");
    expect(() => replayBytes([first, stranger])).toThrow(
      "segment-1 does not continue the chain of the segment before it",
    );
    expect(() => replayBytes([{ ...first, bytes: first.bytes.slice(0, -8) }, second])).toThrow(
      /^segment-0 is damaged at byte \d+.*another segment follows it, segment-1$/,
    );
    expect(() => replayBytes([])).toThrow("the journal holds no records");
  });

  test("with other strategy code diverges", () => {
    const quicker = bundles[1].bundle.replace("requoteTicks * tick", "2 * tick");
    expect(quicker).not.toBe(bundles[1].bundle);
    const load = (_: EngineConfig, core: MathCore) =>
      loadAll([bundles[0], { id: "market-maker", bundle: quicker }], core);
    const segments = sealSegments(record(600, 9).records);
    expect(() => replay({ segments, crc32c, makeCore: smallMath, load })).toThrow(ReplayDivergence);
  });
});

describe("the state hash", () => {
  type Change = (engine: ReplayResult["engine"]) => unknown;
  const changes: readonly (readonly [string, Change])[] = [
    ["a book's level", ({ market }) => market.books[1].bids.set(1, 1)],
    ["a book's update id", ({ market }) => (market.books[0].lastUpdateId += 1)],
    ["a quote", ({ market }) => (market.askLots[1] += 1)],
    ["a last price", ({ market }) => (market.lastTicks[0] += 1)],
    ["a feed's state", ({ market }) => (market.feedState[0] += 1)],
    ["the next order's id", ({ orders }) => (orders.nextId += 1)],
    ["an order's status", ({ orders }) => (orders.status[1] += 1)],
    ["an order's filled lots", ({ orders }) => (orders.filledLots[1] += 1)],
    ["a trade that was seen", ({ seenTrades }) => seenTrades.add(0, 123_456)],
    ["a position", ({ positions }) => (positions.lots[3] += 1)],
    ["a cost", ({ positions }) => (positions.costMoney[0] += 1)],
    ["a fee", ({ positions }) => (positions.feesMoney[0] += 1)],
    ["a realised profit", ({ positions }) => (positions.realisedMoney[0] += 1)],
    ["the trading state", ({ risk }) => (risk.state = 3)],
    ["the day's start", ({ risk }) => (risk.dayStartMoney += 1)],
    ["a strategy switched off", ({ strategies }) => (strategies[1].enabled = false)],
    ["a random number drawn", ({ strategies }) => strategies[0].context.random()],
    ["a strategy's own number", ({ strategies }) => ((strategies[1].state as { bidPrice: number }).bidPrice += 1e-9)],
    ["an indicator", ({ strategies }) => (strategies[0].state as { fast: { push(x: number): number } }).fast.push(1)],
  ];
  test.each(changes)("sees %s", (_what, change) => {
    const { engine } = record(60, 9);
    const before = hashOf(engine);
    expect(hashOf(engine)).toBe(before);
    change(engine);
    expect(hashOf(engine)).not.toBe(before);
  });
});

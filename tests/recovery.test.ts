/**
 * Starting is recovering: whatever a life left behind, the next one goes on from exactly what was recorded, or does not
 * start. The lives are real ones, stepped by hand on a disk in memory.
 */
import { describe, expect, test } from "vitest";
import { readSegments, segmentPath } from "../actors/journal/journal-directory.js";
import { nextLife } from "../actors/recovery/next-life.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import { addVerdict } from "../actors/recovery/verdicts.js";
import { type Engine, isWorking, ORDERS_MAX, replay } from "../engine/index.js";
import { ORDER_IDS_SKIPPED } from "../engine/life.js";
import {
  CHECKPOINT_HASH_LOW,
  LifeStart,
  MessageType,
  OrderStatus,
  RECORD_HEADER_BYTES,
  SUBMIT_ORDER_QTY_LOTS,
  TradingReason,
  TradingState,
} from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import { CrashDisk } from "./support/crash-disk.js";
import { cutFile, forgeRecords, type PlacedRecord, recordsOf, sizeOf } from "./support/forge.js";
import {
  DIRECTORY,
  hashOf,
  hoarder,
  Life,
  type LifeOptions,
  OTHER_BUILD,
  rester,
  sha256,
  startOn,
} from "./support/life.js";
import { crc32c } from "./support/tape.js";

const FIRST = segmentPath(DIRECTORY, 0);

/** A disk with one life on it that was killed after everything was synced. */
function afterOneLife(count = 300, options: Partial<LifeOptions> = {}) {
  const disk = new CrashDisk();
  const life = new Life({ disk, ...options }).trade(count).flush();
  return { disk, life };
}

/** What a recovery must bring back, whoever wrote it. */
function accounts({ orders, positions, seenTrades, risk, sequence, epoch, fills, ordersSent }: Engine) {
  const rows = Array.from({ length: ORDERS_MAX }, (_, row) => row).filter((row) => isWorking(orders.status[row]));
  const working = rows.map((row) => [orders.id[row], orders.status[row], orders.qtyLots[row], orders.filledLots[row]]);
  const { lots, costMoney, realisedMoney, feesMoney } = positions;
  const seen = seenTrades.ids.map((ids) => [...ids]);
  return {
    ...{ working, nextId: orders.nextId, lots, costMoney, realisedMoney, feesMoney, seen },
    ...{ state: risk.state, sequence, epoch, fills, ordersSent },
  };
}

/** Executes the whole journal again from its first record. */
function replayed(disk: CrashDisk) {
  return replay({
    segments: readSegments(DIRECTORY, { disk }),
    crc32c,
    makeCore: createMathCore,
    load: recordedStrategies(DIRECTORY, disk),
  });
}

/** An input that caused several outputs, of which the last is the journal's end. */
function endingWithOutputs(least: number) {
  const { disk, life } = afterOneLife(120, { hashes: true });
  const records = recordsOf(disk, DIRECTORY);
  const last = records.findLastIndex(({ index }) => index >= least);
  cutFile(disk, FIRST, records[last].byte + records[last].bytes);
  const input = records.filter(({ sequence }) => sequence === records[last].sequence).slice(0, records[last].index + 1);
  return { disk, life, input };
}

describe("a life that follows another of the same build", () => {
  test("has executed every record again and compared every output", () => {
    const { disk, life } = afterOneLife();
    const { recovered } = startOn({ disk });
    const records = recordsOf(disk, DIRECTORY);
    expect(recovered.inputs).toBe(life.sequence);
    expect(recovered.execution.replayer.outputsEqual).toBe(records.length - life.sequence);
    expect(recovered.execution.isExact).toBe(true);
    expect(hashOf(recovered.engine!)).toBe(life.hash);
    expect(life.engine.fills).toBeGreaterThan(3);
  });

  test("is refused when an output is not what its input leads to, though every checksum fits", () => {
    const { disk } = afterOneLife();
    const submits = recordsOf(disk, DIRECTORY).filter(({ type }) => type === MessageType.SubmitOrder);
    const { sequence, index } = submits[2];
    forgeRecords(disk, DIRECTORY, (record, view) => {
      if (record.sequence !== sequence || record.index !== index) return;
      view.setFloat64(RECORD_HEADER_BYTES + SUBMIT_ORDER_QTY_LOTS, 999, true);
    });
    expect(() => startOn({ disk })).toThrow(
      `sequence ${sequence}.${index} (SubmitOrder): the engine wrote other bytes`,
    );
  });

  test("is refused when the state at a checkpoint is not the recorded one", () => {
    const { disk } = afterOneLife(900);
    forgeRecords(disk, DIRECTORY, ({ type }, view) => {
      const at = RECORD_HEADER_BYTES + CHECKPOINT_HASH_LOW;
      if (type === MessageType.Checkpoint) view.setUint32(at, view.getUint32(at, true) ^ 1, true);
    });
    expect(() => startOn({ disk })).toThrow("sequence 1000.1 (Checkpoint): the engine wrote other bytes");
  });

  test("goes on with its strategies' memory, in a new segment of the same chain", () => {
    const { disk, life } = afterOneLife();
    const { state } = life.engine.strategies[0];
    const next = new Life({ disk });
    expect(next.next).toMatchObject({ start: LifeStart.Resumed, epoch: 2, changes: [] });
    expect((next.engine.strategies[0].state as { calls: number }).calls).toBe((state as { calls: number }).calls);
    next.trade(100).flush();
    expect(disk.list(DIRECTORY).filter((name) => name.endsWith(".seg"))).toEqual(["000000.seg", "000001.seg"]);
    const { engine, outputsEqual } = replayed(disk);
    expect([hashOf(engine), outputsEqual > 0]).toEqual([next.hash, true]);
  });

  test("begins with its number on record, holds trading, and trades when the venue was asked", () => {
    const { disk, life } = afterOneLife();
    const next = new Life({ disk });
    const { risk } = next.engine;
    expect([next.engine.epoch, risk.state, risk.reason]).toEqual([2, TradingState.Halted, TradingReason.Recovery]);
    const sent = next.engine.ordersSent;
    next.trade(200).flush();
    expect(risk.state).toBe(TradingState.Active);
    expect(next.engine.ordersSent).toBeGreaterThan(sent);
    const configs = recordsOf(disk, DIRECTORY).filter(({ type }) => type === MessageType.Config);
    expect(configs.map(({ sequence }) => sequence)).toEqual([1, life.sequence + 1]);
  });

  test("never uses an order id again, not even one that was sent from a tail that is lost", () => {
    const { disk, life } = afterOneLife();
    const { nextId } = life.engine.orders;
    expect(new Life({ disk }).engine.orders.nextId).toBe(nextId + ORDER_IDS_SKIPPED);
  });

  test("counts an order that was not answered as unknown, at its full size", () => {
    const disk = new CrashDisk();
    const life = new Life({ disk, strategies: [rester] });
    life.trade(500, ({ ordersSent }) => ordersSent > 0).flush();
    const { orders } = new Life({ disk, strategies: [rester] }).engine;
    expect([orders.status[orders.find(1)], orders.workingBuyLots[0]]).toEqual([OrderStatus.Unknown, 10]);
  });

  test("comes to the same state through any number of lives", () => {
    const disk = new CrashDisk();
    const hashes: string[] = [];
    for (let epoch = 1; epoch <= 6; epoch += 1) {
      const life = new Life({ disk }).trade(80);
      expect([life.next.epoch, hashOf(life.recovered.engine ?? life.engine)]).toEqual([epoch, expect.any(String)]);
      if (epoch % 2 === 0) life.stop();
      else life.flush();
      if (epoch === 3) life.snapshot();
      hashes.push(life.hash);
      expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(life.hash);
    }
    expect(hashOf(replayed(disk).engine)).toBe(hashes[5]);
    expect(new Set(hashes).size).toBe(6);
  });

  test("takes inputs again when the last one was stopped in order", () => {
    const disk = new CrashDisk();
    const life = new Life({ disk }).trade(40).stop();
    const { recovered, config } = startOn({ disk });
    expect([life.engine.stopped, recovered.engine!.stopped]).toEqual([true, true]);
    expect(nextLife(recovered, config).engine.stopped).toBe(false);
  });

  test("may be one that recorded nothing at all", () => {
    const { disk, life } = afterOneLife();
    for (let time = 0; time < 3; time += 1) expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(life.hash);
    const next = new Life({ disk }).flush();
    const after = new Life({ disk });
    expect([next.next.epoch, after.next.epoch]).toEqual([2, 3]);
  });
});

describe("a life of another build", () => {
  test("takes orders and positions over, executes nothing, and lets strategies begin anew", () => {
    const { disk, life } = afterOneLife(300, { strategies: [rester] });
    const { recovered } = startOn({ disk, strategies: [rester], buildHash: OTHER_BUILD });
    expect(accounts(recovered.engine!)).toEqual(accounts(life.engine));
    expect(life.engine.orders.working).toBe(1);
    expect(recovered.execution.replayer.outputsEqual).toBe(0);
    const next = new Life({ disk, strategies: [rester], buildHash: OTHER_BUILD });
    expect(next.next).toMatchObject({
      start: LifeStart.Refreshed,
      changes: ["another build wrote the newest records: they were taken over, not executed"],
    });
    expect(next.engine.strategies[0].state).toEqual({ bought: 0, resting: 0 });
    expect(next.engine.positions.lots).toEqual(life.engine.positions.lots);
  });

  test("executes its own records and takes over the others', in whatever order they come", () => {
    const disk = new CrashDisk();
    const builds = [7, 8, 8, 7, 9, 7, 7];
    for (const [at, buildHash] of builds.entries()) {
      const life = new Life({ disk, buildHash }).trade(60).flush();
      const isSame = at > 0 && builds[at - 1] === buildHash;
      expect(life.next.start).toBe(at === 0 ? LifeStart.Fresh : isSame ? LifeStart.Resumed : LifeStart.Refreshed);
      for (const reader of [7, 8, 9]) {
        expect(accounts(startOn({ disk, buildHash: reader }).recovered.engine!)).toEqual(accounts(life.engine));
      }
    }
  });

  test("does not write the outputs that an earlier build's last input lacked", () => {
    const { disk, input } = endingWithOutputs(2);
    cutFile(disk, FIRST, input[1].byte);
    const other = new Life({ disk, buildHash: OTHER_BUILD }).trade(40).flush();
    const back = new Life({ disk });
    expect([other.completed, back.completed]).toEqual([0, 0]);
    back.trade(40).flush();
    expect(accounts(startOn({ disk }).recovered.engine!)).toEqual(accounts(back.engine));
  });
});

describe("an input whose outputs were not all recorded", () => {
  test("is completed before anything else, and the journal then replays whole", () => {
    const { disk, life, input } = endingWithOutputs(2);
    const { sequence } = input[0];
    cutFile(disk, FIRST, input[1].byte);
    const next = new Life({ disk });
    expect(next.completed).toBe(input.length - 1);
    expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(life.hashes.get(sequence));
    next.trade(60).flush();
    const written = recordsOf(disk, DIRECTORY).filter((record) => record.sequence === sequence);
    expect(written.map(({ name, index }) => [name === FIRST, index])).toEqual(
      input.map(({ index }) => [index === 0, index]),
    );
    expect(hashOf(replayed(disk).engine)).toBe(next.hash);
  });

  test("leaves the orders among them unknown, because nobody sent them", () => {
    const { disk, life } = afterOneLife(120);
    const submit = recordsOf(disk, DIRECTORY).findLast(({ type }) => type === MessageType.SubmitOrder)!;
    const sent = life.engine.ordersSent;
    cutFile(disk, FIRST, submit.byte);
    const next = new Life({ disk });
    const { orders } = next.engine;
    const row = orders.find(sent);
    expect([next.engine.ordersSent, orders.status[row]]).toEqual([sent, OrderStatus.Unknown]);
    next.trade(30);
    expect(orders.status[row]).toBe(OrderStatus.Canceled);
  });
});

describe("a torn tail", () => {
  test("is cut off at the end of the last whole record, wherever the write was cut short", () => {
    const { disk, life, input } = endingWithOutputs(2);
    const end = sizeOf(disk, FIRST);
    const boundaries = input.flatMap(({ byte }) => [byte, byte + 1, byte + 8]);
    const between = Array.from({ length: Math.ceil((end - input[0].byte) / 13) }, (_, at) => input[0].byte + at * 13);
    for (const byte of new Set([...boundaries, ...between, end - 1])) {
      const torn = disk.afterKill();
      cutFile(torn, FIRST, byte);
      const { recovered } = startOn({ disk: torn });
      const whole = input.findLast((record) => record.byte + record.bytes <= byte);
      const expected = whole ? whole.byte + whole.bytes : input[0].byte;
      expect(sizeOf(torn, FIRST)).toBe(expected);
      expect(recovered.torn?.byte ?? byte).toBe(expected);
      expect(hashOf(recovered.engine!)).toBe(life.hashes.get(whole ? whole.sequence : input[0].sequence - 1));
      expect(startOn({ disk: torn }).recovered.torn).toBeNull();
    }
  });

  test("that is garbage is cut off like one that is missing", () => {
    const { disk, life, input } = endingWithOutputs(2);
    const end = sizeOf(disk, FIRST);
    const bytes = disk.bytesOf(FIRST).subarray(input[1].byte, end);
    bytes.set(bytes.map((byte, at) => (byte * 31 + at * 7) & 0xff));
    const { recovered } = startOn({ disk });
    expect(recovered.torn).toMatchObject({ name: FIRST, byte: input[1].byte });
    expect(hashOf(recovered.engine!)).toBe(life.hashes.get(input[0].sequence));
    expect(sizeOf(disk, FIRST)).toBe(input[1].byte);
  });

  test("that is a segment without a header is removed, and its number used again", () => {
    const { disk, life } = afterOneLife();
    const second = segmentPath(DIRECTORY, 1);
    disk.place(second, new Uint8Array(4_096));
    const { recovered } = startOn({ disk });
    expect(recovered.torn).toMatchObject({ name: second, byte: 0 });
    expect([disk.exists(second), recovered.nextSegment, hashOf(recovered.engine!)]).toEqual([false, 1, life.hash]);
  });

  test("leaves nothing behind in a directory in which no record was ever whole", () => {
    const { disk } = afterOneLife(10);
    const first = recordsOf(disk, DIRECTORY)[0];
    cutFile(disk, FIRST, first.byte + 40);
    const next = new Life({ disk }).trade(30).flush();
    expect(next.next).toMatchObject({ start: LifeStart.Fresh, epoch: 1 });
    expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(next.hash);
  });
});

describe("a verdict", () => {
  /** The place of an input that the strategy takes. */
  const aTrade = (records: readonly PlacedRecord[]) => records.findLast(({ type }) => type === MessageType.Trade)!;

  test("leaves its strategy out from its input on, in recovery, in later lives and in a replay", () => {
    const strategies = [hoarder, rester];
    const { disk } = afterOneLife(200, { strategies });
    const judged = aTrade(recordsOf(disk, DIRECTORY));
    // The engine did not return from that input: nothing it caused is on disk.
    cutFile(disk, FIRST, judged.byte + judged.bytes);
    const verdict = { sequence: judged.sequence, strategy: "hoarder", bundle: sha256(hoarder.text) };
    addVerdict(disk, DIRECTORY, verdict);
    const next = new Life({ disk, strategies });
    expect(next.engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
    expect(next.next.start).toBe(LifeStart.Resumed);
    next.trade(100).flush();
    const later = new Life({ disk, strategies }).trade(50).flush();
    expect(later.engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
    const { engine } = replay({
      segments: readSegments(DIRECTORY, { disk }),
      crc32c,
      makeCore: createMathCore,
      load: recordedStrategies(DIRECTORY, disk),
      verdicts: [verdict],
    });
    expect(hashOf(engine)).toBe(later.hash);
  });

  test("holds in a life that makes the strategies anew, until the strategy's code is another", () => {
    const strategies = [hoarder, rester];
    const { disk } = afterOneLife(200, { strategies });
    const judged = aTrade(recordsOf(disk, DIRECTORY));
    cutFile(disk, FIRST, judged.byte + judged.bytes);
    addVerdict(disk, DIRECTORY, { sequence: judged.sequence, strategy: "hoarder", bundle: sha256(hoarder.text) });
    const changed = [hoarder, { ...rester, text: `${rester.text}\n// another` }];
    const refreshed = new Life({ disk, strategies: changed });
    expect(refreshed.next.start).toBe(LifeStart.Refreshed);
    expect(refreshed.engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
    refreshed.trade(50).flush();
    const mended = [{ ...hoarder, text: `${hoarder.text}\n// mended` }, rester];
    const again = new Life({ disk, strategies: mended });
    expect(again.engine.strategies.map(({ enabled }) => enabled)).toEqual([true, true]);
  });

  test("is part of the journal: without it the replay stops at its input", () => {
    const { disk } = afterOneLife(200);
    const judged = aTrade(recordsOf(disk, DIRECTORY));
    cutFile(disk, FIRST, judged.byte + judged.bytes);
    addVerdict(disk, DIRECTORY, { sequence: judged.sequence, strategy: "hoarder", bundle: sha256(hoarder.text) });
    new Life({ disk }).trade(20).flush();
    expect(() => replayed(disk)).toThrow(`sequence ${judged.sequence}`);
  });
});

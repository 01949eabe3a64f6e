/** A what-if is its own journal; with a change it parts where the change first matters, and says why. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComparisonReport } from "../cli/replay/comparison-report.js";
import { moneyText } from "../cli/replay/money-text.js";
import { runWhatIf, type WhatIfCommandOptions } from "../cli/whatif.js";
import { ConfigError } from "../engine/index.js";
import { Mode } from "../schemas/index.js";
import { BTC, ETH } from "./support/engine.js";
import { CollectedOutput, QUICK, type RunOptions, type WrittenRun, writeRun } from "./support/replay-journal.js";

let directory: string;
let run: WrittenRun;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-whatif-"));
  run = await writeRun(join(directory, "journal"), { count: 1_500, seed: 7, segments: 2 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let written = 0;
const another = (options: RunOptions): Promise<WrittenRun> => {
  written += 1;
  return writeRun(join(directory, `another-${written}`), options);
};

async function whatIf(options: Partial<WhatIfCommandOptions> = {}, journal = run.directory): Promise<ComparisonReport> {
  const output = new CollectedOutput();
  await runWhatIf(journal, { ...options, json: true }, output);
  return output.value as ComparisonReport;
}

describe("with nothing changed", () => {
  test("the modelled run is the recorded one, record by record, and comes to the same", async () => {
    const report = await whatIf();
    expect(report.divergence).toBeNull();
    expect(report.recordsEqual).toBe(run.recording.records.length);
    const { fillsAre: _was, ...recorded } = report.recorded;
    const { fillsAre: _is, ...modelled } = report.modelled;
    expect(modelled).toEqual(recorded);
    expect(report.difference).toEqual({ pnl: "0.00000000", fees: "0.00000000", turnover: "0.00000000" });
    expect(report.recorded.stateHash).toBe(run.hashes[run.engine.sequence]);
    expect(report.recorded.fills).toBeGreaterThan(100);
  });

  test.each<readonly [string, Partial<WhatIfCommandOptions>]>([
    ["the same file again", { strategy: "strategies/ema-cross.ts" }],
    ["the same parameters", { params: { fast: "2", slow: "5" } }],
    ["the same limits and seed", { risk: { maxPosition: "25000" }, seed: 7 }],
    ["from a place on", { from: "700" }],
  ])("%s changes nothing", async (_what, options) => {
    const report = await whatIf(options);
    expect(report).toMatchObject({ changes: [], divergence: null, recordsEqual: run.recording.records.length });
    expect(report.modelled.stateHash).toBe(report.recorded.stateHash);
  });

  test("a journal of several lives, each cut short, is made again too", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const lives = await another({ count: 500, seed, lives: 4, segments: 3 });
      const report = await whatIf({}, lives.directory);
      expect(report.divergence, `seed ${seed}`).toBeNull();
      expect(report.modelled.stateHash).toBe(lives.hashes[lives.engine.sequence]);
    }
  });
});

describe("the sums", () => {
  test("are those of the engine, in every unit", async () => {
    for (const options of [{}, { risk: { maxPosition: "400" } }, { params: { slow: "9" } }]) {
      const { recorded, modelled } = await whatIf(options);
      expect(recorded.pnl).toBe(moneyText(run.engine.profitMoney()));
      expect(recorded.ordersSent).toBe(run.engine.ordersSent);
      expect(recorded.fills).toBe(run.engine.fills);
      for (const { pnl, fees, strategies } of [recorded, modelled]) {
        const total = (pick: (each: (typeof strategies)[number]) => string): number =>
          strategies.reduce((sum, each) => sum + Number(pick(each)), 0);
        expect(total((each) => each.pnl)).toBeCloseTo(Number(pnl), 6);
        expect(total((each) => each.fees)).toBeCloseTo(Number(fees), 6);
      }
    }
  });

  test("of the modelled run are those that a run with the change really has", async () => {
    const changed = await another({ count: 1_500, seed: 7, params: { "ema-cross": { ...QUICK, slow: 9 } } });
    const { modelled } = await whatIf({ params: { slow: "9" } });
    expect(modelled.pnl).toBe(moneyText(changed.engine.profitMoney()));
    expect(modelled.fills).toBe(changed.engine.fills);
    expect(modelled.stateHash).toBe(changed.hashes[changed.engine.sequence]);
    const turnover = changed.recording
      .ofType("Fill")
      .reduce((sum, { body }) => sum + BigInt(body.priceTicks * body.qtyLots) * 1_000n, 0n);
    expect(modelled.turnover).toBe(moneyText(turnover));
    const lots = { 0: 0, 1: 0 } as Record<number, number>;
    for (const { body } of changed.recording.ofType("Position")) {
      lots[body.instrument] = Math.max(lots[body.instrument], Math.abs(body.positionLots));
    }
    expect(modelled.largestPosition).toEqual({
      [BTC.id]: (lots[0] / 1_000).toFixed(3),
      [ETH.id]: (lots[1] / 1_000).toFixed(3),
    });
  });
});

describe("a change", () => {
  test("of a parameter parts the runs where their records first differ, and is named as the cause", async () => {
    const changed = await another({ count: 1_500, seed: 7, params: { "ema-cross": { ...QUICK, slow: 9 } } });
    const [was, is] = [run, changed].map(({ recording }) => recording.records.filter((_, index) => index > 0));
    const first = was.findIndex((each, index) => Buffer.compare(each, is[index]) !== 0);
    const { divergence, changes, recordsEqual } = await whatIf({ params: { slow: "9" } });
    const sequence = new DataView(was[first].buffer, was[first].byteOffset).getFloat64(16, true);
    expect(divergence!.sequence).toBe(sequence);
    expect(changes).toEqual([{ strategy: "ema-cross", what: "parameter slow", was: "5", is: "9" }]);
    expect(divergence!.because).toEqual(["parameter slow of ema-cross: 5 → 9"]);
    expect(recordsEqual).toBeLessThanOrEqual(first + 1);
    expect([...divergence!.recorded!.outputs, ...divergence!.modelled!.outputs].map(({ type }) => type)).toContain(
      "submit-order",
    );
  });

  test("of a limit is named with the order that it denies and the numbers", async () => {
    const { divergence, modelled, recorded } = await whatIf({ risk: { maxPosition: "300" } });
    expect(divergence!.because[0]).toMatch(/^modelled: order \d+ is denied, max-position: .* over the limit 300\.00$/);
    expect(divergence!.because).toContain("limit maxPosition: 25000 → 300");
    expect(modelled.ordersDenied).toBeGreaterThan(0);
    expect(recorded.ordersDenied).toBe(0);
  });

  test("that lifts a limit names the order that was denied then", async () => {
    const limits = { maxPosition: "300", maxOrderValue: "10000", maxDailyLoss: "500" };
    const tight = await another({ count: 600, seed: 7, config: { risk: limits } });
    const { divergence } = await whatIf({ risk: { maxPosition: "25000" } }, tight.directory);
    expect(divergence!.because[0]).toMatch(/^recorded: order \d+ was denied, max-position: .* over the limit 300\.00$/);
  });

  test("of the code puts another strategy in the place of one, with its orders and its name", async () => {
    const file = join(directory, "idle.ts");
    writeFileSync(
      file,
      readFileSync("strategies/ema-cross.ts", "utf8")
        .replace('id: "ema-cross"', 'id: "idle"')
        .replace("state.slow.ready", "false"),
    );
    await expect(whatIf({ strategy: file })).rejects.toThrow("say which of ema-cross, market-maker");
    const { divergence, changes, modelled } = await whatIf({ strategy: file, replace: "ema-cross" });
    expect(changes).toMatchObject([{ strategy: "ema-cross", what: "code" }]);
    expect(modelled.strategies[0]).toMatchObject({ id: "ema-cross", ordersSent: 0, fills: 0, pnl: "0.00000000" });
    expect(divergence!.recorded!.outputs[0]).toMatchObject({ type: "submit-order", strategy: "ema-cross" });
    expect(divergence!.modelled!.outputs).toEqual([]);
  });

  test("from a place on leaves everything before it, and counts from there", async () => {
    for (const from of [400, 801, 1_200]) {
      const { divergence, partedAt, recorded, recordsEqual } = await whatIf({
        params: { slow: "9" },
        from: String(from),
      });
      expect(partedAt).toBe(from);
      expect(divergence!.sequence).toBeGreaterThan(from);
      const records = run.recording.decoded;
      expect(recordsEqual).toBeGreaterThanOrEqual(records.filter(({ sequence }) => sequence <= from).length);
      const fills = records.filter(({ type, sequence }) => type === "Fill" && sequence > from).length;
      expect(recorded.fills).toBe(fills);
      expect(recorded.pnl).toBe(moneyText(run.engine.profitMoney() - run.profits[from]));
    }
  });

  test("from a place on keeps the memory of the strategies that it does not concern", async () => {
    const { modelled, recorded, divergence } = await whatIf({
      params: { qty: "0.020" },
      replace: "ema-cross",
      from: "700",
    });
    expect(divergence).not.toBeNull();
    expect(modelled.strategies[1]).toEqual(recorded.strategies[1]);
    expect(modelled.strategies[0].turnover).not.toBe(recorded.strategies[0].turnover);
  });

  test("that changes no deed is told as such, with both hashes", async () => {
    const { divergence, recorded, modelled } = await whatIf({ seed: 8 });
    expect(divergence).toBeNull();
    expect(modelled.pnl).toBe(recorded.pnl);
    expect(modelled.stateHash).not.toBe(recorded.stateHash);
  });
});

describe("modelled and recorded are never taken for each other", () => {
  test("in words", async () => {
    const output = new CollectedOutput();
    await runWhatIf(run.directory, { params: { slow: "9" }, json: false }, output);
    expect(output.lines[0]).toBe(`MODELLED   what if, on ${run.directory}`);
    expect(output.text).toMatch(/recorded \(paper\)\s+modelled\s+difference/);
    expect(output.text).toMatch(/ {2}recorded {2}[ *] #\d+/);
    expect(output.text).toMatch(/ {2}because {3}parameter slow of ema-cross: 5 → 9/);
    const { recorded, modelled } = await whatIf();
    expect([recorded.fillsAre, modelled.fillsAre]).toEqual(["recorded, of a simulated venue", "modelled"]);
  });

  test("over a journal of real orders the simulated venue is named where it answers in its own way", async () => {
    const live = await another({ count: 400, seed: 7, mode: Mode.Live });
    const report = await whatIf({}, live.directory);
    expect(report.recorded.fillsAre).toBe("recorded");
    expect(report.modelled.fillsAre).toBe("modelled");
    expect(report.mode).toBe("live");
  });
});

describe("what cannot be is refused with what can", () => {
  test.each<readonly [Partial<WhatIfCommandOptions>, RegExp]>([
    [
      { params: { quick: "2" } },
      /no strategy of the journal has all of the parameters quick: ema-cross has fast, slow, qty; market-maker has/,
    ],
    [{ params: { qty: "2" } }, /ema-cross and market-maker have these parameters; add --replace ema-cross/],
    [{ params: { fast: "x" } }, /parameter fast is a number such as 20, was "x"/],
    [
      { replace: "nobody", seed: 1 },
      /--replace names a strategy of the journal: ema-cross, market-maker; was "nobody"/,
    ],
    [{ risk: { maxLoss: "2" } }, /--risk knows maxPosition, maxOrderValue, maxDailyLoss; was maxLoss/],
    [{ risk: { maxPosition: "-2" } }, /--risk maxPosition is a positive amount/],
    [{ from: "late" }, /--from takes a sequence number/],
    [{ strategy: "nowhere.ts" }, /there is no strategy file nowhere.ts/],
  ])("%j", async (options, message) => {
    await expect(whatIf(options)).rejects.toThrow(ConfigError);
    await expect(whatIf(options)).rejects.toThrow(message);
  });
});

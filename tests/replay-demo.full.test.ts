/**
 * The replay tools on journals as the real threads leave them: one of three lives of which the second was killed, and
 * one whose orders went over an order interface.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComparisonReport } from "../cli/replay/comparison-report.js";
import { Notes, notesOn, openRecords, openWalk } from "../cli/replay/open-journal.js";
import { factsOf } from "../cli/replay/order-facts.js";
import { type OrderMoment, OrderMoments } from "../cli/replay/order-moments.js";
import type { PlaceReport } from "../cli/replay/travel.js";
import { whyReport } from "../cli/replay/why.js";
import { chainOf } from "../cli/replay/why-chain.js";
import { runReplay } from "../cli/replay.js";
import { runWhatIf } from "../cli/whatif.js";
import { formatHash, stateHash } from "../engine/index.js";
import type { JournalRecord } from "../research/replay/journal-records.js";
import {
  CHECKPOINT_HASH_HIGH,
  CHECKPOINT_HASH_LOW,
  CHECKPOINT_SCOPE,
  CheckpointScope,
  MessageType,
} from "../schemas/index.js";
import { runCommand, startCommand } from "./support/command.js";
import { CollectedOutput } from "./support/replay-journal.js";

let directory: string;
let paper: string;
let live: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-replay-demo-"));
  paper = join(directory, "paper");
  live = join(directory, "live");
  const demo = (journal: string, seconds: number, ...more: string[]) => [
    ...["demo", "--journal", journal, "--duration", `${seconds}s`, "--port", "0", "--json", ...more],
  ];
  expect((await runCommand(demo(paper, 6))).code).toBe(0);
  const killed = startCommand(["demo", "--journal", paper, "--port", "0"]);
  await killed.says("fills");
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  killed.kill("SIGKILL");
  await killed.finished;
  expect((await runCommand(demo(paper, 6))).code).toBe(0);
  expect((await runCommand(demo(live, 6, "--orders", "venue"))).code).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function allRecords(journal: string): JournalRecord[] {
  const records = openRecords(journal);
  const all: JournalRecord[] = [];
  for (let record = records.next(); record !== null; record = records.next()) all.push(record);
  return all;
}

describe.each(["paper", "live"])("a journal of the demo, %s", (which) => {
  const journal = (): string => (which === "paper" ? paper : live);

  test("replays, with nothing to be noted", async () => {
    const output = new CollectedOutput();
    await runReplay(journal(), { json: true }, output);
    expect(output.value).toMatchObject({ ending: "end" });
    expect(notesOn(journal()).lines).toEqual([]);
  });

  test("shows at every full checkpoint the hash that was recorded there", async () => {
    const checkpoints = allRecords(journal()).filter(
      ({ type, views, at }) =>
        type === MessageType.Checkpoint && views.u8[at + CHECKPOINT_SCOPE] === CheckpointScope.Full,
    );
    expect(checkpoints).toHaveLength(which === "paper" ? 2 : 1);
    for (const { sequence, views, at } of checkpoints) {
      const [high, low] = [CHECKPOINT_HASH_HIGH, CHECKPOINT_HASH_LOW].map((field) => views.u32[(at + field) >> 2]);
      const output = new CollectedOutput();
      await runReplay(journal(), { at: String(sequence), json: true }, output);
      expect((output.value as PlaceReport).stateHash).toBe(formatHash({ high, low }));
    }
  });

  test("is the same from a snapshot as from the beginning, everywhere", async () => {
    const walk = openWalk(journal());
    const hashes: string[] = [];
    for (let step = walk.next(); step !== null; step = walk.next()) {
      if (step.input.sequence % 500 === 0) hashes[step.input.sequence] = formatHash(stateHash(walk.engine));
    }
    for (const sequence of Object.keys(hashes)) {
      const output = new CollectedOutput();
      await runReplay(journal(), { at: sequence, json: true }, output);
      expect((output.value as PlaceReport).stateHash).toBe(hashes[Number(sequence)]);
    }
  });

  test("explains every order, from what led to it to where it ended", () => {
    const moments = new OrderMoments(openRecords(journal()), null);
    expect(moments.orders.length).toBeGreaterThan(5);
    for (const orderId of moments.orders) requireWhole(orderId, moments.of(orderId));
  });

  function requireWhole(orderId: number, moments: readonly OrderMoment[]): void {
    const notes = new Notes();
    const facts = factsOf({ orderId, epoch: null, strategy: null }, moments)!;
    const { chain } = whyReport(facts, chainOf(journal(), orderId, moments, notes), notes);
    expect(notes.lines).toEqual([]);
    const [origin] = chain;
    expect(origin.handler, `order ${orderId}`).not.toBeNull();
    expect(origin.gate, `order ${orderId}`).not.toBeNull();
    const isSent = origin.outputs.some(({ type }) => type === "submit-order");
    expect(origin.gate!.text).toMatch(isSent ? /^passed/ : /^denied, [a-z-]+: /);
    expect(isSent).toBe(facts.venueText !== null);
    for (const { decides, handler } of chain) if (decides) expect(handler).not.toBeNull();
  }
});

describe("a what-if", () => {
  const whatIf = async (journal: string, params?: Record<string, string>): Promise<ComparisonReport> => {
    const output = new CollectedOutput();
    await runWhatIf(journal, { params, json: true }, output);
    return output.value as ComparisonReport;
  };

  test("without a change is the paper journal, through its three lives, to the last unit", async () => {
    const report = await whatIf(paper);
    expect(report.divergence).toBeNull();
    expect(report.difference).toEqual({ pnl: "0.00000000", fees: "0.00000000", turnover: "0.00000000" });
    expect(report.modelled.stateHash).toBe(report.recorded.stateHash);
    expect(report.recorded.fills).toBeGreaterThan(10);
  });

  test("parts from a journal of real orders where the simulated venue answers in its own way", async () => {
    const report = await whatIf(live);
    expect(report.divergence!.because.join()).toContain("the recorded orders met the real venue");
    expect([report.recorded.fillsAre, report.modelled.fillsAre]).toEqual(["recorded", "modelled"]);
  });

  test("with other parameters parts at an order of that strategy", async () => {
    const { divergence } = await whatIf(paper, { fast: "3", slow: "6" });
    const outputs = [...(divergence!.recorded?.outputs ?? []), ...(divergence!.modelled?.outputs ?? [])];
    expect(outputs.map(({ strategy }) => strategy)).toContain("ema-cross");
  });
});

/** Every order of a journal can be explained, from the message that led to it to the position it left. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Notes, openRecords } from "../cli/replay/open-journal.js";
import { factsOf } from "../cli/replay/order-facts.js";
import { OrderMoments } from "../cli/replay/order-moments.js";
import { type WhyReport, whyReport } from "../cli/replay/why.js";
import { chainOf } from "../cli/replay/why-chain.js";
import { runReplay } from "../cli/replay.js";
import { ConfigError } from "../engine/index.js";
import { clientOrderId } from "../engine/orders/client-order-id.js";
import { BTC } from "./support/engine.js";
import { CollectedOutput, EXAMPLES, type WrittenRun, writeRun } from "./support/replay-journal.js";

let directory: string;
let run: WrittenRun;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-why-"));
  run = await writeRun(join(directory, "journal"), { count: 900, seed: 3, segments: 2 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function why(order: string, journal = run.directory): Promise<WhyReport> {
  const output = new CollectedOutput();
  await runReplay(journal, { why: order, json: true }, output);
  return output.value as WhyReport;
}

const sent = (of: WrittenRun) => of.recording.ofType("SubmitOrder").map(({ body }) => body.orderId);

describe("--why", () => {
  test("gives every order of a journal a whole chain, with every record that names it", () => {
    const moments = new OrderMoments(openRecords(run.directory), null);
    const orders = sent(run);
    expect(moments.orders).toEqual(orders);
    expect(orders.length).toBeGreaterThan(60);
    const records = run.recording.decoded;
    for (const orderId of orders.filter((_, index) => index % 7 === 0)) {
      const notes = new Notes();
      const facts = factsOf({ orderId, epoch: null, strategy: null }, moments.of(orderId))!;
      const { chain } = whyReport(facts, chainOf(run.directory, orderId, moments.of(orderId), notes), notes);
      const [origin] = chain;
      expect(origin.handler).toMatchObject({ strategy: facts.fields.strategy });
      expect(origin.gate?.text).toMatch(/^passed/);
      expect(origin.outputs.map(({ type }) => type)).toContain("submit-order");
      const shown = chain.flatMap(({ input, outputs }) => [input, ...outputs]);
      const naming = records.filter(({ body }) => body.orderId === orderId);
      for (const { sequence, index } of naming) {
        expect(shown.some((each) => each.sequence === sequence && each.index === index)).toBe(true);
      }
      for (const { outputs } of chain) {
        const types = outputs.map(({ type }) => type);
        if (types.includes("fill")) expect(types[types.indexOf("fill") + 1]).toBe("position");
      }
      for (const { decides, handler } of chain) if (decides) expect(handler).not.toBeNull();
    }
  });

  test("shows the cause with all its fields and its way from the venue", async () => {
    const submit = run.recording.ofType("SubmitOrder").find(({ body }) => body.strategy === 0)!;
    const trade = run.recording.decoded.find(({ sequence, index }) => sequence === submit.sequence && index === 0)!;
    const [{ input, handler, timeUs }] = (await why(String(submit.body.orderId))).chain;
    expect(handler).toMatchObject({ strategy: "ema-cross", name: "onTrade", timer: null });
    expect(input).toMatchObject({
      type: "trade",
      instrument: BTC.id,
      tradeId: trade.body.tradeId,
      venueTimeUs: trade.body.venueTimeUs,
      receiveTimeUs: trade.body.receiveTimeUs,
      decodeNs: 900,
    });
    expect(timeUs).toBe(trade.timeUs);
  });

  test("finds an order by its text at the venue, and no other order of that number", async () => {
    const { body } = run.recording.ofType("SubmitOrder")[5];
    const text = clientOrderId(body.epoch, body.strategy, body.orderId);
    expect(await why(text)).toEqual(await why(String(body.orderId)));
    await expect(why(clientOrderId(2, body.strategy, body.orderId))).rejects.toThrow("the journal holds no order");
    await expect(why("99999")).rejects.toThrow(`its newest is ${sent(run).at(-1)}`);
    await expect(why("first")).rejects.toThrow(ConfigError);
  });

  test("draws it as a tree with numbers and times", async () => {
    const filled = run.recording.ofType("Fill")[0].body.orderId;
    const output = new CollectedOutput();
    await runReplay(run.directory, { why: String(filled), json: false }, output);
    expect(output.lines[0]).toMatch(
      new RegExp(`^order ${filled} \\(0001[0-9a-z]+ at the venue\\) of [a-z-]+: (buy|sell) `),
    );
    expect(output.text).toMatch(/[├└]─ #\d+ {2}00:00:\d\d\.\d{6} {2}/);
    expect(output.text).toMatch(/│ {2}├─ venue [\d:.]+ → received [\d:.]+ \(\+2 ms\) → decoded/);
    expect(output.text).toMatch(/risk gate: passed/);
    expect(output.text).toMatch(/[├└]─ #\d+ {2}\+[\d.]+ m?s {2}fill-report order/);
  });

  test("says so, and shows the records, where the code is gone", async () => {
    const gone = await writeRun(join(directory, "gone"), { count: 300, seed: 3 });
    rmSync(join(gone.directory, "strategies"), { recursive: true });
    const { chain, notes } = await why(String(sent(gone)[2]), gone.directory);
    expect(notes.join()).toMatch(/could not be re-executed up to this order.*is missing/);
    expect(chain[0].handler).toBeNull();
    expect(chain[0].outputs.map(({ type }) => type)).toContain("submit-order");
  });

  test("follows an order from one life into the next", async () => {
    const lives = await writeRun(join(directory, "lives"), { count: 900, seed: 8, lives: 2 });
    const doubted = lives.recording.decoded.find(
      ({ type, text, body }) => type === "OrderEvent" && body.reportReason === 12 && text === "",
    )!;
    const { chain, order } = await why(String(doubted.body.orderId), lives.directory);
    expect(chain.map(({ input }) => input.type)).toContain("config");
    expect(order.status).toBe("canceled");
    expect(chain[0].handler).not.toBeNull();
  });
});

describe("a denied order", () => {
  const limits = { maxPosition: "25000", maxOrderValue: "10000", maxDailyLoss: "500" };
  test.each([
    ["max-position", { maxPosition: "300" }, /it could reach 0\.\d+, worth (\d+\.\d\d): over the limit 300\.00/, 300],
    ["max-order-value", { maxOrderValue: "170" }, /it is worth (\d+\.\d\d): over the limit 170\.00/, 170],
  ])("names the limit %s with the numbers", async (reason, limit, numbers, over) => {
    const denied = await writeRun(join(directory, reason), {
      count: 300,
      seed: 3,
      strategies: [EXAMPLES[1]],
      config: { risk: { ...limits, ...limit } },
    });
    const { body } = denied.recording.ofType("OrderEvent").find((each) => each.body.denyReason > 0)!;
    const { chain, order } = await why(String(body.orderId), denied.directory);
    expect(order).toMatchObject({ status: "denied", denyReason: reason, venueText: null });
    const text = chain[0].gate!.text;
    expect(text).toMatch(numbers);
    expect(Number(numbers.exec(text)![1])).toBeGreaterThan(over);
    expect(chain[0].handler).toMatchObject({ name: "onBook" });
  });

  test("names the halt that a loss has brought", async () => {
    const halted = await writeRun(join(directory, "halted"), {
      count: 900,
      seed: 3,
      config: { risk: { ...limits, maxDailyLoss: "1" } },
    });
    const { body } = halted.recording.ofType("OrderEvent").find((each) => each.body.denyReason === 1)!;
    const { chain } = await why(String(body.orderId), halted.directory);
    expect(chain[0].gate!.text).toMatch(/^denied, trading-state: trading is halted \(daily-loss\)/);
  });
});

describe("what ordered", () => {
  test("may be a timer, a fill, or what it said shows beside it", async () => {
    const file = join(directory, "clockwork.ts");
    writeFileSync(file, CLOCKWORK);
    const clockwork = await writeRun(join(directory, "clockwork"), { count: 600, seed: 3, strategies: [file] });
    const [first, second] = sent(clockwork);
    const [timed] = (await why(String(first), clockwork.directory)).chain;
    expect(timed.handler).toMatchObject({ name: "onTimer", timer: { name: "2s" } });
    expect(timed.handler!.timer!.dueUs % 2_000_000).toBe(0);
    expect(timed.outputs[0]).toMatchObject({ type: "strategy-log", text: "it is time" });
    const [filled] = (await why(String(second), clockwork.directory)).chain;
    expect(filled.handler).toMatchObject({ name: "onFill" });
    expect(filled.input).toMatchObject({ type: "fill-report", orderId: first });
    const output = new CollectedOutput();
    await runReplay(clockwork.directory, { why: String(second), json: false }, output);
    expect(output.text).toContain(`acted on order ${first}; --why ${first} tells of that one`);
  });
});

const CLOCKWORK = `import { defineStrategy } from "sluice";
export default defineStrategy({
  id: "clockwork",
  params: {},
  subscribe: ["quotes:BTC/USDT.BINANCE", "timer:2s"],
  init: () => ({ n: 0 }),
  onTimer(ctx, state) {
    ctx.log.info("it is time");
    if (state.n === 0) state.n = ctx.submit({ side: "buy", qty: "0.005" });
  },
  onFill(ctx, state, fill) {
    if (fill.side === "buy") ctx.submit({ side: "sell", qty: "0.005" });
  },
});
`;

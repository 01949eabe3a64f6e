/** A condition stops a replay exactly where a plain scan of the journal says that it first holds. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileCondition, type Vocabulary } from "../cli/replay/expression.js";
import type { PlaceReport } from "../cli/replay/travel.js";
import { NeverTrue } from "../cli/replay/until.js";
import { runReplay } from "../cli/replay.js";
import { ConfigError } from "../engine/index.js";
import { OperatorAction } from "../schemas/index.js";
import { BTC, type DecodedRecord, ETH, START_US } from "./support/engine.js";
import { CollectedOutput, type WrittenRun, writeRun } from "./support/replay-journal.js";

let directory: string;
let run: WrittenRun;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-until-"));
  run = await writeRun(directory, { count: 1_200, seed: 11 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function until(condition: string, at?: string): Promise<number> {
  const output = new CollectedOutput();
  await runReplay(directory, { until: condition, at, json: true }, output);
  return (output.value as PlaceReport).sequence;
}

/** The first input, by its number, of which a walk over the decoded records says so. */
function scan(holds: (seen: readonly DecodedRecord[], step: readonly DecodedRecord[]) => boolean): number {
  const records = run.recording.decoded;
  for (let start = 0; start < records.length; ) {
    let end = start + 1;
    while (end < records.length && records[end].index > 0) end += 1;
    if (holds(records.slice(0, end), records.slice(start, end))) return records[start].sequence;
    start = end;
  }
  throw new Error("the scan found nothing");
}

const count = (records: readonly DecodedRecord[], type: string): number =>
  records.filter((each) => each.type === type).length;

/** The account's position in lots after these records. */
function netLots(records: readonly DecodedRecord[], instrument: number): number {
  const lots = new Map<number, number>();
  for (const { type, body } of records) {
    if (type === "Position" && body.instrument === instrument) lots.set(body.strategy, body.positionLots);
  }
  return [...lots.values()].reduce((sum, each) => sum + each, 0);
}

describe("--until stops where a scan does", () => {
  test.each<readonly [string, Parameters<typeof scan>[0]]>([
    ["seq >= 700", (_, [input]) => input.sequence >= 700],
    ["fills == 25", (seen) => count(seen, "Fill") === 25],
    ["orders.sent > 40 && fills > 30", (seen) => count(seen, "SubmitOrder") > 40 && count(seen, "Fill") > 30],
    [`position["${ETH.id}"] <= -0.1`, (seen) => netLots(seen, 1) <= -100],
    [`!(position['${BTC.id}'] == 0)`, (seen) => netLots(seen, 0) !== 0],
    ['time > "+3s"', (_, [input]) => input.timeUs > START_US + 3_000_000],
    [
      'time > "00:00:03.5" && input.type == "trade"',
      (_, [input]) => input.timeUs > START_US + 3_500_000 && input.type === "Trade",
    ],
    [
      'input.type == "operator"',
      (_, [input]) => input.type === "Operator" && input.body.action === OperatorAction.Stop,
    ],
    ["outputs >= 4", (_, step) => step.length > 4],
    [
      `last["${ETH.id}"] > 3500.2`,
      (_, [input]) => input.type === "Trade" && input.body.instrument === 1 && input.body.priceTicks > 350_020,
    ],
    [
      `input.instrument == "${ETH.id}" && input.type == "quote" || seq == 3`,
      (_, [input]) => (input.type === "Quote" && input.body.instrument === 1) || input.sequence === 3,
    ],
  ])("%s", async (condition, holds) => {
    expect(await until(condition)).toBe(scan(holds));
  });

  test("the profit is the run's own", async () => {
    const loss = Math.min(...run.profits.filter((each) => each !== undefined)) / 2;
    expect(await until(`pnl < ${loss / 1e8}`)).toBe(run.profits.findIndex((profit) => profit < loss));
  });

  test("strategies, trading and feeds have names too", async () => {
    const market = `feed["${BTC.id}"] == "live" && spread["${BTC.id}"] == 0.02`;
    const holds = `trading.state == "active" && strategy["ema-cross"].enabled && ${market}`;
    expect(await until(holds)).toBe(scan((_, [input]) => input.type === "Quote" && input.body.instrument === 0));
  });

  test("from --at on, behind that place", async () => {
    expect(await until("seq > 0", "500")).toBe(501);
    expect(await until("fills > 0", "600")).toBe(601);
  });

  test("or says that it was never true", async () => {
    await expect(until("fills > 100000")).rejects.toThrow(NeverTrue);
    await expect(until("fills > 100000")).rejects.toThrow(/^never true: fills > 100000, after any of .* inputs$/);
  });
});

describe("a condition that cannot be", () => {
  test.each([
    ["foo > 1", /there is no "foo"; there are seq, time, .*position\["…"\], .*strategy\["…"\]\.enabled/],
    ['bid["X"] > 1', /character 5: there is no "X" among BTC\/USDT\.BINANCE, ETH\/USDT\.BINANCE/],
    ["bid > 1", /there is no "bid"/],
    ["fills", /a condition must be true or false.*it is a number/],
    ["fills = 3", /equality is written ==/],
    ["fills >", /something is missing at the end/],
    ["(fills > 3", /a \) is missing/],
    ["fills > 3 fills", /"fills" does not follow here/],
    ['fills > "3"', /a number cannot be compared with a string/],
    ['time > "noon"', /"noon" is no time/],
    ["1 && 2", /each side of && and \|\|/],
    ['mode == "paper', /a text is not closed/],
    ["fills @ 3", /"@" has no meaning/],
    ['strategy["ema-cross"].enabled > true', /true and false have no order/],
    ["constructor.name == 1", /there is no "constructor.name"/],
    ["", /something is missing/],
  ])("%s", async (condition, message) => {
    await expect(until(condition)).rejects.toThrow(ConfigError);
    await expect(until(condition)).rejects.toThrow(message);
  });
});

describe("the language", () => {
  const vocabulary: Vocabulary<readonly number[]> = {
    a: { type: "number", read: ([value]) => value },
    b: { type: "number", read: ([, value]) => value },
    "c[]": { type: "number", keys: ["x", "y"], read: (view, key) => view[key] },
  };
  const value = fc.constantFrom("a", "b", 'c["x"]', 'c["y"]', "1", "-2", "0.5");
  const condition = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: "small" }, tie("compare"), tie("not"), tie("join")),
    compare: fc.tuple(value, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), value).map((parts) => parts.join(" ")),
    not: tie("any").map((inner) => `!(${inner})`),
    join: fc
      .tuple(tie("any"), fc.constantFrom("&&", "||"), tie("any"), fc.boolean())
      .map(([one, sign, other, bound]) => (bound ? `(${one} ${sign} ${other})` : `${one} ${sign} ${other}`)),
  })).any as fc.Arbitrary<string>;

  test("means what the same text means in JavaScript", () => {
    const number = fc.constantFrom(-2, 0, 0.5, 1, 3);
    fc.assert(
      fc.property(condition, number, number, (text, a, b) => {
        const plain = new Function("a", "b", "c", `return ${text};`) as (a: number, b: number, c: object) => boolean;
        expect(compileCondition(text, vocabulary)([a, b])).toBe(plain(a, b, { x: a, y: b }));
      }),
      { numRuns: 500 },
    );
  });

  test("knows nothing of what is not known: no comparison with it holds", () => {
    for (const sign of ["==", "!=", "<", "<=", ">", ">="]) {
      expect(compileCondition(`a ${sign} b`, vocabulary)([Number.NaN, 1])).toBe(false);
    }
  });

  test("never does anything but refuse a text that it does not know", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab1 .\"'[]()!&|=<>xc-") }), (text) => {
        try {
          compileCondition(text, vocabulary)([1, 2]);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/**
 * A life with another configuration: strategies begin anew, orders and positions stay, what changed is said in words
 * and is in the journal. What is still open must find its place, or nothing starts.
 */
import { describe, expect, test } from "vitest";
import { readSegments, segmentPath } from "../actors/journal/journal-directory.js";
import { nextLife } from "../actors/recovery/next-life.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import { ConfigError, replay } from "../engine/index.js";
import { CONFIG_START, LifeStart, MessageType, RECORD_HEADER_BYTES } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import { CrashDisk } from "./support/crash-disk.js";
import { BTC, ETH, engineConfig } from "./support/engine.js";
import { recordsOf } from "./support/forge.js";
import { DIRECTORY, hashOf, hoarder, Life, type LifeOptions, rester, startOn } from "./support/life.js";
import { crc32c } from "./support/tape.js";

type Change = Partial<LifeOptions>;
const BOTH: Change = { strategies: [rester, hoarder] };
const { risk } = engineConfig();

/** The rester holds 10 lots of BTC and has a bid resting. */
function withPosition(options: Change = { strategies: [rester] }) {
  const disk = new CrashDisk();
  const life = new Life({ disk, ...options }).trade(120).flush();
  expect([life.engine.positions.lots[0], life.engine.orders.working > 0]).toEqual([10, true]);
  return { disk, life };
}

const edited = { ...rester, text: rester.text.replace("below: 1000", "below: 2000") };
const finer = { ...BTC, lotSize: "0.0001", minQty: "0.0001" };

test.each<[string, Change, Change, RegExp]>([
  [
    "a limit",
    BOTH,
    { ...BOTH, overrides: { risk: { ...risk, maxPosition: "77" } } },
    /^risk was \{.*\}, is \{.*"77".*\}$/,
  ],
  ["a seed", BOTH, { ...BOTH, overrides: { seed: 8 } }, /^seed was 7, is 8$/],
  [
    "a parameter",
    { strategies: [rester] },
    { strategies: [{ ...rester, params: { below: 500 } }] },
    /^the parameters of rester were \{\}, are \{"below":500\}$/,
  ],
  [
    "a strategy's code",
    { strategies: [rester] },
    { strategies: [edited] },
    /^the code of rester was [0-9a-f]{8}, is [0-9a-f]{8}$/,
  ],
  ["a strategy that is new", { strategies: [rester] }, BOTH, /^strategy hoarder is new$/],
  [
    "the instruments' order",
    { strategies: [rester] },
    { strategies: [rester], overrides: { instruments: [ETH, BTC] } },
    /^instruments was .*, is .*$/,
  ],
])("%s that changed lets strategies begin anew with the orders and positions there are", (_what, was, is, words) => {
  const { disk, life } = withPosition(was);
  const next = new Life({ disk, ...is });
  expect(next.next.start).toBe(LifeStart.Refreshed);
  expect(next.next.changes).toEqual([expect.stringMatching(words)]);
  const strategy = next.engine.strategies.findIndex(({ id }) => id === "rester");
  const instrument = next.engine.instruments.findIndex(({ id }) => id === BTC.id);
  const cell = next.engine.positions.cell(strategy, instrument);
  expect(next.engine.positions.lots[cell]).toBe(10);
  expect(next.engine.orders.working).toBe(life.engine.orders.working);
  expect(next.engine.strategies[strategy].state).toEqual({ bought: 0, resting: 0 });

  next.trade(80).flush();
  const config = recordsOf(disk, DIRECTORY).findLast(({ type }) => type === MessageType.Config)!;
  const message = disk.bytesOf(config.name).subarray(config.byte + RECORD_HEADER_BYTES);
  expect([config.name, message[CONFIG_START]]).toEqual([segmentPath(DIRECTORY, 1), LifeStart.Refreshed]);
  expect(hashOf(startOn({ disk, ...is }).recovered.engine!)).toBe(next.hash);
  const { engine } = replay({
    segments: readSegments(DIRECTORY, { disk }),
    crc32c,
    makeCore: createMathCore,
    load: recordedStrategies(DIRECTORY, disk),
  });
  expect(hashOf(engine)).toBe(next.hash);
  expect(new Life({ disk, ...is }).next).toMatchObject({ start: LifeStart.Resumed, changes: [] });
});

describe("a strategy's place, which is part of its orders' names,", () => {
  const idle = { ...hoarder, id: "idle" };

  test("stays its own when strategies are asked for in another order", () => {
    const { disk, life } = withPosition(BOTH);
    const next = new Life({ disk, strategies: [hoarder, rester] });
    expect(next.next).toMatchObject({ start: LifeStart.Resumed, changes: [] });
    expect(next.engine.strategies.map(({ id }) => id)).toEqual(["rester", "hoarder"]);
    expect(hashOf(startOn({ disk }).recovered.engine!)).toBe(life.hash);
  });

  test("is kept while it is away, and found again when it is back", () => {
    const disk = new CrashDisk();
    new Life({ disk, strategies: [idle, rester] }).flush();
    const without = new Life({ disk, strategies: [rester] }).trade(40).flush();
    expect(without.next.changes).toEqual(["strategy idle is retired"]);
    expect(without.engine.strategies.map(({ id, enabled }) => [id, enabled])).toEqual([
      ["idle", false],
      ["rester", true],
    ]);
    expect(hashOf(startOn({ disk, strategies: [rester] }).recovered.engine!)).toBe(without.hash);
    expect(new Life({ disk, strategies: [rester] }).flush().next.changes).toEqual([]);
    const back = new Life({ disk, strategies: [rester, idle] }).trade(40).flush();
    expect(back.next.changes).toEqual(["strategy idle is back"]);
    expect(back.engine.strategies.map(({ id, enabled }) => [id, enabled])).toEqual([
      ["idle", true],
      ["rester", true],
    ]);
    expect(hashOf(startOn({ disk, strategies: [rester, idle] }).recovered.engine!)).toBe(back.hash);
  });

  test("does not hold its instruments back when it is away", () => {
    const disk = new CrashDisk();
    const other = { ...rester, id: "other", text: rester.text.replaceAll(BTC.id, ETH.id) };
    new Life({ disk, strategies: [idle, other] }).flush();
    const next = new Life({ disk, strategies: [other], overrides: { instruments: [ETH] } }).flush();
    expect(next.next.changes).toHaveLength(2);
    expect(next.engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
  });
});

describe("what is open and would have no place is refused by name", () => {
  const refusal = (disk: CrashDisk, options: Change): string => {
    const { recovered, config } = startOn({ disk, ...options });
    try {
      nextLife(recovered, config);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as Error).message;
    }
    return "";
  };

  test("an order of a strategy that is gone", () => {
    const { disk } = withPosition();
    expect(refusal(disk, { strategies: [hoarder] })).toMatch(
      /^strategy rester has order \d+ in BTC\/USDT\.BINANCE, but is not part of this run; add it, or close that first$/,
    );
  });

  test("a position of a strategy that is gone", () => {
    const disk = new CrashDisk();
    const buyer = { ...rester, text: rester.text.replace("!ctx.position.isFlat", "false") };
    const life = new Life({ disk, strategies: [buyer] }).trade(120).flush();
    expect([life.engine.positions.lots[0], life.engine.orders.working]).toEqual([10, 0]);
    expect(refusal(disk, { strategies: [hoarder] })).toBe(
      "strategy rester has a position of 10 lots in BTC/USDT.BINANCE, but is not part of this run; add it, or close " +
        "that first",
    );
  });

  test.each([
    ["rescaled", [finer, ETH]],
    ["gone", [{ ...BTC, id: "BTC/USDT.ELSEWHERE" }, ETH]],
  ])("a position in an instrument that is %s", (_what, instruments) => {
    const { disk } = withPosition();
    const strategies = [{ ...rester, text: rester.text.replace(BTC.id, instruments[0].id) }];
    expect(refusal(disk, { strategies, overrides: { instruments } })).toMatch(
      /^strategy rester has order \d+ in BTC\/USDT\.BINANCE, but that instrument is not traded any more in the same/,
    );
  });

  test("and nothing was written, so that the life before can go on", () => {
    const { disk, life } = withPosition();
    const before = recordsOf(disk, DIRECTORY);
    expect(() => new Life({ disk, strategies: [hoarder] })).toThrow(ConfigError);
    expect(recordsOf(disk, DIRECTORY)).toEqual(before);
    const { recovered } = startOn({ disk, strategies: [rester] });
    expect(hashOf(recovered.engine!)).toBe(life.hash);
    expect(new Life({ disk, strategies: [rester] }).next.start).toBe(LifeStart.Resumed);
  });
});

/** The terminal view keeps to its frame whatever the figures are. */
import { expect, test } from "vitest";
import { Board } from "../actors/board.js";
import { HOPS } from "../actors/hops.js";
import type { Snapshot } from "../actors/snapshot.js";
import { plainLine } from "../cli/view/live-view.js";
import { duration, grouped } from "../cli/view/numbers.js";
import { COLOURED, PLAIN, renderView, type ViewHead } from "../cli/view/terminal-view.js";
import { FeedState } from "../schemas/index.js";
import { engineConfig } from "./support/engine.js";

const HEAD: ViewHead = {
  mode: "SIMULATED",
  source: "binance (local venue, recorded 2024-08-08 ×1)",
  stream: "ws://127.0.0.1:8787/stream",
  journal: ".sluice/demo/20261121-120000",
  maxDailyLossMoney: 50_000_000_000,
};

function snapshot(scale: number): Snapshot {
  const strategy = (id: string) => ({ id, bundle: "0", params: {} });
  const board = new Board(engineConfig({ strategies: [strategy("ema-cross"), strategy("market-maker")] }));
  for (const row of board.markets) {
    Object.assign(row, {
      bidTicks: 6_168_599,
      bidLots: 125_870,
      askTicks: 6_168_600,
      askLots: 244_810,
      lastTicks: 6_168_600,
    });
    Object.assign(row, { direction: 1, feedState: FeedState.Live });
  }
  for (const row of board.strategies) {
    Object.assign(row, { orders: 212 * scale, fills: 31 * scale });
    Object.assign(row.positions[0], {
      lots: -3_000,
      costMoney: -185_058_000_000,
      realisedMoney: 102_000_000,
      feesMoney: 1,
    });
  }
  const hop = { count: 1, p50: 1.1 * scale, p99: 3 * scale, p999: 9.2 * scale, max: 41 * scale };
  const received = 12_841 * scale;
  return {
    elapsedMs: 12_000 * scale,
    markets: board.markets,
    strategies: board.strategies,
    unrealisedMoney: board.strategies.map(({ positions }) => positions.map((row) => board.unrealisedMoney(row))),
    notices: scale > 1 ? ["x".repeat(200)] : [],
    frames: { received, decoded: received - 3, dropped: 3, pending: 0, reasons: { superseded: 2, malformed: 1 } },
    messages: { decoded: received, market: received, processed: 25_310 * scale, journaled: 25_310 * scale },
    journal: { bytes: 3_100_000 * scale, durableSequence: 25_296 * scale },
    orders: 226 * scale,
    fills: 43 * scale,
    profitMoney: 558_000_000 * scale,
    dayProfitMoney: -558_000_000 * scale,
    tradingState: "active",
    latency: Object.fromEntries(HOPS.map((name) => [name, hop])) as Snapshot["latency"],
    untimedOrders: 0,
    store: { sequence: 0, rows: 0, failures: 0 },
  };
}

test.each([1, 100, 1_000])(
  "no line is wider than 80 columns and no view taller than 24 lines, at figures × %i",
  (scale) => {
    const lines = renderView(HEAD, snapshot(scale), PLAIN);
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(80);
  },
);

test("an order that was not timed to the end is told of", () => {
  const { length } = renderView(HEAD, snapshot(1), PLAIN);
  const lines = renderView(HEAD, { ...snapshot(1), untimedOrders: 3 }, PLAIN);
  expect(lines).toContain(" latency: 3 orders were not timed to the end");
  expect(lines.length).toBe(length);
});

test("every hop has a line, its figures aligned", () => {
  const lines = renderView(HEAD, snapshot(1), PLAIN);
  const from = lines.findIndex((line) => line.includes("latency"));
  const table = lines.slice(from, from + 1 + HOPS.length);
  expect(table.slice(1).map((line) => line.trim().split(/ +/)[0])).toEqual([...HOPS]);
  expect(new Set(table.map(({ length }) => length)).size).toBe(1);
});

test("colour changes no character of the view", () => {
  const plain = renderView(HEAD, snapshot(1), COLOURED).map((line) => line.replace(/\u001b\[\d+m/g, ""));
  expect(plain).toEqual(renderView(HEAD, snapshot(1), PLAIN));
});

test("what has not arrived is a dash", () => {
  const empty = snapshot(1);
  const latency = Object.fromEntries(
    HOPS.map((hop) => [hop, { count: 0, p50: null, p99: null, p999: null, max: null }]),
  ) as Snapshot["latency"];
  for (const row of empty.markets)
    Object.assign(row, { bidTicks: 0, askTicks: 0, lastTicks: 0, bidLots: 0, askLots: 0 });
  const text = renderView(HEAD, { ...empty, latency }, PLAIN).join("\n");
  expect(text).toMatch(/tick-to-order +– +– +– +–/);
  expect(text).toMatch(/BTC\/USDT\.BINANCE +– × – /);
  expect(plainLine({ ...empty, latency })).toContain("BTC –");
});

test("durations and groups read as people write them", () => {
  expect(duration(12_999)).toBe("00:12");
  expect(duration(3_725_000)).toBe("1:02:05");
  expect(grouped("1234567.891")).toBe("1 234 567.891");
});

/**
 * The live view of a session: at most 24 lines of 80 columns, redrawn in place. `renderView` is pure; colour marks only
 * sides and states, and what has not arrived is a dash.
 */

import { type MarketRow, priceText } from "../../actors/board.js";
import type { Snapshot } from "../../actors/snapshot.js";
import { formatMoney, unitsToText } from "../../engine/index.js";
import { FeedReason, FeedState } from "../../schemas/index.js";
import { latencyLines } from "../latency-lines.js";
import { duration, grouped } from "./numbers.js";

const WIDTH = 80;
/** Room for the reasons of drops. */
const WHY_WIDTH = 12;

export interface ViewHead {
  /** What the run is, such as "binance (local venue, recorded 2024-08-08 ×1)". */
  readonly source: string;
  readonly mode: "SIMULATED" | "LOCAL VENUE";
  readonly stream: string;
  readonly journal: string;
  readonly maxDailyLossMoney: number;
}

export interface Palette {
  green(text: string): string;
  red(text: string): string;
  amber(text: string): string;
  dim(text: string): string;
}

const sgr = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const same = (text: string): string => text;
export const COLOURED: Palette = { green: sgr(32), red: sgr(31), amber: sgr(33), dim: sgr(2) };
export const PLAIN: Palette = { green: same, red: same, amber: same, dim: same };

/** The view's lines, without line ends. */
export function renderView(head: ViewHead, snapshot: Snapshot, palette: Palette): string[] {
  return [
    titleLine(head, snapshot, palette),
    palette.dim(` ${"─".repeat(WIDTH - 2)}`),
    ...marketLines(snapshot, palette),
    "",
    ...strategyLines(snapshot, palette),
    "",
    ...flowLines(snapshot, palette),
    ...latencyLines(snapshot.latency, palette),
    stateLine(head, snapshot, palette),
    noticeLine(snapshot, palette),
    palette.dim(` stream ${head.stream}`),
    palette.dim(` journal ${head.journal}`),
  ];
}

function titleLine(head: ViewHead, snapshot: Snapshot, palette: Palette): string {
  const left = ` sluice demo   ${head.mode}   `;
  const clock = duration(snapshot.elapsedMs);
  const source = head.source.slice(0, WIDTH - left.length - clock.length - 1);
  const gap = " ".repeat(WIDTH - left.length - source.length - clock.length);
  return ` sluice demo   ${palette.amber(head.mode)}   ${source}${gap}${clock}`;
}

function marketLines(snapshot: Snapshot, palette: Palette): string[] {
  return snapshot.markets.map((row) => {
    const { instrument, bidTicks, bidLots, askTicks, askLots, lastTicks, direction } = row;
    const price = (ticks: number) => grouped(priceText(ticks, instrument)).padStart(10);
    const size = (lots: number) => (lots === 0 ? "–" : unitsToText(lots, instrument.lot)).slice(0, 9).padEnd(9);
    const quotes = `${price(bidTicks)} × ${size(bidLots)} ${price(askTicks)} × ${size(askLots)}`;
    const arrow = direction > 0 ? palette.green("▲") : direction < 0 ? palette.red("▼") : " ";
    return ` ${instrument.id.padEnd(17)}${quotes}${price(lastTicks)} ${arrow}${feedText(row, palette)}`;
  });
}

/** Why the prices may be old; nothing while they are live, or once the run is over. */
function feedText({ feedState, feedReason }: MarketRow, palette: Palette): string {
  if (feedState === FeedState.Live || feedReason === FeedReason.Stopped) return "";
  return palette.amber(` ${(FeedState[feedState] ?? "").toLowerCase()}`);
}

function strategyLines(snapshot: Snapshot, palette: Palette): string[] {
  const columns = [
    ["position", 16],
    ["average", 12],
    ["realised", 11],
    ["unrealised", 11],
    ["orders", 8],
    ["fills", 7],
  ] as const;
  const title = ` ${"strategy".padEnd(14)}${columns.map(([name, width]) => name.padStart(width)).join("")}`;
  const rows = snapshot.strategies.map((strategy, index) => {
    const shown = strategy.positions.find(({ lots, feesMoney }) => lots !== 0 || feesMoney !== 0);
    const position = shown ? `${signedUnits(shown.lots, shown.instrument.lot)} ${shown.instrument.base}` : "–";
    const average = shown && shown.lots !== 0 ? averageText(shown.costMoney, shown.lots, shown.instrument) : "–";
    const realised = sum(strategy.positions.map(({ realisedMoney, feesMoney }) => realisedMoney - feesMoney));
    const unrealised = sum(snapshot.unrealisedMoney[index]);
    return (
      ` ${strategy.id.slice(0, 14).padEnd(14)}${position.padStart(16)}${average.padStart(12)}` +
      `${money(realised, palette, 11)}${money(unrealised, palette, 11)}` +
      `${grouped(String(strategy.orders)).padStart(8)}${grouped(String(strategy.fills)).padStart(7)}`
    );
  });
  return [palette.dim(title), ...rows];
}

function flowLines({ frames, messages, journal }: Snapshot, palette: Palette): string[] {
  const { dim } = palette;
  const count = (label: string, value: number, width = 11) => `${dim(label)}${grouped(String(value)).padStart(width)}`;
  const line = (label: string, cells: readonly string[]) => ` ${dim(label.padEnd(8))} ${cells.join("  ")}`;
  const reasons = Object.entries(frames.reasons).map(([reason, dropped]) => `${reason} ${dropped}`);
  const why = reasons.length > 0 ? dim(` ${reasons.join(", ")}`.slice(0, WHY_WIDTH)) : "";
  const unsynced = Math.max(0, messages.processed - journal.durableSequence);
  return [
    line("frames", [
      count("received ", frames.received),
      count("decoded  ", frames.decoded),
      count("dropped", frames.dropped, 7) + why,
    ]),
    line("messages", [
      count("journaled", messages.journaled),
      count("processed", messages.processed),
      count("unsynced", unsynced, 6),
      megabytes(journal.bytes),
    ]),
  ];
}

function stateLine(head: ViewHead, snapshot: Snapshot, palette: Palette): string {
  const { tradingState, dayProfitMoney } = snapshot;
  const state =
    tradingState === "active"
      ? palette.green(tradingState)
      : tradingState === "halted"
        ? palette.red(tradingState)
        : palette.amber(tradingState);
  const limit = palette.dim(`−${formatMoney(head.maxDailyLossMoney)}`);
  return ` state ${state}   day P&L ${money(dayProfitMoney, palette, 0)} of ${limit}`;
}

/** The newest, or room for one: the view does not jump. */
function noticeLine({ notices, untimedOrders }: Snapshot, palette: Palette): string {
  const untimed = untimedOrders > 0 ? [`latency: ${untimedOrders} orders were not timed to the end`] : [];
  return [...untimed, ...notices].slice(-1).map((notice) => palette.amber(` ${notice}`.slice(0, WIDTH)))[0] ?? "";
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function averageText(costMoney: number, lots: number, instrument: Snapshot["markets"][number]["instrument"]): string {
  return grouped(unitsToText(Math.round(costMoney / instrument.moneyPerTickLot / lots), instrument.tick));
}

function signedUnits(lots: number, step: { decimals: number; units: number }): string {
  const text = unitsToText(Math.abs(lots), step).replace(/(\.\d{3}\d*?)0+$/, "$1");
  return lots === 0 ? "0" : `${lots > 0 ? "+" : "−"}${text}`;
}

/** Money with its sign, coloured by it. */
export function money(value: number, palette: Palette, width: number): string {
  const text = `${value < 0 ? "−" : "+"}${grouped(formatMoney(Math.abs(value)))}`.padStart(width);
  return value < 0 ? palette.red(text) : value > 0 ? palette.green(text) : text;
}

const megabytes = (bytes: number): string => `${grouped((bytes / 1e6).toFixed(1))} MB`;

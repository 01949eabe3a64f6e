/** A report as tables: every figure with its unit, every goal with whether it was met, and what was not measured. */
import type { DecodeResult } from "./decode/decode.js";
import type { FabricResult } from "./fabric/fabric.js";
import { journalTables } from "./journal/journal.js";
import type { Percentiles } from "./latency.js";
import { machineLine } from "./machine.js";
import { recoveryTable } from "./recovery/recovery.js";
import { type BenchReport, controlsOf } from "./report.js";
import type { Comparison } from "./statistics.js";
import type { Table } from "./table.js";
import type { TickToOrderResult, TickToOrderRow } from "./tick-to-order/tick-to-order.js";

const NOTHING = "–";

export function tablesOf(report: BenchReport): Table[] {
  const { fabric, decode, tickToOrder, journal, recovery } = report;
  const comparisons = [fabric, decode, journal].flatMap((part) => part?.result.comparisons ?? []);
  return [
    summary(report),
    ...(tickToOrder ? [tickToOrderTable(tickToOrder.result)] : []),
    ...(fabric ? [roundTrips(fabric.result), streams(fabric.result)] : []),
    ...(decode ? [decodeTable(decode.result)] : []),
    ...(journal ? journalTables(journal.result) : []),
    ...(recovery ? [recoveryTable(recovery.result)] : []),
    ...ratios(comparisons),
  ];
}

function summary(report: BenchReport): Table {
  const { date, machine, invalid, fabric, decode, tickToOrder, journal, recovery } = report;
  const parts = Object.entries({ fabric, decode, "tick-to-order": tickToOrder, journal, recovery });
  const jitter = parts.flatMap(([name, part]) => (part ? [`${name} ${micros(part.jitter.p999)} µs`] : []));
  const controls = controlsOf(report).map(({ name, median }) => `${name} (${median.toFixed(2)} ×)`);
  return {
    title: `${invalid.length === 0 ? "Measured" : "INVALID, not to be quoted; measured"} on ${date.slice(0, 10)}`,
    ...{ head: [], rows: [], words: 0 },
    notes: [
      ...invalid.map((fault) => `INVALID: ${fault}.`),
      machineLine(machine),
      `Machine jitter, p99.9 of how late a sleeping thread woke: ${jitter.join(", ")}.`,
      ...(controls.length > 0 ? [`Slowed on purpose and found slower: ${controls.join(", ")}.`] : []),
    ],
  };
}

function tickToOrderTable({ rows }: TickToOrderResult): Table {
  return {
    title: "Tick to order, µs: from the moment a frame was due to its order in the engine's log",
    head: [
      ...[
        "engine thread",
        "frames/s",
        "reached",
        "orders",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "p99.99",
        "max",
        "in engine p50",
      ],
      ...["scavenges", "target p50"],
    ],
    words: 1,
    rows: rows.map(tickToOrderCells),
    notes: [
      "Included: decoding, following the book, the market ring, indicator, strategy, risk, and the log.",
      "Not included: the socket and TLS before it; the disk, the gateway, the network and the venue behind it.",
      "Open loop: a frame that is handed over late counts from the moment it was due. One thread feeds frames and " +
        "reads the log in the simulated venue's and the journal's place; the other is the engine's.",
      `An order on every trade of one of two symbols. ${NOTHING} stands where fewer than ten values lay beyond.`,
      ...rows.filter(({ overloaded }) => overloaded).map(overload),
    ],
  };
}

function tickToOrderCells(row: TickToOrderRow): string[] {
  const { placement, framesPerSecond, achievedPerSecond, tickToOrder, inEngine, collections, targetNs, met } = row;
  return [
    placement === "shared" ? "sleeps when idle" : "spins",
    grouped(framesPerSecond),
    grouped(achievedPerSecond),
    grouped(tickToOrder.count),
    ...percentileCells(tickToOrder, true),
    micros(inEngine.p50),
    String(collections.scavenges),
    `${grouped(targetNs / 1000)} ${met ? "met" : "missed"}`,
  ];
}

const overload = ({ placement, framesPerSecond, achievedPerSecond, dropped }: TickToOrderRow): string =>
  `WARNING: ${placement} at ${grouped(framesPerSecond)} frames/s reached ${grouped(achievedPerSecond)} and dropped ` +
  `${dropped}; its percentiles are those of an overload.`;

function roundTrips({ roundTrips: rows, floorBeforeNs, floorAfterNs }: FabricResult): Table {
  return {
    title: "Round trip of 64 bytes between two threads, µs",
    head: ["link", "trips", "p50", "p90", "p99", "p99.9", "max"],
    words: 1,
    rows: rows.map((row) => [row.lane, grouped(row.count), ...percentileCells(row, false)]),
    notes: [
      `Floor, two bare atomics: ${micros(floorBeforeNs)} µs before and ${micros(floorAfterNs)} µs after; ` +
        "where the host places the threads moves it, so compare ratios. Each trip includes one reading of the clock.",
    ],
  };
}

function streams({ streams: rows }: FabricResult): Table {
  return {
    title: "One way, 64-byte messages, every byte written and read",
    head: ["link", "million/s", "ns a message", "mean batch"],
    words: 1,
    rows: rows.map(({ lane, messagesPerSecond, nsPerMessage, meanBatch }) => [
      lane,
      (messagesPerSecond / 1e6).toFixed(2),
      nsPerMessage.toFixed(1),
      meanBatch.toFixed(1),
    ]),
    notes: [],
  };
}

function decodeTable({ rows }: DecodeResult): Table {
  return {
    title: "Decoding one recorded Binance frame",
    head: ["frame", "by", "bytes", "ns", "frames/s"],
    words: 2,
    rows: rows.map(({ kind, contestant, meanBytes, nsPerFrame, framesPerSecond }) => [
      kind,
      contestant,
      grouped(meanBytes),
      grouped(nsPerFrame),
      grouped(framesPerSecond),
    ]),
    notes: [
      "From the socket's bytes to numbers. JSON.parse with every field read and made a number; ccxt with the methods " +
        "that its websocket client calls, without its caches. All sums are compared in every round.",
    ],
  };
}

function ratios(comparisons: readonly Comparison[]): Table[] {
  if (comparisons.length === 0) return [];
  const row = ({ measure, subject, peer, median, low, high, goal, met }: Comparison): string[] => [
    ...[measure, subject, peer],
    ...[times(median), `${times(low)} – ${times(high)}`, `≥ ${goal}`, met ? "yes" : "no"],
  ];
  return [
    {
      title: "How many times better, by paired rounds",
      head: ["measure", "subject", "than", "median", "95 % interval", "goal", "met"],
      words: 3,
      rows: comparisons.map(row),
      notes: ["A goal is met when the interval's low end meets it."],
    },
  ];
}

function percentileCells({ p50, p90, p99, p999, p9999, max }: Percentiles, fine: boolean): string[] {
  return [p50, p90, p99, p999, ...(fine ? [p9999] : []), max].map(micros);
}

function micros(ns: number | null): string {
  if (ns === null) return NOTHING;
  const us = ns / 1000;
  return us < 100 ? us.toFixed(us < 10 ? 2 : 1) : grouped(us);
}

const times = (value: number): string => (value < 100 ? value.toFixed(2) : grouped(value));
const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, " ");

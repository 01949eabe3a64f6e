/** Decoding as a table. */
import { grouped } from "../figures.js";
import type { Table } from "../table.js";
import type { DecodeResult } from "./decode.js";

export function decodeTable({ rows }: DecodeResult): Table {
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

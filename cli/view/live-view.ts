/**
 * Shows a running session: on a terminal the view, redrawn in place five times a second; elsewhere one plain line a
 * second; with JSON nothing. The cursor is hidden while it draws and always given back.
 */

import { priceText } from "../../actors/board.js";
import type { Snapshot } from "../../actors/snapshot.js";
import type { Output } from "../output.js";
import { duration, grouped } from "./numbers.js";
import { COLOURED, money, PLAIN, renderView, type ViewHead } from "./terminal-view.js";

const REDRAW_MS = 200;
const LINE_MS = 1_000;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

export class LiveView {
  readonly head: ViewHead;
  private readonly snapshot: () => Snapshot;
  private readonly output: Output | null;
  private readonly inPlace: boolean;
  private timer: NodeJS.Timeout | undefined;
  private drawn = 0;

  constructor(head: ViewHead, snapshot: () => Snapshot, output: Output | null) {
    this.head = head;
    this.snapshot = snapshot;
    this.output = output;
    this.inPlace = Boolean(process.stdout.isTTY) && process.env.TERM !== "dumb";
  }

  start(): void {
    if (!this.output) return;
    if (this.inPlace) process.stdout.write(HIDE_CURSOR);
    else this.output.line(`${this.head.mode}   ${this.head.source}   stream ${this.head.stream}`);
    this.timer = setInterval(() => this.show(), this.inPlace ? REDRAW_MS : LINE_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    if (!this.output || !this.inPlace) return;
    process.stdout.write(`${this.rewind()}${CLEAR_BELOW}${SHOW_CURSOR}`);
  }

  private show(): void {
    if (this.inPlace) this.redraw();
    else this.output!.line(plainLine(this.snapshot()));
  }

  private redraw(): void {
    const palette = process.env.NO_COLOR ? PLAIN : COLOURED;
    const lines = renderView(this.head, this.snapshot(), palette);
    process.stdout.write(this.rewind() + lines.map((line) => `${line}${CLEAR_LINE}\n`).join(""));
    this.drawn = lines.length;
  }

  private rewind(): string {
    return this.drawn === 0 ? "" : `\u001b[${this.drawn}A`;
  }
}

/** One second of a run on one line. */
export function plainLine(snapshot: Snapshot): string {
  const prices = snapshot.markets.map(
    ({ instrument, lastTicks }) => `${instrument.base} ${priceText(lastTicks, instrument)}`,
  );
  const { frames, messages } = snapshot;
  const tickToOrder = snapshot.latency["tick-to-order"].p50;
  return [
    duration(snapshot.elapsedMs),
    ...prices,
    `frames ${grouped(String(frames.received))} dropped ${frames.dropped}`,
    `inputs ${grouped(String(messages.processed))}`,
    `orders ${snapshot.orders} fills ${snapshot.fills}`,
    `P&L ${money(snapshot.profitMoney, PLAIN, 0)}`,
    `tick-to-order p50 ${tickToOrder === null ? "–" : `${tickToOrder.toFixed(0)} µs`}`,
    snapshot.tradingState,
  ].join("  ");
}

/**
 * One frame of the stream as one line for a person: time, topic, instrument, what happened. Pure; colour marks sides
 * only.
 */
import type { Frame } from "../actors/stream/frames.js";

const GREEN = "\u001b[32m";
const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";

export function watchLine(frame: Frame, colour: boolean): string {
  const time = new Date(frame.timeUs / 1000).toISOString().slice(11, 23);
  const micros = String(Math.floor(frame.timeUs) % 1000).padStart(3, "0");
  const instrument = text(frame.instrument ?? "").padEnd(18);
  const mark = frame.snapshot ? "·" : " ";
  return `${time}${micros} ${mark} ${frame.topic.padEnd(9)}  ${instrument}  ${what(frame, colour)}`.trimEnd();
}

function what(frame: Frame, colour: boolean): string {
  const field = (name: string): string => text(frame[name]);
  const amount = (price: string, qty: string): string => `${field(price).padStart(12)} × ${field(qty).padEnd(12)}`;
  switch (frame.type) {
    case "trade":
      return `${side(field("aggressor"), colour)}  ${amount("price", "qty")}`;
    case "quote":
      return `      ${amount("bid", "bidQty")} ${amount("ask", "askQty")}`;
    case "book-delta":
    case "book-snapshot":
      return bookWords(frame);
    case "order-event":
      return `${side(field("side"), colour)}  ${amount("price", "qty")} ${orderWords(frame)}`;
    case "fill":
      return `${side(field("side"), colour)}  ${amount("price", "qty")} ${fillWords(frame)}`;
    case "position":
      return `      ${field("position").padStart(12)}   ${positionWords(frame)}`;
    case "feed-status":
      return `      feed ${field("state")} (${field("reason")})`;
    case "trading-state-event":
      return `trading ${field("state")} (${field("reason")}), was ${field("previous")}`;
    case "strategy-log":
      return `${field("strategy")} ${field("level")}: ${field("text")}`;
    case "config":
      return configWords(frame);
    default:
      return text(JSON.stringify(frame.status));
  }
}

function orderWords(frame: Frame): string {
  const { status, filledQty, orderType, timeInForce, strategy, orderId } = frame;
  const filled = /[1-9]/.test(text(filledQty)) ? `  filled ${text(filledQty)}` : "";
  const kind = `${text(orderType)} ${text(timeInForce)}`;
  return `${text(status)}${reason(frame)}${filled}  ${kind}  ${text(strategy)} #${text(orderId)}`;
}

function fillWords({ liquidity, fee, realised, strategy, orderId }: Frame): string {
  return `${text(liquidity)}  fee ${text(fee)}  realised ${text(realised)}  ${text(strategy)} #${text(orderId)}`;
}

function positionWords({ realised, fees, strategy }: Frame): string {
  return `realised ${text(realised)}  fees ${text(fees)}  ${text(strategy)}`;
}

function bookWords({ type, bids, asks }: Frame): string {
  const [bidLevels, askLevels] = [bids as string[][], asks as string[][]];
  const counts = `${bidLevels.length} bids, ${askLevels.length} asks`;
  if (type === "book-delta") return `      ${counts} changed`;
  return `      ${counts}, best ${bidLevels[0]?.[0] ?? "–"} / ${askLevels[0]?.[0] ?? "–"}`;
}

function configWords({ mode, epoch, config }: Frame): string {
  const { instruments, strategies } = config as { instruments: { id: string }[]; strategies: { id: string }[] };
  const ids = (list: { id: string }[]): string => list.map(({ id }) => text(id)).join(", ") || "none";
  return `${mode} run, epoch ${String(epoch)}: instruments ${ids(instruments)}; strategies ${ids(strategies)}`;
}

function reason({ denyReason, reportReason }: Frame): string {
  const given = [denyReason, reportReason].filter((name) => name !== "none");
  return given.length > 0 ? ` (${given.join(", ")})` : "";
}

function side(name: string, colour: boolean): string {
  const padded = name.padEnd(4);
  if (!colour || (name !== "buy" && name !== "sell")) return padded;
  return `${name === "buy" ? GREEN : RED}${padded}${PLAIN}`;
}

/** What came over a network must not steer the terminal. */
const text = (value: unknown): string => String(value ?? "–").replace(/[\u0000-\u001f\u007f-\u009f]/g, "�");

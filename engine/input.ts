/**
 * One input as the engine sees it: a type and a place in memory. The object is reused for every input; nothing may keep
 * it. `inputTimeUs` is the one place that knows which field of a message is its time.
 */
import {
  BOOK_DELTA_RECEIVE_TIME_US,
  BOOK_SNAPSHOT_RECEIVE_TIME_US,
  CLOCK_TIME_US,
  CONFIG_TIME_US,
  FEED_STATUS_RECEIVE_TIME_US,
  FILL_REPORT_TIME_US,
  MessageType,
  type MessageViews,
  MODEL_FIT_TIME_US,
  MODEL_INPUT_TIME_US,
  OPERATOR_TIME_US,
  ORDER_FOUND_TIME_US,
  ORDER_REPORT_TIME_US,
  POSITION_REPORT_TIME_US,
  QUOTE_RECEIVE_TIME_US,
  RECONCILED_TIME_US,
  TRADE_RECEIVE_TIME_US,
} from "../schemas/index.js";
import { AssertionError } from "./assert.js";

export class Input {
  type: number = MessageType.Padding;
  /** Byte offset of the message in `views`. */
  at = 0;
  views: MessageViews;

  constructor(views: MessageViews) {
    this.views = views;
  }
}

/** True for reports of the order venue: a simulated venue makes them anew, so a tape without them is complete. */
export const isReport = (type: number): boolean => type >= MessageType.OrderReport && type <= MessageType.Reconciled;

/** The moment of an input, microseconds since the epoch. */
export function inputTimeUs(type: number, views: MessageViews, at: number): number {
  return views.f64[(at + timeOffset(type)) >> 3];
}

/** Where in a message its moment stands, in bytes. */
export function timeOffset(type: number): number {
  // biome-ignore format: one arm a line
  switch (type) {
    case MessageType.Trade: return TRADE_RECEIVE_TIME_US;
    case MessageType.Quote: return QUOTE_RECEIVE_TIME_US;
    case MessageType.BookDelta: return BOOK_DELTA_RECEIVE_TIME_US;
    case MessageType.BookSnapshot: return BOOK_SNAPSHOT_RECEIVE_TIME_US;
    case MessageType.FeedStatus: return FEED_STATUS_RECEIVE_TIME_US;
    case MessageType.Clock: return CLOCK_TIME_US;
    case MessageType.Config: return CONFIG_TIME_US;
    case MessageType.Operator: return OPERATOR_TIME_US;
    case MessageType.ModelInput: return MODEL_INPUT_TIME_US;
    case MessageType.ModelFit: return MODEL_FIT_TIME_US;
    case MessageType.OrderReport: return ORDER_REPORT_TIME_US;
    case MessageType.FillReport: return FILL_REPORT_TIME_US;
    case MessageType.OrderFound: return ORDER_FOUND_TIME_US;
    case MessageType.PositionReport: return POSITION_REPORT_TIME_US;
    case MessageType.Reconciled: return RECONCILED_TIME_US;
    default: throw new AssertionError(`message type ${type} is not an input`);
  }
}

/** Copies a message word by word; lengths are multiples of eight. */
export function copyMessage(from: MessageViews, fromAt: number, to: MessageViews, toAt: number, bytes: number): void {
  const source = from.i32;
  const target = to.i32;
  const first = fromAt >> 2;
  const offset = (toAt >> 2) - first;
  const end = first + (bytes >> 2);
  for (let word = first; word < end; word += 1) target[word + offset] = source[word];
}

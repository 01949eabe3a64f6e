/**
 * What happens when commands are not taken away: orders leave through the log, and whoever sends them reads it behind
 * the journal. While the venue has not answered many of them, further orders are denied, by a count in the engine's own
 * state, so that a replay denies the same ones.
 */
import { expect, test } from "vitest";
import type { StrategyDefinition } from "../engine/index.js";
import { COMMANDS_UNANSWERED_MAX } from "../engine/orders/order-table.js";
import { DenyReason, OrderStatus, ReportKind } from "../schemas/index.js";
import { engineAlone, MS, orderReportAt, probe, quoteAt, START_US, takeAll, tradeAt } from "./support/engine.js";

const OVER = 88;

const ORDER = { side: "buy", qty: "0.01", price: "99.00" } as const;

/** An engine whose strategy sends an order a trade, and that nobody answers. */
function setup(onTrade: StrategyDefinition["onTrade"] = (ctx) => void ctx.submit(ORDER)) {
  const { engine, recording } = engineAlone([probe({ onTrade })]);
  let trades = 0;
  const trade = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      trades += 1;
      takeAll(engine, [tradeAt(START_US + trades * MS, 10_000, 1, 1, 0, trades)]);
    }
  };
  const denials = (): number[] =>
    recording
      .ofType("OrderEvent")
      .filter(({ body }) => body.status === OrderStatus.Denied)
      .map(({ body }) => body.denyReason as number);
  return { engine, recording, trade, denials, timeUs: () => START_US + trades * MS };
}

test("the command ring is full: orders beyond the bound are denied ring-full, and leave no command", () => {
  const { recording, trade, denials } = setup();
  trade(COMMANDS_UNANSWERED_MAX);
  expect(denials()).toEqual([]);
  trade(OVER);
  expect(denials()).toEqual(Array.from({ length: OVER }, () => DenyReason.RingFull));
  expect(recording.ofType("SubmitOrder").length).toBe(COMMANDS_UNANSWERED_MAX);
});

test("each answer makes room for one order, whatever it says", () => {
  const { engine, trade, denials, timeUs } = setup();
  trade(COMMANDS_UNANSWERED_MAX);
  const kinds = [ReportKind.Accepted, ReportKind.Rejected, ReportKind.Unknown];
  for (const [index, kind] of kinds.entries()) takeAll(engine, [orderReportAt(timeUs(), index + 1, kind)]);
  trade(kinds.length + 1);
  expect(denials()).toEqual([DenyReason.RingFull]);
});

test("a cancel always passes, and is a command that waits for its answer", () => {
  let orders = 0;
  const { engine, recording, trade, timeUs } = setup((ctx) => {
    orders += 1;
    if (orders <= COMMANDS_UNANSWERED_MAX) ctx.submit(ORDER);
    else for (let orderId = 1; orderId <= COMMANDS_UNANSWERED_MAX; orderId += 1) ctx.cancel(orderId);
  });
  trade(COMMANDS_UNANSWERED_MAX);
  takeAll(engine, [orderReportAt(timeUs(), 1, ReportKind.Accepted)]);
  expect(engine.orders.unanswered).toBe(COMMANDS_UNANSWERED_MAX - 1);
  trade(1);
  expect(recording.ofType("CancelOrder").length).toBe(COMMANDS_UNANSWERED_MAX);
  expect(engine.orders.unanswered).toBe(COMMANDS_UNANSWERED_MAX);
  takeAll(engine, [quoteAt(timeUs() + MS, 9_999, 10_001), orderReportAt(timeUs() + MS, 1, ReportKind.Canceled)]);
  expect(engine.orders.unanswered).toBe(COMMANDS_UNANSWERED_MAX - 1);
});

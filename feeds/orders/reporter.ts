/** What the gateway tells the engine, as the records that the journal keeps: claim, write, commit. */
import type { ReportSink } from "../../engine/index.js";
import {
  FILL_REPORT_BYTES,
  MessageType,
  ORDER_FOUND_BYTES,
  ORDER_REPORT_BYTES,
  POSITION_REPORT_BYTES,
  RECONCILED_BYTES,
  ReportKind,
  ReportReason,
  writeFillReport,
  writeOrderFound,
  writeOrderReport,
  writePositionReport,
  writeReconciled,
} from "../../schemas/index.js";
import type { OrderReading, TradeReading } from "./readings.js";
import type { TrackedOrder } from "./tracked-orders.js";

export class Reporter {
  fills = 0;
  private readonly sink: ReportSink;

  constructor(sink: ReportSink) {
    this.sink = sink;
  }

  /** Any word on an order; `venueTimeUs` is 0 where the venue has said nothing. */
  order(order: TrackedOrder, kind: ReportKind, reason: ReportReason, venueTimeUs: number, nowUs: number): void {
    const { orderId, venueOrderId, toldLots, instrument } = order;
    const at = this.sink.claim(MessageType.OrderReport, ORDER_REPORT_BYTES);
    writeOrderReport(
      this.sink.views,
      at,
      nowUs,
      venueTimeUs,
      orderId,
      venueOrderId,
      toldLots,
      instrument,
      kind,
      reason,
    );
    this.sink.commit();
  }

  /** A cancel for an order that the gateway does not look after. */
  cancelOfNothing(orderId: number, instrument: number, nowUs: number): void {
    const at = this.sink.claim(MessageType.OrderReport, ORDER_REPORT_BYTES);
    const { CancelRejected } = ReportKind;
    writeOrderReport(
      this.sink.views,
      at,
      nowUs,
      0,
      orderId,
      0,
      0,
      instrument,
      CancelRejected,
      ReportReason.UnknownOrder,
    );
    this.sink.commit();
  }

  fill(order: TrackedOrder, trade: TradeReading, nowUs: number): void {
    const at = this.sink.claim(MessageType.FillReport, FILL_REPORT_BYTES);
    writeFillReport(
      this.sink.views,
      at,
      nowUs,
      trade.timeUs,
      order.orderId,
      trade.tradeId,
      trade.qtyLots,
      trade.feeMoney,
      trade.priceTicks,
      order.instrument,
      order.side,
      trade.liquidity,
    );
    this.sink.commit();
    this.fills += 1;
  }

  found(order: TrackedOrder, reading: OrderReading, epoch: number, strategy: number, nowUs: number): void {
    const at = this.sink.claim(MessageType.OrderFound, ORDER_FOUND_BYTES);
    writeOrderFound(
      this.sink.views,
      at,
      nowUs,
      order.orderId,
      reading.venueOrderId,
      reading.qtyLots,
      reading.priceTicks,
      order.instrument,
      epoch,
      strategy,
      reading.side,
      reading.orderType,
      reading.timeInForce,
    );
    this.sink.commit();
  }

  position(instrument: number, venueLots: number, nowUs: number): void {
    const at = this.sink.claim(MessageType.PositionReport, POSITION_REPORT_BYTES);
    writePositionReport(this.sink.views, at, nowUs, venueLots, instrument);
    this.sink.commit();
  }

  reconciled(openOrders: number, unknownOrders: number, nowUs: number): void {
    const at = this.sink.claim(MessageType.Reconciled, RECONCILED_BYTES);
    writeReconciled(this.sink.views, at, nowUs, openOrders, unknownOrders, this.fills);
    this.sink.commit();
  }
}

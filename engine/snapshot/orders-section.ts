/**
 * Orders, positions, trade ids and risk in a snapshot. Of the orders' table only rows in use are written, and what it
 * sums up of them is summed up anew.
 */
import { OrderStatus } from "../../schemas/index.js";
import { AssertionError } from "../assert.js";
import type { Engine } from "../engine.js";
import { isWorking, ORDERS_MAX, type OrderTable } from "../orders/order-table.js";
import type { PositionTable } from "../orders/position-table.js";
import { SEEN_TRADES_MAX } from "../orders/seen-trades.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

export function writeOrders(writer: ByteWriter, { orders }: Engine): void {
  writer.f64(orders.nextId);
  writer.u32(usedRows(orders));
  for (let row = 0; row < ORDERS_MAX; row += 1) if (orders.id[row] !== 0) writeOrder(writer, orders, row);
}

export function readOrders(reader: ByteReader, engine: Engine): void {
  engine.orders.nextId = reader.whole(1, "the next order id");
  const rows = reader.index(ORDERS_MAX, "orders");
  for (let read = 0; read < rows; read += 1) readOrder(reader, engine);
}

function usedRows({ id }: OrderTable): number {
  let used = 0;
  for (let row = 0; row < ORDERS_MAX; row += 1) if (id[row] !== 0) used += 1;
  return used;
}

function writeOrder(writer: ByteWriter, orders: OrderTable, row: number): void {
  writer.f64(orders.id[row]);
  writer.f64(orders.qtyLots[row]);
  writer.f64(orders.filledLots[row]);
  writer.i32(orders.priceTicks[row]);
  writer.u32(orders.epoch[row]);
  writer.u16(orders.instrument[row]);
  writer.u16(orders.strategy[row]);
  writer.u8(orders.side[row]);
  writer.u8(orders.orderType[row]);
  writer.u8(orders.timeInForce[row]);
  writer.u8(orders.status[row]);
}

function readOrder(reader: ByteReader, { orders, instruments, strategies }: Engine): void {
  const id = reader.whole(1, "an order id");
  const row = id & (ORDERS_MAX - 1);
  if (orders.id[row] !== 0) reader.refuse(`order ${id} in the row of order ${orders.id[row]}`);
  orders.id[row] = id;
  orders.qtyLots[row] = reader.f64();
  orders.filledLots[row] = reader.f64();
  orders.priceTicks[row] = reader.i32();
  orders.epoch[row] = reader.u32();
  orders.instrument[row] = reader.u16();
  orders.strategy[row] = reader.u16();
  orders.side[row] = reader.u8();
  orders.orderType[row] = reader.u8();
  orders.timeInForce[row] = reader.u8();
  const status = reader.u8();
  const hasPlace = orders.instrument[row] < instruments.length && orders.strategy[row] < strategies.length;
  const remaining = orders.remainingLots(row);
  const fits = !isWorking(status) || (Number.isSafeInteger(remaining) && remaining >= 0);
  if (!hasPlace || !fits || status > OrderStatus.Unknown) reader.refuse(`order ${id} cannot be`);
  orders.setStatus(row, status);
}

/** In the order in which they arrived: the oldest is the first to be forgotten. */
export function writeTrades(writer: ByteWriter, { seenTrades }: Engine): void {
  for (const ids of seenTrades.ids) {
    writer.u32(ids.size);
    for (const tradeId of ids) writer.f64(tradeId);
  }
}

export function readTrades(reader: ByteReader, { seenTrades }: Engine): void {
  seenTrades.ids.forEach((ids, instrument) => {
    const count = reader.index(SEEN_TRADES_MAX, "trade ids");
    for (let read = 0; read < count; read += 1) seenTrades.add(instrument, reader.f64());
    if (ids.size !== count) reader.refuse("a trade id twice");
  });
}

export function writePositions(writer: ByteWriter, { positions, risk }: Engine): void {
  writer.doubles(positions.lots);
  writer.doubles(positions.costMoney);
  writer.doubles(positions.realisedMoney);
  writer.doubles(positions.feesMoney);
  writer.doubles(positions.openingLots);
  writer.u8(risk.state);
  writer.u8(risk.reason);
  writer.u8(risk.resumeState);
  writer.u8(risk.resumeReason);
  writer.i32(risk.day);
  writer.f64(risk.dayStartMoney);
}

export function readPositions(reader: ByteReader, { positions, risk }: Engine): void {
  reader.doubles(positions.lots);
  reader.doubles(positions.costMoney);
  reader.doubles(positions.realisedMoney);
  reader.doubles(positions.feesMoney);
  reader.doubles(positions.openingLots);
  resum(reader, positions);
  risk.state = reader.u8();
  risk.reason = reader.u8();
  risk.resumeState = reader.u8();
  risk.resumeReason = reader.u8();
  risk.day = reader.i32();
  risk.dayStartMoney = reader.f64();
}

function resum(reader: ByteReader, { valuation }: PositionTable): void {
  try {
    valuation.resum();
  } catch (error) {
    if (error instanceof AssertionError) reader.refuse(`positions that cannot be: ${error.message}`);
    throw error;
  }
}

/**
 * Reads what a request asks of the order side: a new order, or which order is meant. Only what every order of the type
 * needs is accepted; a parameter of an order type the venue does not have is refused by its name.
 */
import { randomBytes } from "node:crypto";
import type { NewOrder } from "./order.js";
import type { OrderSelector } from "./order-desk.js";
import type { Parameters } from "./parameters.js";
import { missing, Refusal } from "./refusal.js";

export type ResponseType = "ACK" | "RESULT" | "FULL";

const GENERATED_ID_BYTES = 11;

/** Throws a Refusal for the first parameter that is wrong. */
export function readNewOrder(parameters: Parameters, symbols: readonly string[]) {
  const symbol = parameters.symbol(symbols);
  const side = parameters.word("side", ["BUY", "SELL"], new Refusal(-1117, "Invalid side."));
  if (side === undefined) throw missing("side");
  const wrongType = new Refusal(-1116, "Invalid orderType.");
  const type = parameters.word("type", ["LIMIT", "LIMIT_MAKER", "MARKET"], wrongType);
  if (type === undefined) throw missing("type");
  const order: NewOrder = {
    symbol,
    side,
    type,
    clientId: parameters.clientId("newClientOrderId") ?? generatedId(),
    timeInForce: readTimeInForce(parameters, type),
    quantity: parameters.decimal("quantity"),
    price: readPrice(parameters, type),
  };
  const wrongResponse = new Refusal(-1136, "Invalid newOrderRespType.");
  const response = parameters.word("newOrderRespType", ["ACK", "RESULT", "FULL"], wrongResponse);
  return { order, response: response ?? (type === "LIMIT_MAKER" ? "ACK" : "FULL") } as const;
}

export function readSelector(parameters: Parameters, symbols: readonly string[]): OrderSelector {
  const symbol = parameters.symbol(symbols);
  const id = parameters.integer("orderId");
  const clientId = parameters.clientId("origClientOrderId");
  if (id === undefined && clientId === undefined) {
    throw new Refusal(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
  }
  return { symbol, id, clientId };
}

/** An id that the venue makes up for a request that brings none. */
export function generatedId(): string {
  return randomBytes(GENERATED_ID_BYTES).toString("hex");
}

function readTimeInForce(parameters: Parameters, type: NewOrder["type"]): NewOrder["timeInForce"] {
  if (type !== "LIMIT") {
    parameters.refuse("timeInForce");
    return "GTC";
  }
  const wrong = new Refusal(-1115, "Invalid timeInForce.");
  const found = parameters.word("timeInForce", ["GTC", "IOC", "FOK"], wrong);
  if (found === undefined) throw missing("timeInForce");
  return found;
}

function readPrice(parameters: Parameters, type: NewOrder["type"]): bigint {
  if (type !== "MARKET") return parameters.decimal("price");
  parameters.refuse("price");
  return 0n;
}

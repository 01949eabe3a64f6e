/**
 * Tells when an order's request has left for the socket, by the HTTP client's own diagnostics: between a request's call
 * and its leaving there is time in which nothing has happened yet. Tests of crashes end the process here.
 */
import { Buffer } from "node:buffer";
import { subscribe } from "node:diagnostics_channel";
import { crashPoint } from "../crash-point.js";

/** As far as it is read; a body that is no bytes is not looked into. */
interface Sent {
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
}

const ORDER = /\/order(\?|$)/;
const ID = /(?:^|[?&])newClientOrderId=([^&]+)/;

/**
 * `onOrder` is called with the client order id of a submit, after the last byte of its request, in a thread that has
 * one gateway.
 */
export function watchSent(onOrder: (clientOrderId: string) => void): void {
  subscribe("undici:request:bodySent", (message) => {
    const { request } = message as Sent;
    if (request.method === "GET" || !ORDER.test(request.path)) return;
    crashPoint("gateway.after-send");
    const id = request.method === "POST" ? clientOrderIdOf(request) : null;
    if (id !== null) onOrder(id);
  });
}

/** From the query or, where the client puts it, the body. */
function clientOrderIdOf({ path, body }: Sent["request"]): string | null {
  const text = Buffer.isBuffer(body) ? body.toString("latin1") : "";
  return (ID.exec(path) ?? ID.exec(text))?.[1] ?? null;
}

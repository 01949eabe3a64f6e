/**
 * Tells when an order's request has left for the socket, by the HTTP client's own diagnostics. Only a test of crashes
 * watches: between a request's call and its leaving there is time in which nothing has happened yet.
 */
import { subscribe } from "node:diagnostics_channel";
import { crashPoint, isArmed } from "../crash-point.js";

interface Sent {
  readonly request: { readonly method: string; readonly path: string };
}

const ORDER = /\/order(\?|$)/;

/** The client says so after the last byte, of a request without a body too. */
export function watchSent(): void {
  if (!isArmed("gateway.after-send")) return;
  subscribe("undici:request:bodySent", (message) => {
    const { request } = message as Sent;
    if (request.method !== "GET" && ORDER.test(request.path)) crashPoint("gateway.after-send");
  });
}

/**
 * Who may speak for the account: the demo key in the header, HMAC SHA-256 of the request under the demo secret, and a
 * timestamp inside the receive window. The key and the secret are public words, not secrets; checking them is the
 * point.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Parameters } from "./parameters.js";
import { missing, Refusal } from "./refusal.js";

const KEY_CHARACTERS = 64;
export const LOCAL_API_KEY = "localVenueKey".padEnd(KEY_CHARACTERS, "0");
export const LOCAL_API_SECRET = "localVenueSecret".padEnd(KEY_CHARACTERS, "0");

const KEY = new RegExp(`^[a-zA-Z0-9]{${KEY_CHARACTERS}}$`);
const DEFAULT_WINDOW_MS = 5000;
const MAX_WINDOW_MS = 60_000;
const AHEAD_MS = 1000;
const UNAUTHORIZED = 401;

/** HMAC SHA-256 in hexadecimal. */
export function sign(text: string, secret = LOCAL_API_SECRET): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

export function checkKey(key: string | undefined): void {
  if (key === undefined || !KEY.test(key)) throw new Refusal(-2014, "API-key format invalid.", UNAUTHORIZED);
  if (key !== LOCAL_API_KEY) {
    throw new Refusal(-2015, "Invalid API-key, IP, or permissions for action.", UNAUTHORIZED);
  }
}

/** Checks the signature of the text that was to be signed. */
export function checkSignature(parameters: Parameters, signed: string): void {
  const given = Buffer.from(parameters.required("signature").toLowerCase());
  const right = Buffer.from(sign(signed));
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new Refusal(-1022, "Signature for this request is not valid.");
  }
}

/** What Binance signs of a REST request: query and body, one after the other, without the signature itself. */
export function signedText(query: string, body: string): string {
  return [query, body].map((text) => text.replace(/(^|&)signature=[^&]*/, "")).join("");
}

/** Checks the timestamp against the venue's clock, or clocks: it must fit one of them. */
export function checkTime(parameters: Parameters, clocksMs: readonly number[]): void {
  const timestampMs = parameters.integer("timestamp");
  if (timestampMs === undefined) throw missing("timestamp");
  const windowMs = parameters.integer("recvWindow") ?? DEFAULT_WINDOW_MS;
  if (windowMs > MAX_WINDOW_MS) throw new Refusal(-1131, `recvWindow must be less than ${MAX_WINDOW_MS}.`);
  if (clocksMs.some((nowMs) => timestampMs < nowMs + AHEAD_MS && nowMs - timestampMs <= windowMs)) return;
  const isAhead = clocksMs.every((nowMs) => timestampMs >= nowMs + AHEAD_MS);
  throw new Refusal(
    -1021,
    isAhead
      ? `Timestamp for this request was ${AHEAD_MS}ms ahead of the server's time.`
      : "Timestamp for this request is outside of the recvWindow.",
  );
}

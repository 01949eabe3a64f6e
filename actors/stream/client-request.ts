/** What a client may say: one subscription change in a JSON message of at most 1 KiB. There is nothing else to ask. */
import { maskOf } from "./topics.js";

const REQUEST_BYTES_MAX = 1024;

export interface ClientRequest {
  readonly action: "subscribe" | "unsubscribe";
  readonly mask: number;
}

const EXPECTED = 'send {"subscribe":["trades"]} or {"unsubscribe":["trades"]}';

/** The request in a message, or the sentence that says what is wrong with it. `message` is null when it was binary. */
export function readRequest(message: string | null, bytes: number): ClientRequest | string {
  if (message === null) return `a request is text (was binary): ${EXPECTED}`;
  if (bytes > REQUEST_BYTES_MAX) return `a request has at most ${REQUEST_BYTES_MAX} bytes (was ${bytes}): ${EXPECTED}`;
  const request = parse(message);
  if (typeof request !== "object" || request === null) return `a request is a JSON object: ${EXPECTED}`;
  const [action, ...others] = Object.keys(request);
  if ((action !== "subscribe" && action !== "unsubscribe") || others.length > 0) return `not a request: ${EXPECTED}`;
  const names = (request as Record<string, unknown>)[action];
  if (!Array.isArray(names)) return `${action} takes a list of topics: ${EXPECTED}`;
  const mask = maskOf(names);
  return typeof mask === "string" ? mask : { action, mask };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

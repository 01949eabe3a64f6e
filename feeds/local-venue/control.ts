/**
 * The requests a client sends over its websocket, as Binance reads and answers them: SUBSCRIBE, UNSUBSCRIBE and
 * LIST_SUBSCRIPTIONS. Text in, a request or the text of the refusal out; it knows no socket.
 */
import { kindOfChannel } from "./frame.js";

export type RequestId = number | string | null;

export type ControlRequest =
  | { readonly method: "SUBSCRIBE" | "UNSUBSCRIBE"; readonly streams: readonly string[]; readonly id: RequestId }
  | { readonly method: "LIST_SUBSCRIPTIONS"; readonly id: RequestId };

/** `refusal` is the reply to send. */
export type ControlOutcome = { readonly request: ControlRequest } | { readonly refusal: string };

const CODE = { request: 2, json: 3, subscriptions: 4 } as const;
const METHODS = ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS"] as const;
const STREAM = /^([a-z0-9]{1,20})@(.+)$/;
const STRING_ID = /^[a-zA-Z0-9-_]{1,36}$/;

/** Reads a request. */
export function readControl(text: string): ControlOutcome {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return refuse(CODE.json, "Invalid JSON: expected value at line 1 column 1");
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return refuse(CODE.request, "Invalid request: expected an object");
  }
  return readMessage(message as Record<string, unknown>);
}

/** The reply to a request that was carried out. */
export function resultReply(id: RequestId, result: readonly string[] | null = null): string {
  return JSON.stringify({ result, id });
}

/** The reply to a request for more streams than a connection may have. */
export function tooManySubscriptions(id: RequestId): string {
  return refusal(CODE.subscriptions, "Too many subscriptions", id);
}

/** Whether the venue would take the name. A well-formed stream of an unknown symbol is taken and stays silent. */
export function isStreamName(name: unknown): name is string {
  const match = typeof name === "string" ? STREAM.exec(name) : null;
  return match !== null && kindOfChannel(match[2]!) !== undefined;
}

function readMessage({ method, params, id = null }: Record<string, unknown>): ControlOutcome {
  if (!isRequestId(id)) return refuse(CODE.request, "Invalid request: request ID must be an unsigned integer");
  if (method === undefined) return refuse(CODE.request, "Invalid request: missing field `method`", id);
  if (!isMethod(method))
    return refuse(CODE.request, `Invalid request: unknown variant \`${method}\`, ${expected()}`, id);
  if (method === "LIST_SUBSCRIPTIONS") return { request: { method, id } };
  if (params === undefined) return refuse(CODE.request, "Invalid request: missing field `params`", id);
  if (!Array.isArray(params)) return refuse(CODE.request, "Invalid request: params must be an array", id);
  if (!params.every(isStreamName)) return refuse(CODE.request, "Invalid request: invalid stream", id);
  return { request: { method, streams: params, id } };
}

function isMethod(method: unknown): method is ControlRequest["method"] {
  return METHODS.some((known) => known === method);
}

function isRequestId(id: unknown): id is RequestId {
  if (typeof id === "number") return Number.isSafeInteger(id) && id >= 0;
  return id === null || (typeof id === "string" && STRING_ID.test(id));
}

function expected(): string {
  return `expected one of ${METHODS.map((known) => `\`${known}\``).join(", ")}`;
}

function refuse(code: number, msg: string, id?: RequestId): ControlOutcome {
  return { refusal: refusal(code, msg, id) };
}

function refusal(code: number, msg: string, id: RequestId | undefined): string {
  return JSON.stringify({ error: { code, msg }, id });
}

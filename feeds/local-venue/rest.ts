/**
 * The public REST endpoints a market-data client needs: ping, time, exchangeInfo and depth, with Binance's error bodies
 * and request weights. A request in, an answer out; the weight is counted for the header, never enforced.
 */
import { exchangeInfo } from "./exchange-info.js";
import type { Replay } from "./replay.js";

export interface RestAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
  readonly weight: number;
}

const MAX_DEPTH = 5000;
const DEFAULT_DEPTH = 100;
/** Request weight of a depth answer, by its greatest limit. */
const DEPTH_WEIGHTS = [
  [100, 5],
  [500, 25],
  [1000, 50],
  [MAX_DEPTH, 250],
] as const;
const EXCHANGE_INFO_WEIGHT = 20;
const LEGAL_SYMBOL = "^[A-Z0-9-_.]{1,20}$";
const LEGAL_LIMIT = "^[0-9]{1,20}$";

/** Answers a request for `url`, which is the path with its query. */
export function answerRest(method: string, url: URL, replay: Replay, symbols: readonly string[]): RestAnswer {
  const route = method === "GET" ? url.pathname : "";
  // biome-ignore format: one arm a line
  switch (route) {
    case "/api/v3/ping": return ok({});
    case "/api/v3/time": return ok({ serverTime: replay.timeMs });
    case "/api/v3/exchangeInfo": return info(url.searchParams, replay, symbols);
    case "/api/v3/depth": return depth(url.searchParams, replay);
    default: return error(404, -5000, `Path ${url.pathname}, Method ${method} is invalid`);
  }
}

/** The answer to a request whose target is no URL. */
export function badRequest(): RestAnswer {
  return error(400, -1000, "Malformed request target.");
}

function info(query: URLSearchParams, replay: Replay, symbols: readonly string[]): RestAnswer {
  const symbol = query.get("symbol");
  if (symbol !== null && !symbols.includes(symbol)) return unknownSymbol(symbol);
  return ok(exchangeInfo(symbol === null ? symbols : [symbol], replay.timeMs), EXCHANGE_INFO_WEIGHT);
}

function depth(query: URLSearchParams, replay: Replay): RestAnswer {
  const symbol = query.get("symbol");
  if (!symbol) return error(400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  const book = replay.book(symbol);
  if (!book) return unknownSymbol(symbol);
  const limitText = query.get("limit") ?? String(DEFAULT_DEPTH);
  if (!new RegExp(LEGAL_LIMIT).test(limitText)) return illegalCharacters("limit", LEGAL_LIMIT);
  const limit = Math.min(Number(limitText), MAX_DEPTH);
  if (limit === 0) return error(400, -1130, "Data sent for parameter 'limit' is not valid.");
  return ok(book.snapshot(limit), DEPTH_WEIGHTS.find(([most]) => limit <= most)![1]);
}

function unknownSymbol(symbol: string): RestAnswer {
  if (!new RegExp(LEGAL_SYMBOL).test(symbol)) return illegalCharacters("symbol", LEGAL_SYMBOL);
  return error(400, -1121, "Invalid symbol.");
}

function illegalCharacters(parameter: string, range: string): RestAnswer {
  return error(400, -1100, `Illegal characters found in parameter '${parameter}'; legal range is '${range}'.`);
}

function ok(body: object, weight = 1): RestAnswer {
  return { status: 200, body: JSON.stringify(body), weight };
}

function error(status: number, code: number, msg: string): RestAnswer {
  return { status, body: JSON.stringify({ code, msg }), weight: 1 };
}

/**
 * The feed's thread: the venue's sockets, their frames decoded into the market ring. It says what the instruments are when
 * it is asked to load, and starts to listen when it is told to go, so that the engine is there before the first frame.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type InstrumentSpec, makeInstrument } from "../../engine/index.js";
import { BinanceFeed, createExchange, type Endpoints, loadInstruments } from "../../feeds/index.js";
import { EventLoopRunner } from "../agent/event-loop-runner.js";
import { FeedAgent } from "../feed-agent.js";
import { reportError, reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export type FeedEndpoints = Endpoints;

export interface FeedsThreadData extends ThreadData {
  readonly endpoints: FeedEndpoints;
  readonly symbols: readonly string[];
}

export type FeedsMessage =
  | { readonly type: "load" }
  | { readonly type: "instruments"; readonly specs: readonly InstrumentSpec[] }
  | { readonly type: "unreachable"; readonly message: string }
  | { readonly type: "go" };

/**
 * The feed's thread: the venue's sockets, their frames decoded into the market ring. It says what the instruments are
 * when it is asked to load, and starts to listen when it is told to go, so that the engine is there before the first
 * frame.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type InstrumentSpec, makeInstrument } from "../../engine/index.js";
import { BinanceFeed, createExchange, createFeedCounters, type Endpoints, loadInstruments } from "../../feeds/index.js";
import { EventLoopRunner } from "../agent/event-loop-runner.js";
import { FeedAgent } from "../feeds/feed-agent.js";
import { MarketRingSink } from "../feeds/market-ring-sink.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export type FeedEndpoints = Endpoints;

export interface FeedsThreadData extends ThreadData {
  readonly endpoints: FeedEndpoints;
  readonly symbols: readonly string[];
}

export type FeedsMessage =
  | { readonly type: "load" }
  | { readonly type: "instruments"; readonly specs: readonly InstrumentSpec[] }
  /** The venue could not say what the instruments are; `name` is the error's class. */
  | { readonly type: "refused"; readonly name: string; readonly message: string }
  | { readonly type: "go" };

const data = workerData as FeedsThreadData;
const context = new ThreadContext("feeds", data);
const port = parentPort!;
let specs: readonly InstrumentSpec[] = [];

port.on("message", (message: FeedsMessage) => {
  if (message.type === "load") void load();
  if (message.type === "go") void go();
});
const idle = setInterval(() => {
  if (context.control.stopRequested) end();
}, 20);
reportReady();

async function load(): Promise<void> {
  try {
    const exchange = await createExchange(data.endpoints);
    specs = await loadInstruments(exchange, data.symbols);
    await exchange.close();
    port.postMessage({ type: "instruments", specs } satisfies FeedsMessage);
  } catch (error) {
    const { name, message } = error as Error;
    port.postMessage({ type: "refused", name, message } satisfies FeedsMessage);
  }
}

async function go(): Promise<void> {
  clearInterval(idle);
  const counters = createFeedCounters();
  const feed = new BinanceFeed({
    instruments: specs.map((spec, index) => makeInstrument(spec, index)),
    endpoints: data.endpoints,
    sink: new MarketRingSink(context.producer("market"), context.controls.engine.doorbell),
    counters,
    nowUs: context.nowUs,
    onTrouble: (what, error) => context.recordError(error, `feed ${what}`),
  });
  const agent = new FeedAgent(feed, counters, context.counters);
  const runner = new EventLoopRunner([agent], context.control, context.idle, context.recordError).start();
  try {
    await feed.start();
    await runner.done;
  } finally {
    await feed.stop();
    agent.showCounters();
    end();
  }
}

/** A port that is listened to keeps the thread alive. */
function end(): void {
  clearInterval(idle);
  port.close();
}

/**
 * The feed on its thread: the venue's sockets, their frames decoded into the market ring. It says what the instruments
 * are when it is asked to load, and starts to listen when it is told to go, so that the engine is there before the
 * first frame. In the place of one that died it goes on with its counts, and says first that all books are old.
 */
import type { MessagePort } from "node:worker_threads";
import { type InstrumentSpec, makeInstrument } from "../../engine/index.js";
import { BinanceFeed, createExchange, type Endpoints, loadInstruments } from "../../feeds/index.js";
import type { Agent } from "../agent/agent.js";
import { makeStamp } from "../clock.js";
import { FeedAgent } from "../feeds/feed-agent.js";
import { FeedLedger, shownFeedCounters } from "../feeds/feed-ledger.js";
import { MarketRingSink } from "../feeds/market-ring-sink.js";
import type { Hosted, Surroundings } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

/** Frames are counted at once; the counts are shown this much later. */
const SHOWN_MS = 10;

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
  /** With the instruments as they were loaded. */
  | { readonly type: "go"; readonly specs: readonly InstrumentSpec[] }
  /** That all books are old is in the ring; `messages` have been put there in all. */
  | { readonly type: "resumed"; readonly messages: number };

export function start(context: ThreadContext, data: FeedsThreadData, surroundings: Surroundings): Hosted {
  const { port, wake } = surroundings;
  const agent = new FeedHost(context, data, surroundings);
  port.on("message", (message: FeedsMessage) => {
    if (message.type === "load") void load(data, port);
    if (message.type === "go") {
      void agent.go(message.specs);
      wake();
    }
  });
  return { agent, finish: () => agent.finish() };
}

async function load({ endpoints, symbols }: FeedsThreadData, port: MessagePort): Promise<void> {
  try {
    const exchange = await createExchange(endpoints);
    const specs = await loadInstruments(exchange, symbols);
    await exchange.close();
    port.postMessage({ type: "instruments", specs } satisfies FeedsMessage);
  } catch (error) {
    const { name, message } = error as Error;
    port.postMessage({ type: "refused", name, message } satisfies FeedsMessage);
  }
}

/** The feed's agent, which there is only once the instruments are known. */
class FeedHost implements Agent {
  readonly role = "feed";
  private readonly context: ThreadContext;
  private readonly data: FeedsThreadData;
  private readonly surroundings: Surroundings;
  private feed: BinanceFeed | null = null;
  private agent: FeedAgent | null = null;
  /** Settles when the feed has begun, or could not. */
  private starting: Promise<void> = Promise.resolve();

  constructor(context: ThreadContext, data: FeedsThreadData, surroundings: Surroundings) {
    this.context = context;
    this.data = data;
    this.surroundings = surroundings;
  }

  async go(specs: readonly InstrumentSpec[]): Promise<void> {
    const { context, data } = this;
    const { port, wake, wakeWithin } = this.surroundings;
    const counters = shownFeedCounters(context.counters);
    const ledger = new FeedLedger(context.views, context.map.feedLedger, counters);
    const feed = new BinanceFeed({
      instruments: specs.map((spec, index) => makeInstrument(spec, index)),
      endpoints: data.endpoints,
      sink: new MarketRingSink(context.producer("market"), context.controls.engine.doorbell, ledger),
      counters,
      stamp: makeStamp(data.clock),
      onStir: (isUrgent) => (isUrgent ? wake() : wakeWithin(SHOWN_MS)),
      onTrouble: (what, error) => context.recordError(error, `feed ${what}`),
    });
    this.feed = feed;
    this.agent = new FeedAgent(feed, counters, context.counters);
    if (data.restarts) {
      feed.takeOver();
      port.postMessage({ type: "resumed", messages: counters.messages } satisfies FeedsMessage);
    }
    this.starting = feed.start();
    await this.starting;
  }

  work(): number {
    return this.agent?.work() ?? 0;
  }

  nextWorkMs(): number {
    const agent: Agent | null = this.agent;
    return agent?.nextWorkMs?.() ?? Number.POSITIVE_INFINITY;
  }

  onClose(): void {
    this.agent?.onClose();
  }

  /** The last statuses follow the end of the connection. */
  async finish(): Promise<void> {
    await this.starting.catch(() => {});
    await this.feed?.stop();
    this.agent?.showCounters();
  }
}

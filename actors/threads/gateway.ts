/**
 * The order gateway's thread, in the simulated venue's place on the log. It joins its rings at once, and begins when it
 * is told to go and what the engine believes; until then nothing is asked of the venue.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type EngineConfig, makeInstrument } from "../../engine/index.js";
import { BinanceOrders } from "../../feeds/binance/orders.js";
import type { OrderEndpoints } from "../../feeds/binance/orders-client.js";
import { AccountKeys } from "../../feeds/binance/orders-keys.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import type { GatewaySettings } from "../../feeds/orders/settings.js";
import { EventLoopRunner } from "../agent/event-loop-runner.js";
import { GatewayAgent } from "../gateway/gateway-agent.js";
import { LinkInbox } from "../gateway/link-inbox.js";
import { watchSent } from "../gateway/sent-watch.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface GatewayThreadData extends ThreadData {
  readonly config: EngineConfig;
  readonly endpoints: OrderEndpoints;
  readonly settings?: Partial<GatewaySettings>;
  /** See crash-point.ts. */
  readonly crashPoint?: string;
}

export interface GatewayMessage {
  readonly type: "go";
  readonly recovery: Recovery;
  /** Of the account; never among the data that the thread is started with, which others may read. */
  readonly keys: { readonly apiKey: string; readonly secret: string };
}

const data = workerData as GatewayThreadData;
const context = new ThreadContext("gateway", data);
const log = context.logReader("venue", ["journal"]);
const reports = context.producer("report");
const port = parentPort!;

port.on("message", ({ type, recovery, keys }: GatewayMessage) => {
  if (type === "go") void go(recovery, new AccountKeys(keys));
});
const idle = setInterval(() => {
  if (context.control.stopRequested) end();
}, 20);
reportReady();

async function go(recovery: Recovery, keys: AccountKeys): Promise<void> {
  clearInterval(idle);
  watchSent();
  let runner: EventLoopRunner | null = null;
  const inbox = new LinkInbox(() => runner?.wake());
  const link = await BinanceOrders.open({
    endpoints: data.endpoints,
    keys,
    nowUs: context.nowUs,
    onAnswer: inbox.onAnswer,
    onEvent: inbox.onEvent,
    onTrouble: (what, error) => context.recordError(error, `orders ${what}`),
  });
  const agent = new GatewayAgent({
    log,
    reports,
    engineBell: context.controls.engine.doorbell,
    instruments: data.config.instruments.map((spec, index) => makeInstrument(spec, index)),
    send: link.send,
    inbox,
    stepLink: () => link.work(),
    recovery,
    nowUs: context.nowUs,
    counters: context.counters,
    settings: data.settings,
  });
  runner = new EventLoopRunner([agent], context.control, context.idle, context.recordError).start();
  try {
    await runner.done;
  } finally {
    await link.stop();
    end();
  }
}

/** A port that is listened to keeps the thread alive. */
function end(): void {
  clearInterval(idle);
  port.close();
}

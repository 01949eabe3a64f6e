/**
 * The order gateway on its thread, in the simulated venue's place on the log. It joins its rings at once, and begins
 * when it is told to go and what the engine believes; until then nothing is asked of the venue.
 */
import { type EngineConfig, makeInstrument } from "../../engine/index.js";
import { BinanceOrders } from "../../feeds/binance/orders.js";
import type { OrderEndpoints } from "../../feeds/binance/orders-client.js";
import { AccountKeys } from "../../feeds/binance/orders-keys.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import type { GatewaySettings } from "../../feeds/orders/settings.js";
import type { Agent } from "../agent/agent.js";
import { GatewayAgent } from "../gateway/gateway-agent.js";
import { LinkInbox } from "../gateway/link-inbox.js";
import { SentOrders } from "../gateway/sent-orders.js";
import { watchSent } from "../gateway/sent-watch.js";
import { ringing } from "../metrics/ringing-counters.js";
import type { LogReader } from "../ring/log-reader.js";
import type { SpscProducer } from "../ring/spsc.js";
import type { Hosted, Surroundings } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

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

export function start(context: ThreadContext, data: GatewayThreadData, { port, wake }: Surroundings): Hosted {
  const host = new GatewayHost(context, data, wake);
  port.on("message", ({ type, recovery, keys }: GatewayMessage) => {
    if (type === "go") void host.go(recovery, new AccountKeys(keys));
  });
  return { agent: host, finish: () => host.finish() };
}

/** The gateway's agent, which there is only once the venue may be asked. */
class GatewayHost implements Agent {
  readonly role = "gateway";
  private readonly context: ThreadContext;
  private readonly data: GatewayThreadData;
  private readonly wake: () => void;
  private readonly log: LogReader;
  private readonly reports: SpscProducer;
  /** Settles when the link is there, or could not be. */
  private opening: Promise<BinanceOrders> | null = null;
  private agent: GatewayAgent | null = null;
  private isOver = false;

  constructor(context: ThreadContext, data: GatewayThreadData, wake: () => void) {
    this.context = context;
    this.data = data;
    this.wake = wake;
    this.log = context.logReader("venue", ["journal"]);
    this.reports = context.producer("report");
  }

  async go(recovery: Recovery, keys: AccountKeys): Promise<void> {
    const { context, data } = this;
    const orders = new SentOrders({
      safe: context.stampReader("safe"),
      sent: context.histograms.sent,
      nowUs: context.nowUs,
    });
    watchSent((clientOrderId) => orders.left(clientOrderId));
    const inbox = new LinkInbox(this.wake);
    this.opening = BinanceOrders.open({
      endpoints: data.endpoints,
      keys,
      nowUs: context.nowUs,
      onAnswer: inbox.onAnswer,
      onEvent: inbox.onEvent,
      onStir: this.wake,
      onTrouble: (what, error) => context.recordError(error, `orders ${what}`),
    });
    const link = await this.opening;
    if (this.isOver) return;
    const agent = new GatewayAgent({
      log: this.log,
      reports: this.reports,
      engineBell: context.controls.engine.doorbell,
      instruments: data.config.instruments.map((spec, index) => makeInstrument(spec, index)),
      send: link.send,
      inbox,
      stepLink: () => link.work(),
      nextLinkMs: () => link.nextWorkMs(),
      recovery,
      nowUs: context.nowUs,
      counters: ringing(context.counters, "gateway.overfull", context.controls.main.doorbell),
      settings: data.settings,
      orders,
    });
    agent.onStart();
    this.agent = agent;
    this.wake();
  }

  work(): number {
    return this.agent?.work() ?? 0;
  }

  nextWorkMs(): number {
    const agent: Agent | null = this.agent;
    return agent?.nextWorkMs?.() ?? Number.POSITIVE_INFINITY;
  }

  onClose(): void {
    this.isOver = true;
    this.agent?.onClose();
  }

  async finish(): Promise<void> {
    const link = await this.opening?.catch(() => null);
    await link?.stop();
  }
}

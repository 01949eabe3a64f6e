/**
 * The whole order path on loopback: the gateway's agent on small rings, the real ccxt client, and the local venue with
 * a truth of its own in this process. It is driven by hand and waits for facts, never for time.
 */
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { LinkInbox } from "../../actors/gateway/link-inbox.js";
import { type Instrument, makeInstrument } from "../../engine/index.js";
import { BinanceOrders } from "../../feeds/binance/orders.js";
import { AccountKeys } from "../../feeds/binance/orders-keys.js";
import { LOCAL_API_KEY, LOCAL_API_SECRET } from "../../feeds/local-venue/orders/credentials.js";
import type { Truth } from "../../feeds/local-venue/orders/truth.js";
import { type LocalVenue, startLocalVenue } from "../../feeds/local-venue/server.js";
import type { LinkRequest } from "../../feeds/orders/link.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import type { GatewaySettings } from "../../feeds/orders/settings.js";
import { BTC } from "./engine.js";
import { FRESH, inShort, type Submission, type Told } from "./gateway.js";
import { AgentRig } from "./gateway-agent.js";

/** As the local venue trades them. */
const VENUE_INSTRUMENTS: readonly Instrument[] = [
  { ...BTC, lotSize: "0.00001", minQty: "0.00001", minNotional: "5" },
  { ...BTC, id: "ETH/USDT.BINANCE", venueSymbol: "ETHUSDT", lotSize: "0.0001", minQty: "0.0001", minNotional: "5" },
].map((spec, index) => makeInstrument(spec, index));

export const KEYS = new AccountKeys({ apiKey: LOCAL_API_KEY, secret: LOCAL_API_SECRET });
/** Short waits: the venue is at hand. */
const QUICK: Partial<GatewaySettings> = {
  consistencyLagUs: 400_000,
  notFoundGapUs: 100_000,
  graceUs: 20_000,
  watchUs: 300_000,
  idleWatchUs: 300_000,
};
const ANSWER_MS = 400;

export interface OrderPathOptions {
  readonly venue?: LocalVenue;
  readonly recovery?: Recovery;
  readonly keys?: AccountKeys;
}

export class OrderPath {
  readonly venue: LocalVenue;
  readonly rig: AgentRig;
  /** Client order ids of submits in the order in which they left. */
  readonly submitted: string[] = [];
  readonly troubles: string[] = [];
  private readonly link: BinanceOrders;
  private isClosed = false;

  private constructor(venue: LocalVenue, rig: AgentRig, link: BinanceOrders) {
    this.venue = venue;
    this.rig = rig;
    this.link = link;
  }

  static async start({ recovery = FRESH, keys = KEYS, ...options }: OrderPathOptions = {}): Promise<OrderPath> {
    const venue = options.venue ?? (await startLocalVenue({ speed: 0 }));
    const inbox = new LinkInbox(() => {});
    const nowUs = () => Date.now() * 1_000;
    const troubles: string[] = [];
    const submitted: string[] = [];
    const link = await BinanceOrders.open({
      endpoints: { rest: venue.restUrl, ws: venue.wsUrl },
      keys,
      nowUs,
      onAnswer: inbox.onAnswer,
      onEvent: inbox.onEvent,
      answerMs: ANSWER_MS,
      random: () => 0.1,
      onTrouble: (what, { message }) => troubles.push(`${what}: ${message}`),
    });
    const send = (request: LinkRequest): void => {
      if (request.kind === "submit") submitted.push(request.clientOrderId);
      link.send(request);
    };
    const stepLink = () => link.work();
    const rig = new AgentRig({
      ...{ instruments: VENUE_INSTRUMENTS, recovery, send, inbox, stepLink, nowUs, settings: QUICK },
    });
    const path = new OrderPath(venue, rig, link);
    path.submitted.push(...submitted);
    return Object.assign(path, { submitted, troubles });
  }

  get told(): readonly Told[] {
    return this.rig.told;
  }

  get words(): string[] {
    return this.rig.told.map(inShort);
  }

  get truth(): Truth {
    return this.venue.truth;
  }

  /** Works until something holds; the test's own deadline ends it. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.isClosed) throw new Error("the order path was closed while something was waited for");
      this.rig.sync();
      await (this.rig.work() === 0 ? sleep(1) : turn());
    }
  }

  /** Works until the engine was told a word. */
  async hears(word: string): Promise<void> {
    await this.until(() => this.words.includes(word));
  }

  async reconciled(): Promise<this> {
    await this.hears("reconciled 0");
    return this;
  }

  submit(order: Submission): void {
    this.rig.submit(order);
  }

  /** The best price of a side, in ticks. */
  bestTicks(side: "bids" | "asks", symbol = "BTCUSDT"): number {
    return Math.round(Number(this.venue.snapshot(symbol)[side][0]![0]) * 100);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.link.stop();
  }
}

/**
 * What the gateway asks of its own accord: orders in doubt, trades that are missing, whose a nameless order is, and
 * every few seconds, as a safety net, each instrument's trades and open orders. A few questions at a time, each
 * repeated at growing distances until the venue has said something.
 */
import type { Instrument } from "../../engine/instrument.js";
import { Chore, NEVER } from "./chore.js";
import { type AnswerBody, TRADES_MAX, type VenueTrade } from "./link.js";
import type { OrderKeeper } from "./order-keeper.js";
import { Verdict } from "./outcomes.js";
import type { Heard, Requests } from "./requests.js";
import type { GatewaySettings } from "./settings.js";
import type { NamelessOrder } from "./strangers.js";
import { Stage, type TrackedOrder } from "./tracked-orders.js";

const READS_MAX = 4;
/** One list of trades proves all absences found before it: others of a storm may still join this one. */
const GATHER_US = 500_000;
/** Trades before the newest known that are listed again: a venue may show them out of order. */
const OVERLAP_IDS = 1_000;
/** Trades younger than this, or clocks apart by less, do not move the point from which trades are listed. */
const OVERLAP_US = 60_000_000;
const DAY_US = 86_400_000_000;
/** Answers that say that the venue does not know an order of its own, before its trades are left to others. */
const NAMELESS_ABSENCES_MAX = 5;

/** Looks at one instrument's trades and open orders. */
export class Watch {
  readonly instrument: Instrument;
  readonly trades = new Chore();
  readonly open = new Chore();
  /** Trades are listed from this id on or, while it is 0, from this moment on. */
  fromId = 0;
  fromUs = 0;
  /** When the newest complete lists were asked for. */
  tradesUs = -1;
  openUs = -1;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }
}

export class Inquiries {
  readonly watches: readonly Watch[];
  /** At the start of a life the venue is asked one thing at a time, so that the same answers give the same reports. */
  isOneByOne = true;
  private readonly keeper: OrderKeeper;
  private readonly requests: Requests;
  private readonly settings: GatewaySettings;

  constructor(instruments: readonly Instrument[], keeper: OrderKeeper, requests: Requests, settings: GatewaySettings) {
    this.watches = instruments.map((each) => new Watch(each));
    this.keeper = keeper;
    this.requests = requests;
    this.settings = settings;
  }

  get hasRoom(): boolean {
    return this.requests.readsUnderWay < (this.isOneByOne ? 1 : READS_MAX);
  }

  /** Asks what is due, as far as there is room. Returns when the next thing will be due. */
  work(nowUs: number): number {
    let nextUs = NEVER;
    const attend = (chore: Chore, ask: () => void): void => {
      if (chore.isDue(nowUs) && this.hasRoom) ask();
      else if (!chore.underWay && this.hasRoom) nextUs = Math.min(nextUs, chore.dueUs);
    };
    // The lists first: there are few, one proves many orders, and a storm of orders in doubt would keep them waiting.
    for (const watch of this.watches) {
      attend(watch.open, () => this.askOpen(watch, nowUs));
      attend(watch.trades, () => this.askTrades(watch, nowUs));
    }
    for (const order of this.keeper.orders.busy) {
      attend(order.question, () => this.askOrder(order, nowUs));
      attend(order.trades, () => this.askTradesOf(order, nowUs, 0, 0));
    }
    for (const order of this.keeper.strangers.nameless()) attend(order.question, () => this.askName(order, nowUs));
    return nextUs;
  }

  /** Something may have been missed: looks at everything as soon as there is room. */
  lookAgain(nowUs: number): void {
    for (const watch of this.watches) {
      watch.open.want(nowUs);
      watch.trades.want(nowUs);
    }
  }

  private askOrder(order: TrackedOrder, nowUs: number): void {
    order.question.begin();
    const { symbol, clientOrderId } = this.namesOf(order);
    this.requests.ask({ kind: "order", symbol, clientOrderId, venueOrderId: 0 }, nowUs, (heard, atUs) => {
      this.onOrder(order, heard, atUs);
      this.keeper.settle(order, atUs);
    });
  }

  private onOrder(order: TrackedOrder, heard: Heard, nowUs: number): void {
    const said = soleOrder(heard);
    if (heard.verdict === Verdict.NotFound) this.onAbsent(order, heard.askedUs, nowUs);
    else if (said?.clientOrderId === order.clientOrderId && this.keeper.onOrder(said, null, nowUs) === order) {
      order.question.done();
    } else order.question.retry(nowUs);
  }

  /** One answer proves nothing: the order may be on its way, or the part of the venue that was asked may be behind. */
  private onAbsent(order: TrackedOrder, askedUs: number, nowUs: number): void {
    const { consistencyLagUs, notFoundGapUs } = this.settings;
    order.isAnswered = true;
    const countsFromUs = order.absences === 0 ? order.sentUs + consistencyLagUs : order.absentUs + notFoundGapUs;
    if (order.stage !== Stage.Unknown || askedUs < countsFromUs) {
      order.question.retry(nowUs);
      if (nowUs < countsFromUs) order.question.want(countsFromUs);
      return;
    }
    order.question.done();
    order.absences += 1;
    order.absentUs = nowUs;
    if (order.absences === 1) return order.question.want(nowUs + notFoundGapUs);
    order.proofUs = nowUs;
    this.watches[order.instrument].trades.want(nowUs + GATHER_US);
  }

  /** No trade since then is of an order that we cannot name: those that the venue does not have never filled. */
  private proveAbsences(watch: Watch, nowUs: number): void {
    const { index } = watch.instrument;
    if (!this.keeper.strangers.isClear(index)) return;
    for (const order of this.keeper.orders.busy) {
      const isProven = order.instrument === index && order.proofUs > 0 && order.proofUs <= watch.tradesUs;
      if (isProven) this.keeper.miss(order, nowUs);
    }
  }

  private askTradesOf(order: TrackedOrder, nowUs: number, fromId: number, lotsBefore: number): void {
    order.trades.begin();
    const { symbol } = this.namesOf(order);
    const { venueOrderId } = order;
    this.requests.ask({ kind: "trades", symbol, fromId, venueOrderId, fromUs: 0, toUs: 0 }, nowUs, (heard, atUs) => {
      this.onTradesOf(order, heard, fromId, lotsBefore, atUs);
    });
  }

  private onTradesOf(order: TrackedOrder, heard: Heard, fromId: number, lotsBefore: number, nowUs: number): void {
    const trades = tradesOf(heard);
    const lots = trades === null ? null : this.keeper.onTradesOf(order, trades, nowUs);
    const nextId = trades === null || lots === null ? 0 : pageAfter(trades, fromId);
    if (lots !== null && nextId > 0) return this.askTradesOf(order, nowUs, nextId, lotsBefore + lots);
    if (lots !== null) this.keeper.addUp(order, lotsBefore + lots, nowUs);
    if (order.missesTrades) order.trades.retry(nowUs);
    else order.trades.done();
    this.keeper.settle(order, nowUs);
  }

  private askName(order: NamelessOrder, nowUs: number): void {
    order.question.begin();
    const { instrument, venueOrderId } = order;
    const symbol = this.watches[instrument].instrument.venueSymbol;
    this.requests.ask({ kind: "order", symbol, clientOrderId: "", venueOrderId }, nowUs, (heard, atUs) => {
      const said = soleOrder(heard);
      order.question.retry(atUs);
      if (heard.verdict === Verdict.NotFound && (order.absences += 1) >= NAMELESS_ABSENCES_MAX) {
        this.keeper.disclaim(instrument, venueOrderId);
      } else if (said?.venueOrderId === venueOrderId) this.keeper.onOrder(said, null, atUs);
      this.proveAbsences(this.watches[instrument], atUs);
    });
  }

  private askOpen(watch: Watch, nowUs: number): void {
    watch.open.begin();
    const symbol = watch.instrument.venueSymbol;
    this.requests.ask({ kind: "open-orders", symbol }, nowUs, (heard, atUs) => {
      const orders = heard.verdict === Verdict.Done ? heard.body?.orders : undefined;
      if (!Array.isArray(orders)) return watch.open.retry(atUs);
      for (const said of orders) this.keeper.onOrder(said, null, atUs);
      watch.open.done();
      watch.openUs = heard.askedUs;
      this.askUnlisted(watch, heard.askedUs, atUs);
      if (!this.isOneByOne) watch.open.want(atUs + this.periodUs);
    });
  }

  /** An order that was there before and is not in the list has ended, or the list is behind. */
  private askUnlisted({ instrument }: Watch, askedUs: number, nowUs: number): void {
    for (const order of this.keeper.orders.busy) {
      const isUnlisted = order.stage === Stage.Live && order.instrument === instrument.index && order.heardUs < askedUs;
      if (isUnlisted) order.question.want(nowUs);
    }
  }

  private askTrades(watch: Watch, nowUs: number): void {
    watch.trades.begin();
    const toUs = Math.min(nowUs + OVERLAP_US, watch.fromUs + DAY_US);
    if (watch.fromId === 0) this.listTrades(watch, nowUs, nowUs, 0, watch.fromUs, toUs, 0);
    else this.listTrades(watch, nowUs, nowUs, Math.max(1, watch.fromId - OVERLAP_IDS), 0, 0, 0);
  }

  /** One page of a list, from an id on or between two moments; then the next, until all are there. */
  private listTrades(
    watch: Watch,
    sinceUs: number,
    nowUs: number,
    fromId: number,
    fromUs: number,
    toUs: number,
    settledId: number,
  ): void {
    const symbol = watch.instrument.venueSymbol;
    this.requests.ask({ kind: "trades", symbol, fromId, venueOrderId: 0, fromUs, toUs }, nowUs, (heard, atUs) => {
      const trades = tradesOf(heard);
      const kept = trades !== null && this.keeper.onTrades(watch.instrument, trades, atUs);
      if (!kept) return watch.trades.retry(atUs);
      const settled = Math.max(settledId, newestSettled(trades, sinceUs));
      const nextId = pageAfter(trades, fromId);
      if (nextId > 0) return this.listTrades(watch, sinceUs, atUs, nextId, 0, 0, settled);
      if (toUs > 0 && toUs < sinceUs) {
        return this.listTrades(watch, sinceUs, atUs, 0, toUs, Math.min(sinceUs + OVERLAP_US, toUs + DAY_US), settled);
      }
      this.onListed(watch, sinceUs, settled, atUs);
    });
  }

  private onListed(watch: Watch, sinceUs: number, settledId: number, nowUs: number): void {
    watch.trades.done();
    watch.tradesUs = sinceUs;
    watch.fromId = Math.max(watch.fromId, settledId);
    watch.fromUs = Math.max(watch.fromUs, sinceUs - OVERLAP_US);
    this.proveAbsences(watch, nowUs);
    if (!this.isOneByOne) watch.trades.want(nowUs + this.periodUs);
  }

  private namesOf({ instrument, clientOrderId }: TrackedOrder): { symbol: string; clientOrderId: string } {
    return { symbol: this.watches[instrument].instrument.venueSymbol, clientOrderId };
  }

  private get periodUs(): number {
    return this.keeper.orders.busy.size > 0 ? this.settings.watchUs : this.settings.idleWatchUs;
  }
}

/** The order of an answer that is about one. */
export function soleOrder({ verdict, body }: Heard): AnswerBody["orders"][number] | undefined {
  return verdict === Verdict.Done && body?.orders?.length === 1 ? (body.orders[0] ?? undefined) : undefined;
}

function tradesOf({ verdict, body }: Heard): readonly VenueTrade[] | null {
  return verdict === Verdict.Done && Array.isArray(body?.trades) ? body.trades : null;
}

/** Where the next page begins, or 0 when this was the last one. Its trades have been read and found sane. */
function pageAfter(trades: readonly VenueTrade[], fromId: number): number {
  if (trades.length < TRADES_MAX) return 0;
  const newest = trades.reduce((most, { tradeId }) => Math.max(most, tradeId), 0);
  return newest >= fromId ? newest + 1 : 0;
}

/** The newest trade that is old enough for none to appear before it any more. */
function newestSettled(trades: readonly VenueTrade[], sinceUs: number): number {
  return trades.reduce(
    (most, { tradeId, timeUs }) => (timeUs <= sinceUs - OVERLAP_US ? Math.max(most, tradeId) : most),
    0,
  );
}

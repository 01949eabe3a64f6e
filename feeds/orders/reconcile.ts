/**
 * The start of a life: the venue is asked for everything, and the engine is told the differences as ordinary reports
 * and, last, that this is done. The same answers give the same reports.
 *
 *   open        the open orders of each instrument
 *   orders      every order of ours that is not among them
 *   trades      those since the newest that the engine knows, and whose they are
 *   account     what is held; then trades and account once more: what is held and what was filled belong together only
 *               if nothing happened between the two looks
 *
 * An order that stays unknown does not hold up the first word; when the last of them is resolved there is a second one.
 */
import type { Instrument } from "../../engine/instrument.js";
import { Chore, NEVER } from "./chore.js";
import type { Inquiries } from "./inquiries.js";
import type { OrderKeeper } from "./order-keeper.js";
import { Verdict } from "./outcomes.js";
import { readBalance } from "./readings.js";
import type { Reporter } from "./reporter.js";
import type { Heard, Requests } from "./requests.js";
import { Stage, type TrackedOrder } from "./tracked-orders.js";

type Phase = "waiting" | "open" | "orders" | "trades" | "account" | "more-trades" | "account-again" | "done";

export class Reconciliation {
  private phase: Phase = "waiting";
  private phaseUs = 0;
  private recovered: readonly TrackedOrder[] = [];
  /** Lots held by instrument at the first look, and fills told by then. */
  private held: readonly number[] = [];
  private fills = 0;
  /** Unknown orders in the last word. */
  private unknown = 0;
  private readonly account = new Chore();
  private readonly instruments: readonly Instrument[];
  private readonly keeper: OrderKeeper;
  private readonly inquiries: Inquiries;
  private readonly requests: Requests;
  private readonly report: Reporter;

  constructor(
    instruments: readonly Instrument[],
    keeper: OrderKeeper,
    inquiries: Inquiries,
    requests: Requests,
    report: Reporter,
  ) {
    this.instruments = instruments;
    this.keeper = keeper;
    this.inquiries = inquiries;
    this.requests = requests;
    this.report = report;
  }

  get isDone(): boolean {
    return this.phase === "done";
  }

  /** The private stream is there: from now on nothing happens unseen. */
  begin(recovered: readonly TrackedOrder[], nowUs: number): void {
    if (this.phase !== "waiting") return;
    this.recovered = recovered;
    this.enter("open", nowUs);
  }

  /** Goes on as far as the answers allow. Returns when something will be due. */
  work(nowUs: number): number {
    while (this.advance(nowUs)) {}
    if (this.account.isDue(nowUs) && this.inquiries.hasRoom) this.askAccount(nowUs);
    return this.account.underWay ? NEVER : this.account.dueUs;
  }

  private enter(phase: Phase, nowUs: number): true {
    this.phase = phase;
    this.phaseUs = nowUs;
    const { watches } = this.inquiries;
    if (phase === "open") for (const { open } of watches) open.want(nowUs);
    if (phase === "orders") this.askUnheard(nowUs);
    if (phase === "trades" || phase === "more-trades") for (const { trades } of watches) trades.want(nowUs);
    if (phase === "account" || phase === "account-again") this.account.want(nowUs);
    return true;
  }

  private advance(nowUs: number): boolean {
    const { watches } = this.inquiries;
    // biome-ignore format: one arm a line
    switch (this.phase) {
      case "open": return watches.every(({ openUs }) => openUs >= this.phaseUs) && this.enter("orders", nowUs);
      case "orders": return this.recovered.every(({ isAnswered }) => isAnswered) && this.enter("trades", nowUs);
      case "trades": return this.areTradesTold() && this.enter("account", nowUs);
      case "more-trades": return this.areTradesTold() && this.enter("account-again", nowUs);
      case "done": return this.unknown > 0 && this.countUnknown() === 0 && this.enter("account", nowUs);
      default: return false;
    }
  }

  private askUnheard(nowUs: number): void {
    for (const order of this.recovered) if (!order.isAnswered) order.question.want(nowUs);
  }

  private areTradesTold(): boolean {
    const { orders, strangers } = this.keeper;
    for (const { instrument, tradesUs } of this.inquiries.watches) {
      if (tradesUs < this.phaseUs || !strangers.isClear(instrument.index)) return false;
    }
    for (const order of orders.busy) if (order.missesTrades) return false;
    return true;
  }

  private askAccount(nowUs: number): void {
    this.account.begin();
    this.requests.ask({ kind: "account" }, nowUs, (heard, atUs) => {
      const held = this.heldLots(heard);
      if (held === null) return this.account.retry(atUs);
      if (this.phase === "account") {
        this.account.done();
        this.held = held;
        this.fills = this.report.fills;
        this.enter("more-trades", atUs);
      } else if (this.fills === this.report.fills && held.every((lots, at) => lots === this.held[at])) {
        this.account.done();
        this.tell(atUs);
      } else this.lookAgain(atUs);
    });
  }

  /** Something happened between the looks. */
  private lookAgain(nowUs: number): void {
    this.phase = "account";
    this.account.retry(nowUs);
  }

  private tell(nowUs: number): void {
    this.phase = "done";
    this.inquiries.isOneByOne = false;
    this.inquiries.lookAgain(nowUs);
    this.unknown = this.countUnknown();
    for (const { index } of this.instruments) {
      if (this.isToldApart(index)) this.report.position(index, this.held[index], nowUs);
    }
    this.report.reconciled(this.countOpen(), this.unknown, nowUs);
  }

  /** Whole lots of each instrument's base, or null when the answer cannot be believed: venues list zeros too. */
  private heldLots({ verdict, body }: Heard): readonly number[] | null {
    if (verdict !== Verdict.Done || !Array.isArray(body?.balances)) return null;
    const held = this.instruments.map((instrument) => {
      const balance = body.balances.find((each) => each?.asset === instrument.base);
      return balance === undefined ? Number.NaN : readBalance(balance, instrument);
    });
    if (!held.some(Number.isNaN)) return held;
    this.keeper.counts.malformed += 1;
    return null;
  }

  /** A balance says what is held of one instrument only if no other instrument moves the same asset. */
  private isToldApart(index: number): boolean {
    const { base } = this.instruments[index];
    return this.instruments.every((each) => each.index === index || (each.base !== base && each.quote !== base));
  }

  private countUnknown(): number {
    return this.count(Stage.Unknown);
  }

  private countOpen(): number {
    return this.count(Stage.Live);
  }

  private count(stage: Stage): number {
    let count = 0;
    for (const order of this.keeper.orders.busy) if (order.stage === stage) count += 1;
    return count;
  }
}

/**
 * The user data stream: every execution becomes an executionReport and the balances it changed, in that order, for all
 * subscribed sessions. Faults that concern the stream act here, so that all sessions miss the same; the events
 * themselves are printed at once and tell what held then.
 */

import { tradingRules } from "../exchange-info.js";
import type { FaultRule } from "./fault-plan.js";
import type { Faults } from "./faults.js";
import type { Ledger } from "./ledger.js";
import type { NewOrder } from "./order.js";
import type { Execution } from "./order-desk.js";
import { accountPosition, executionReport } from "./order-json.js";

/** A subscribed session. */
export interface Subscriber {
  send(event: object): void;
  /** Ends the subscription, the connection stays. */
  terminate(): void;
  /** Cuts the connection off. */
  drop(): void;
}

const REORDERED_MS = 100;

export class UserStream {
  readonly subscribers = new Set<Subscriber>();
  readonly #faults: Faults;
  /** Reports that wait for the next one. */
  readonly #overtaken = new Set<() => void>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Where events go while somebody holds them. */
  #held: (() => void)[] | undefined;
  #executions = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  report(execution: Execution, ledger: Ledger): void {
    const { symbol } = execution.order;
    const { baseAsset, quoteAsset } = tradingRules(symbol);
    const report = executionReport(execution, ++this.#executions);
    const position = accountPosition(ledger, [baseAsset, quoteAsset], execution.order.updatedMs);
    this.#orHold(() => {
      this.#publish(report);
      this.#send(position);
    });
  }

  /** The report of an order that was never taken, and therefore has no id. */
  reportRejection(request: NewOrder, nowMs: number): void {
    const times = { createdMs: nowMs, updatedMs: nowMs };
    const nothing = { id: -1, executed: 0n, quoteExecuted: 0n, queueAhead: 0n, locked: 0n };
    const order = { ...request, ...times, ...nothing, status: "REJECTED" } as const;
    this.#publish(executionReport({ type: "REJECTED", order }, ++this.#executions));
  }

  /** Runs some work and keeps back what it reports; the result lets it go. */
  hold(work: () => void): () => void {
    const held: (() => void)[] = [];
    this.#held = held;
    work();
    this.#held = undefined;
    return () => {
      for (const publish of held) publish();
    };
  }

  /** Runs some work after a while, unless the stream is closed before. */
  later(work: () => void, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #orHold(publish: () => void): void {
    if (this.#held) this.#held.push(publish);
    else publish();
  }

  #publish(report: object): void {
    const subscribers = [...this.subscribers];
    if (this.#faults.strike("stream-dropped")) {
      for (const subscriber of subscribers) subscriber.drop();
      return;
    }
    if (this.#faults.strike("stream-terminated")) {
      for (const subscriber of subscribers) subscriber.terminate();
      return;
    }
    if (this.#faults.strike("report-omitted")) return;
    const reordered = this.#faults.strike("report-reordered");
    if (reordered) return this.#sendLater(report, reordered);
    this.#send(report);
    if (this.#faults.strike("report-duplicated")) this.#send(report);
    for (const send of [...this.#overtaken]) send();
  }

  #sendLater(report: object, { delayMs = REORDERED_MS }: FaultRule): void {
    const send = () => {
      if (this.#overtaken.delete(send)) this.#send(report);
    };
    this.#overtaken.add(send);
    this.later(send, delayMs);
  }

  #send(event: object): void {
    for (const subscriber of this.subscribers) subscriber.send(event);
  }
}

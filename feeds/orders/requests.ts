/**
 * Requests on their way: each is sent once, and its answer, the venue's or none, is judged and handed to whoever asked,
 * once. After the venue has asked for silence nothing is sent until that is over.
 */
import type { ReportReason } from "../../schemas/index.js";
import type { AnswerBody, LinkAnswer, LinkOutcome, LinkRequest, SendRequest } from "./link.js";
import { judge, Verdict } from "./outcomes.js";

export interface Heard {
  readonly verdict: Verdict;
  readonly reason: ReportReason;
  readonly body: AnswerBody | null;
  readonly askedUs: number;
}

type Handler = (heard: Heard, nowUs: number) => void;
type WithoutId<Request> = Request extends LinkRequest ? Omit<Request, "requestId"> : never;
export type Question = WithoutId<LinkRequest>;

interface Pending {
  readonly kind: LinkRequest["kind"];
  readonly askedUs: number;
  readonly handler: Handler;
}

/** Requests without an answer; commands wait beyond it. */
export const REQUESTS_MAX = 1_024;

const US_PER_MS = 1_000;
/** How long to be silent when the venue does not say, and at most: a ban of Binance's lasts up to three days. */
const QUIET_US = { least: 1_000_000, banned: 120_000_000, most: 3 * 86_400_000_000 };
const BANNED = 418;

export class Requests {
  /** Until when nothing may be sent. */
  quietUntilUs = 0;
  /** Answers to nothing that was asked, or to something that had been given up. */
  strayAnswers = 0;
  readsUnderWay = 0;
  /** Requests ever sent. */
  sent = 0;
  private readonly send: SendRequest;
  private readonly answerUs: number;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor(send: SendRequest, answerUs: number) {
    this.send = send;
    this.answerUs = answerUs;
  }

  get size(): number {
    return this.pending.size;
  }

  isQuiet(nowUs: number): boolean {
    return nowUs < this.quietUntilUs;
  }

  ask(question: Question, nowUs: number, handler: Handler): void {
    const requestId = (this.lastId += 1);
    this.sent += 1;
    this.pending.set(requestId, { kind: question.kind, askedUs: nowUs, handler });
    if (isRead(question.kind)) this.readsUnderWay += 1;
    this.send({ ...question, requestId } as LinkRequest);
  }

  onAnswer({ requestId, outcome }: LinkAnswer, nowUs: number): void {
    const asked = this.pending.get(requestId);
    if (asked === undefined) this.strayAnswers += 1;
    else this.settle(requestId, asked, outcome, nowUs);
  }

  /** When the oldest request will have been asked too long ago; Infinity without one. */
  get nextExpiryUs(): number {
    for (const { askedUs } of this.pending.values()) return askedUs + this.answerUs;
    return Number.POSITIVE_INFINITY;
  }

  /** Gives up what was asked too long ago. Returns how many. */
  expire(nowUs: number): number {
    let count = 0;
    for (const [requestId, asked] of this.pending) {
      if (nowUs - asked.askedUs < this.answerUs) break;
      this.settle(requestId, asked, { kind: "none", why: "no answer in time" }, nowUs);
      count += 1;
    }
    return count;
  }

  private settle(requestId: number, { kind, askedUs, handler }: Pending, outcome: LinkOutcome, nowUs: number): void {
    this.pending.delete(requestId);
    if (isRead(kind)) this.readsUnderWay -= 1;
    const { verdict, reason } = judge(kind, outcome);
    if (verdict === Verdict.RetryLater) this.beQuiet(outcome, nowUs);
    const body = outcome.kind === "answer" ? outcome.body : null;
    handler({ verdict, reason, body, askedUs }, nowUs);
  }

  private beQuiet(outcome: LinkOutcome, nowUs: number): void {
    if (outcome.kind !== "answer") return;
    const { status, retryAfterMs } = outcome;
    const least = status === BANNED && !(retryAfterMs > 0) ? QUIET_US.banned : QUIET_US.least;
    const wished = Number.isFinite(retryAfterMs) ? retryAfterMs * US_PER_MS : 0;
    const untilUs = nowUs + Math.min(Math.max(wished, least), QUIET_US.most);
    this.quietUntilUs = Math.max(this.quietUntilUs, untilUs);
  }
}

const isRead = (kind: LinkRequest["kind"]): boolean => kind !== "submit" && kind !== "cancel";

/**
 * Models for the regimes of a run that never was: each request is answered by a fit made on the spot, which arrives a
 * configured time of the engine's later. So a run over recorded inputs is the same every time, whatever a fit takes.
 */
import {
  FitOutcome,
  MessageType,
  type MessageViews,
  padTo8,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  viewsOf,
} from "../../schemas/index.js";
import { answerBytes, writeAnswer } from "../models/answer.js";
import { answerOf, type Fit, type FitAddress, type FitAnswer, type FitJob, withoutModel } from "../models/fit.js";
import { readFitJob, regimeOfRequest } from "../models/request.js";

/** From a request to its answer, where the configuration does not say. */
const LATENCY_US = 1_000_000;

/** An answer as a message, and its moment. */
interface Due {
  readonly dueUs: number;
  readonly views: MessageViews;
  readonly bytes: number;
}

export class InlineFits {
  private readonly fit: Fit;
  private readonly latencyUs: number;
  private readonly due: Due[] = [];

  constructor(fit: Fit, latencyUs = LATENCY_US) {
    this.fit = fit;
    this.latencyUs = latencyUs;
  }

  /** Moment of the oldest answer under way; infinite without one. */
  get dueUs(): number {
    return this.due[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  /** Answers a request; every record that the engine writes may be shown. */
  onRecord(type: number, views: MessageViews, recordAt: number): void {
    if (type !== MessageType.ModelRequest) return;
    const at = recordAt + RECORD_HEADER_BYTES;
    const request = views.f64[(recordAt + RECORD_HEADER_SEQUENCE) >> 3];
    const dueUs = views.f64[(recordAt + RECORD_HEADER_TIME_US) >> 3] + this.latencyUs;
    const answer = this.answer({ regime: regimeOfRequest(views, at), request }, readFitJob(views, at));
    const bytes = padTo8(answerBytes(answer));
    const message = viewsOf(new ArrayBuffer(bytes));
    writeAnswer(message, 0, dueUs, answer);
    this.due.push({ dueUs, views: message, bytes });
  }

  /** The oldest answer, which is under way no more. */
  next(): Due {
    return this.due.shift()!;
  }

  /** Gives up what is under way. */
  clear(): void {
    this.due.length = 0;
  }

  /** How long the fit took is nobody's business here: it would differ from run to run. */
  private answer(address: FitAddress, job: FitJob): FitAnswer {
    try {
      return answerOf(address, this.fit(job), 0);
    } catch {
      return withoutModel(address, FitOutcome.Failed);
    }
  }
}

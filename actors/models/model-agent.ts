/**
 * Has the models made that strategies ask for: it follows the log on the main thread, gives each request to the pool,
 * and hands the answer to whoever writes inputs. Every request has one answer. The log does not wait for this reader;
 * when it was overtaken the engine is told up to where, asks again, and what is under way by then answers nobody.
 */
import {
  answerOf,
  type FitAddress,
  type FitAnswer,
  type FitJob,
  readFitJob,
  regimeOfRequest,
  withoutModel,
} from "../../engine/index.js";
import { FitOutcome, MessageType } from "../../schemas/index.js";
import type { Agent } from "../agent/agent.js";
import type { CounterName } from "../counter-names.js";
import { crashPoint } from "../crash-point.js";
import type { BroadcastReader } from "../ring/broadcast.js";
import { NONE } from "../ring/layout.js";
import type { TimedFit } from "./fit-pool.js";

const BATCH_MAX = 4096;

/** Who fits; see FitPool. */
export interface Fitter {
  readonly isFull: boolean;
  readonly underWay: number;
  fit(job: FitJob): Promise<TimedFit>;
}

export interface ModelAgentParts {
  readonly log: BroadcastReader;
  readonly pool: Fitter;
  /** Writes an answer as an input of the engine. */
  readonly answer: (answer: FitAnswer) => void;
  readonly counters: { add(name: CounterName, by: number): void; set(name: CounterName, value: number): void };
  readonly recordError: (error: unknown, role: string) => void;
}

export class ModelAgent implements Agent {
  readonly role = "models";
  private readonly parts: ModelAgentParts;
  /** Raised when what was asked before is asked again, or nobody wants it any more. */
  private round = 0;

  constructor(parts: ModelAgentParts) {
    this.parts = parts;
  }

  work(): number {
    const { log } = this.parts;
    let done = 0;
    while (done < BATCH_MAX && log.next() !== NONE) {
      if (log.lapped) this.onOvertaken(log.gap.toSequence);
      else if (log.type === MessageType.ModelRequest) this.onRequest();
      done += 1;
    }
    return done;
  }

  onClose(): void {
    this.round += 1;
  }

  /** The record that was met behind the gap counts as unread too. */
  private onOvertaken(sequence: number): void {
    const { answer, counters } = this.parts;
    this.round += 1;
    counters.add("models.unread", 1);
    answer(withoutModel({ regime: 0, request: sequence }, FitOutcome.Unread));
  }

  private onRequest(): void {
    const { log, pool, answer, counters } = this.parts;
    const { views, payloadOffset: at, sequence: request } = log;
    // A job is as long as its record says, which only a record that is still whole can be trusted with.
    if (!log.validate()) return;
    const address = { regime: regimeOfRequest(views, at), request };
    const job = readFitJob(views, at);
    if (!log.validate()) return;
    if (pool.isFull) {
      counters.add("models.busy", 1);
      return answer(withoutModel(address, FitOutcome.Busy));
    }
    void this.fit(address, job);
  }

  private async fit(address: FitAddress, job: FitJob): Promise<void> {
    const { pool, answer, counters } = this.parts;
    const { round } = this;
    const made = this.made(address, job);
    counters.set("models.underWay", pool.underWay);
    const given = await made;
    counters.set("models.underWay", pool.underWay);
    crashPoint("models.fitted");
    if (round === this.round) answer(given);
  }

  /** A pool that fails is an answer like any other. */
  private async made(address: FitAddress, job: FitJob): Promise<FitAnswer> {
    const { pool, counters, recordError } = this.parts;
    const { round } = this;
    try {
      const fit = await pool.fit(job);
      counters.add("models.fits", 1);
      counters.add("models.workUs", Math.round(fit.workUs));
      return answerOf(address, fit, fit.workUs);
    } catch (error) {
      if (round === this.round) {
        counters.add("models.failures", 1);
        recordError(error, this.role);
      }
      return withoutModel(address, FitOutcome.Failed);
    }
  }
}

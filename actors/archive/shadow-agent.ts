/**
 * A second engine that lives on the journal alone: it follows what is on disk, executes every input again and compares
 * every output, and from its own state, never the trading engine's, come the snapshots. So a snapshot costs the trading
 * thread nothing, and each has been verified before it is needed: once written it is read back, and the shadow goes on
 * from what it read. When that leads elsewhere than the journal does, the snapshot did not hold all there is to a
 * strategy; when even an execution from the beginning does, memory or the build cannot be trusted, and it says so.
 */
import { type Engine, ReplayDivergence } from "../../engine/index.js";
import type { Agent } from "../agent/agent.js";
import type { AgentErrorHandler } from "../agent/blocking-runner.js";
import type { CounterName } from "../counter-names.js";
import { JOURNAL_START, type SegmentTail } from "../journal/segment-tail.js";
import type { Counters } from "../metrics/counters.js";
import type { Execution } from "../recovery/execution.js";
import type { SnapshotKeeper } from "./snapshot-keeper.js";

const BATCH_MAX = 4_096;
/** Inputs between two snapshots. */
const SNAPSHOT_EVERY = 200_000;

export interface ShadowAgentParts {
  readonly tail: SegmentTail;
  /** A new execution that has taken nothing; verdicts and strategies as the engine's own. */
  readonly makeExecution: () => Execution;
  readonly snapshots: SnapshotKeeper;
  readonly counters: Pick<Counters<CounterName>, "set">;
  readonly recordError: AgentErrorHandler;
  /** Sequence up to which records are durable: a snapshot may not be ahead of the journal after a loss of power. */
  readonly durableSequence: () => number;
  readonly snapshotEvery?: number;
  /** A snapshot was written and can be lived on from. */
  readonly onSnapshot?: () => void;
}

export class ShadowAgent implements Agent {
  readonly role = "shadow";
  private readonly parts: ShadowAgentParts;
  private readonly snapshotEvery: number;
  private execution: Execution;
  /** Of the newest record taken. */
  private segment = 0;
  private offset = 0;
  private crc = 0;
  /** Of the snapshot that the execution lives on from; 0 when it began at the journal's beginning. */
  private bornAt = 0;
  private nextSnapshotAt: number;
  private written = 0;
  private isOver = false;
  private mayWrite = true;

  constructor(parts: ShadowAgentParts) {
    this.parts = parts;
    this.snapshotEvery = parts.snapshotEvery ?? SNAPSHOT_EVERY;
    this.execution = parts.makeExecution();
    this.nextSnapshotAt = this.snapshotEvery;
    this.beginAtNewest();
  }

  work(): number {
    let done = 0;
    try {
      while (!this.isOver && done < BATCH_MAX && this.takeNext()) done += 1;
    } catch (error) {
      this.judge(error);
    }
    if (done > 0) this.parts.counters.set("archive.sequence", this.engine?.sequence ?? 0);
    return done;
  }

  /** The journal is closed: what is left of it is taken, and the state at its end is kept. */
  onClose(): void {
    while (this.work() > 0);
    const { engine } = this;
    const isWorthIt = engine !== null && engine.sequence > this.bornAt && !this.isOver && this.mayWrite;
    // A disk that refused may have left less of the newest input than this engine made of it.
    if (isWorthIt && this.isConfirmed && engine.sequence <= this.parts.durableSequence()) this.attemptSnapshot(engine);
    this.parts.tail.close();
  }

  private get engine(): Engine | null {
    return this.execution.engine;
  }

  /** Whether the journal has every output of the newest input. If it never gets them, the next input tells. */
  private get isConfirmed(): boolean {
    return this.execution.replayer.missing === 0;
  }

  private takeNext(): boolean {
    const record = this.parts.tail.next();
    if (record === null) return false;
    if (record.index === 0) this.beforeInput();
    this.segment = this.parts.tail.segmentNumber;
    this.execution.enterSegment(this.parts.tail.buildHash);
    this.execution.take(record);
    this.offset = this.parts.tail.offset;
    this.crc = record.crc;
    return true;
  }

  /** All that the newest input caused is confirmed: the one moment at which the state is that of a sequence. */
  private beforeInput(): void {
    const { engine } = this;
    if (engine === null || !this.mayWrite || engine.sequence < this.nextSnapshotAt || !this.isConfirmed) return;
    if (engine.sequence > this.parts.durableSequence()) return;
    this.nextSnapshotAt = engine.sequence + this.snapshotEvery;
    this.attemptSnapshot(engine);
  }

  /** A state that cannot be kept now is tried again later. */
  private attemptSnapshot(engine: Engine): void {
    const { snapshots, makeExecution, counters, recordError } = this.parts;
    const { sequence } = engine;
    try {
      snapshots.write(engine, { segment: this.segment, offset: this.offset, crc: this.crc, sequence });
      const next = makeExecution();
      snapshots.restore(next, sequence);
      this.execution = next;
      this.bornAt = sequence;
      this.written += 1;
      counters.set("archive.snapshots", this.written);
      counters.set("archive.snapshotSequence", sequence);
      this.parts.onSnapshot?.();
    } catch (error) {
      snapshots.remove(sequence);
      recordError(error, this.role);
    }
  }

  /** Begins where recovery did: at the newest snapshot that can be used. */
  private beginAtNewest(): void {
    const place = this.parts.snapshots.restoreNewest(this.execution);
    if (place === null) return;
    this.bornAt = place.sequence;
    this.nextSnapshotAt = place.sequence + this.snapshotEvery;
    this.segment = place.segment;
    this.offset = place.offset;
    this.crc = place.crc;
    this.parts.tail.rewind(place);
  }

  private judge(error: unknown): void {
    const { recordError, snapshots, tail, counters } = this.parts;
    const isDivergence = error instanceof ReplayDivergence;
    if (!isDivergence || this.bornAt === 0) {
      this.isOver = true;
      recordError(error, this.role);
      if (isDivergence) counters.set("archive.diverged", 1);
      return;
    }
    const at = this.bornAt;
    recordError(
      new Error(
        `the snapshot at ${at} does not lead where the journal does (${error.message}): a strategy keeps state ` +
          "outside of what init returned; there are no snapshots in this run, and recovery will take longer",
      ),
      this.role,
    );
    this.mayWrite = false;
    snapshots.remove(at);
    this.execution = this.parts.makeExecution();
    this.bornAt = 0;
    tail.rewind(JOURNAL_START);
  }
}

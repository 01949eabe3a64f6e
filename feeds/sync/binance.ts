/**
 * Decides what to do with each update of one Binance book, so that a snapshot and the updates applied after it are
 * one unbroken run of update ids. It keeps no levels, does no I/O and knows no clock: events go in, small codes come
 * out. The book may be believed exactly while `following` holds and `state` is Live.
 *
 *   idle ── subscribed ──▶ joining ── snapshot that meets the waiting updates ──▶ following
 *    ▲                        ▲                                                      │
 *    └─ disconnected          └── gap, bad frame, ring full ─────────────────────────┘
 */
import { FeedReason, FeedState } from "../../schemas/index.js";

/** What to do with an update. */
export const UpdateAction = {
  /** Apply it now. */
  Apply: 0,
  /** Keep it behind those already waiting. */
  Wait: 1,
  /** Discard those waiting, then keep it. */
  WaitAlone: 2,
  /** Discard the oldest of those waiting, keep it, and call `waitingFrom`. */
  WaitForOldest: 3,
  /** The book contains it already. */
  Superseded: 4,
  /** Nobody is subscribed. */
  Unsynced: 5,
} as const;

/** What to do with a snapshot. */
export const SnapshotAction = {
  /** Apply it, then offer those waiting again, oldest first. */
  Join: 0,
  /** It is older than the updates: ask for another. */
  AskAgain: 1,
  /** Nobody waits for it. */
  Ignore: 2,
} as const;

/** Updates that may wait for a snapshot; at ten a second, more than a minute. */
const WAITING_MAX = 1000;

const Phase = { Idle: 0, Joining: 1, Following: 2 } as const;

export interface SyncCounters {
  /** Times a book that was followed was lost. */
  resyncs: number;
  /** Times missing ids were noticed. */
  gaps: number;
}

export class BinanceBookSync {
  /** What the engine is to be told. */
  state: FeedState = FeedState.Empty;
  reason: FeedReason = FeedReason.None;
  /** Updates that wait for a snapshot; whoever drives this object keeps as many. */
  waiting = 0;
  /** A snapshot is wanted. Whoever asks the venue for one calls `snapshotAsked`. */
  wantsSnapshot = false;

  private phase: number = Phase.Idle;
  /** Last id of the newest update that is applied or waits, or of the snapshot; in an array it is never boxed. */
  private readonly newestId = new Float64Array(1);
  private firstWaitingId = 0;
  /** The next update is the first after a snapshot, which it may overlap. */
  private mayOverlap = false;
  private readonly counters: SyncCounters;
  private readonly waitingMax: number;

  constructor(counters: SyncCounters, waitingMax = WAITING_MAX) {
    this.counters = counters;
    this.waitingMax = waitingMax;
  }

  get following(): boolean {
    return this.phase === Phase.Following;
  }

  /** The connection carries the book's updates from here on. */
  subscribed(): void {
    this.join(FeedState.Syncing, FeedReason.Subscribed);
  }

  snapshotAsked(): void {
    this.wantsSnapshot = false;
  }

  /** No usable answer came. */
  snapshotFailed(): void {
    this.wantsSnapshot = this.waiting > 0;
  }

  /**
   * An update whose first id is at `ids[at]` and whose last id is behind it; returns an UpdateAction. The ids stay in
   * their array because a double handed from call to call is boxed.
   */
  update(ids: Float64Array, at: number): number {
    const firstId = ids[at];
    const lastId = ids[at + 1];
    if (this.phase === Phase.Idle) return UpdateAction.Unsynced;
    if (this.phase === Phase.Joining) return this.wait(firstId, lastId);
    if (lastId <= this.newestId[0]) return this.repeated();
    const newestId = this.newestId[0];
    if (firstId === newestId + 1 || (this.mayOverlap && firstId <= newestId)) {
      this.newestId[0] = lastId;
      return this.applied();
    }
    this.counters.gaps += 1;
    this.lose(FeedReason.Gap);
    return this.wait(firstId, lastId);
  }

  /** The oldest waiting update begins with `firstId` now. */
  waitingFrom(firstId: number): void {
    this.firstWaitingId = firstId;
  }

  /** A snapshot that contains everything up to `lastId`; returns a SnapshotAction. */
  snapshot(lastId: number): number {
    if (this.waiting === 0) return SnapshotAction.Ignore;
    if (lastId + 1 < this.firstWaitingId) {
      this.wantsSnapshot = true;
      return SnapshotAction.AskAgain;
    }
    this.phase = Phase.Following;
    this.newestId[0] = lastId;
    this.mayOverlap = true;
    this.waiting = 0;
    this.wantsSnapshot = false;
    return SnapshotAction.Join;
  }

  /** The snapshot and the updates that waited are applied: the book may be shown. */
  joined(): void {
    this.tell(FeedState.Live, FeedReason.Joined);
  }

  /** An update was lost before it could be applied, or the sink had no room; waiting updates are to be discarded. */
  lost(reason: FeedReason): void {
    if (this.phase !== Phase.Idle) this.lose(reason);
  }

  /** No update came for too long. The book is whole, but it may be old. */
  silence(): void {
    if (this.state === FeedState.Live) this.tell(FeedState.Stale, FeedReason.Silence);
  }

  /** The connection ended; waiting updates are to be discarded. */
  disconnected(): void {
    this.leave(FeedState.Stale, FeedReason.Disconnected);
  }

  stopped(): void {
    this.leave(FeedState.Empty, FeedReason.Stopped);
  }

  private applied(): number {
    this.mayOverlap = false;
    this.heard();
    return UpdateAction.Apply;
  }

  private repeated(): number {
    this.heard();
    return UpdateAction.Superseded;
  }

  /** A frame of the stream ends a silence. */
  private heard(): void {
    if (this.reason === FeedReason.Silence) this.tell(FeedState.Live, FeedReason.None);
  }

  private wait(firstId: number, lastId: number): number {
    if (this.waiting === 0) return this.waitAlone(firstId, lastId, UpdateAction.Wait);
    if (lastId <= this.newestId[0]) return UpdateAction.Superseded;
    if (firstId !== this.newestId[0] + 1) {
      this.counters.gaps += 1;
      return this.waitAlone(firstId, lastId, UpdateAction.WaitAlone);
    }
    this.newestId[0] = lastId;
    if (this.waiting < this.waitingMax) {
      this.waiting += 1;
      return UpdateAction.Wait;
    }
    this.wantsSnapshot = true;
    return UpdateAction.WaitForOldest;
  }

  private waitAlone(firstId: number, lastId: number, action: number): number {
    this.firstWaitingId = firstId;
    this.newestId[0] = lastId;
    this.waiting = 1;
    this.wantsSnapshot = true;
    return action;
  }

  private lose(reason: FeedReason): void {
    if (this.phase === Phase.Following) this.counters.resyncs += 1;
    this.join(FeedState.Stale, reason);
  }

  /** The snapshot is wanted only when an update waits: an earlier one could not meet it. */
  private join(state: FeedState, reason: FeedReason): void {
    this.phase = Phase.Joining;
    this.waiting = 0;
    this.wantsSnapshot = false;
    this.tell(state, reason);
  }

  private leave(state: FeedState, reason: FeedReason): void {
    this.phase = Phase.Idle;
    this.waiting = 0;
    this.wantsSnapshot = false;
    this.tell(state, reason);
  }

  private tell(state: FeedState, reason: FeedReason): void {
    this.state = state;
    this.reason = reason;
  }
}

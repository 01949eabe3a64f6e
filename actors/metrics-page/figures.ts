/**
 * What a person or a program wants to know of an engine, from its metrics page: rates between two copies, and what
 * stands in the newer one. Pure; times without a name for the unit are ISO 8601.
 */
import { type DutyReading, dutyShares } from "../agent/duty-reading.js";
import { ThreadControl } from "../agent/thread-control.js";
import { Counters } from "../metrics/counters.js";
import { ErrorLog } from "../metrics/error-log.js";
import { Histogram } from "../metrics/histogram.js";
import type { SharedViews } from "../ring/views.js";
import type { PageDescription } from "./description.js";
import type { PageCopy } from "./reader.js";
import { readRing } from "./ring-reading.js";

/** Running; running, but its main thread writes nothing; ended in order; gone without a word. */
export type EngineState = "running" | "silent" | "ended" | "gone";

export interface AgentFigures {
  readonly role: string;
  readonly busyPerSecond: number;
  readonly itemsPerSecond: number;
}

export interface ThreadFigures {
  readonly name: string;
  readonly spins: boolean;
  readonly cores: readonly number[];
  readonly agents: readonly AgentFigures[];
  /** Parts of the time, 0 to 1; null before any has passed. */
  readonly working: number | null;
  readonly spinning: number | null;
  readonly asleep: number | null;
  readonly busyPerSecond: number;
  readonly idlePerSecond: number;
  readonly itemsPerSecond: number;
  readonly parksPerSecond: number;
  /** Sleeps of its own that a bell ended, and sleepers that it woke. */
  readonly wokenPerSecond: number;
  readonly rungPerSecond: number;
  /** Since its heart was last seen to beat, when the newer copy was made; null before it has. */
  readonly heartbeatAgeMs: number | null;
}

export interface RingFigures {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly highBytes: number;
  readonly bytesPerSecond: number;
}

export interface HopFigures {
  readonly count: number;
  /** Microseconds; null before the first value. */
  readonly p50: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

export interface ErrorFigures {
  readonly message: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

export interface EngineFigures {
  readonly pid: number;
  readonly state: EngineState;
  readonly started: string;
  /** When the newer copy was made, and how long ago that is. */
  readonly asOf: string;
  readonly ageMs: number;
  /** Time between the copies, of which rates speak: for a single copy, since the start. */
  readonly overMs: number;
  readonly node: string;
  readonly buildHash: string;
  readonly about: Readonly<Record<string, string>>;
  readonly frames: {
    readonly received: number;
    readonly decoded: number;
    readonly dropped: number;
    /** Waiting for their book's snapshot. */
    readonly pending: number;
    /** Received, and neither decoded, dropped nor pending; not 0 for moments while counters are being written. */
    readonly unaccounted: number;
    readonly perSecond: number;
  };
  /** By reason; only those that occurred. */
  readonly drops: Readonly<Record<string, number>>;
  readonly threads: readonly ThreadFigures[];
  readonly rings: readonly RingFigures[];
  readonly latency: Readonly<Record<string, HopFigures>>;
  readonly errors: readonly ErrorFigures[];
  /** Errors that found no room in the log of distinct ones. */
  readonly unlistedErrors: number;
  readonly counters: Readonly<Record<string, number>>;
}

export interface FigureParts {
  readonly description: PageDescription;
  readonly newer: PageCopy;
  /** Null: rates are since the start. */
  readonly older: PageCopy | null;
  readonly state: EngineState;
  readonly nowUs: number;
}

const DROPPED = "dropped.";

export function engineFigures({ description, newer, older, state, nowUs }: FigureParts): EngineFigures {
  const { process, threads, rings, histograms, errors } = description;
  const startUs = newer.monotonicUs - (newer.wallUs - process.startedUs);
  const overUs = newer.monotonicUs - (older === null ? startUs : older.monotonicUs);
  const perSecond = (now: number, before: number): number => (overUs > 0 ? ((now - before) / overUs) * 1e6 : 0);
  const counters = countersOf(description, newer.views);
  const before = older === null ? {} : countersOf(description, older.views);
  const log = new ErrorLog(newer.views, errors.at, errors.entries);
  return {
    pid: process.pid,
    state,
    started: iso(process.startedUs),
    asOf: iso(newer.wallUs),
    ageMs: Math.max(0, Math.round((nowUs - newer.monotonicUs) / 1000)),
    overMs: Math.round(overUs / 1000),
    node: process.node,
    buildHash: (process.buildHash >>> 0).toString(16).padStart(8, "0"),
    about: process.about,
    frames: framesOf(counters, perSecond(counters["frames.received"] ?? 0, before["frames.received"] ?? 0)),
    drops: dropsOf(counters),
    threads: threads
      .map((thread) => threadFigures(thread, newer, older, startUs, perSecond))
      .filter((thread) => thread.heartbeatAgeMs !== null || thread.agents.length > 0),
    rings: rings.map(({ name, kind, from, to, capacity, at, publishedAt }) => {
      const { used, high } = readRing(newer.views, kind, at);
      const published = (copy: PageCopy | null) => copy?.views.f64[publishedAt >> 3] ?? 0;
      return {
        ...{ name, from, to, capacityBytes: capacity, usedBytes: used, highBytes: Math.max(high, used) },
        bytesPerSecond: perSecond(published(newer), published(older)),
      };
    }),
    latency: Object.fromEntries(histograms.map(({ name, at }) => [name, hopFigures(newer.views, at)])),
    errors: log.read().map(({ message, count, firstUs, lastUs }) => ({
      ...{ message, count },
      first: iso(firstUs),
      last: iso(lastUs),
    })),
    unlistedErrors: log.unlisted,
    counters,
  };
}

function threadFigures(
  { name, spins, cores, at, beatAt }: PageDescription["threads"][number],
  newer: PageCopy,
  older: PageCopy | null,
  startUs: number,
  perSecond: (now: number, before: number) => number,
): ThreadFigures {
  const duty = (copy: PageCopy): DutyReading => new ThreadControl(copy.views, at).duty(copy.monotonicUs);
  const now = duty(newer);
  const before = older === null ? nothingSince(now, startUs) : duty(older);
  const shares = dutyShares(before, now);
  const beatUs = newer.views.f64[beatAt >> 3];
  return {
    name,
    spins,
    cores,
    agents: now.agents.map(({ role, busy, items }, agent) => ({
      role,
      busyPerSecond: perSecond(busy, before.agents[agent]?.busy ?? 0),
      itemsPerSecond: perSecond(items, before.agents[agent]?.items ?? 0),
    })),
    working: shares?.working ?? null,
    spinning: shares?.spinning ?? null,
    asleep: shares?.asleep ?? null,
    busyPerSecond: perSecond(now.busy, before.busy),
    idlePerSecond: perSecond(now.idle, before.idle),
    itemsPerSecond: perSecond(now.items, before.items),
    parksPerSecond: perSecond(now.parks, before.parks),
    wokenPerSecond: perSecond(now.woken, before.woken),
    rungPerSecond: perSecond(now.rung, before.rung),
    heartbeatAgeMs: beatUs === 0 ? null : Math.max(0, Math.round((newer.monotonicUs - beatUs) / 1000)),
  };
}

function nothingSince(reading: DutyReading, startUs: number): DutyReading {
  return {
    ...reading,
    atUs: startUs,
    busy: 0,
    idle: 0,
    items: 0,
    parks: 0,
    woken: 0,
    rung: 0,
    asleepUs: 0,
    agents: [],
  };
}

function countersOf({ counters: { at, names } }: PageDescription, views: SharedViews): Record<string, number> {
  const counters = new Counters(views, at, names);
  return Object.fromEntries(names.map((name) => [name, counters.get(name)]));
}

function framesOf(counters: Record<string, number>, perSecond: number): EngineFigures["frames"] {
  const [received, decoded, dropped, pending] = ["received", "decoded", "dropped", "pending"].map(
    (name) => counters[`frames.${name}`] ?? 0,
  );
  return { received, decoded, dropped, pending, unaccounted: received - decoded - dropped - pending, perSecond };
}

function dropsOf(counters: Record<string, number>): Record<string, number> {
  const reasons = Object.entries(counters).filter(([name, count]) => name.startsWith(DROPPED) && count > 0);
  return Object.fromEntries(reasons.map(([name, count]) => [name.slice(DROPPED.length), count]));
}

function hopFigures(views: SharedViews, at: number): HopFigures {
  const { count, valueAt, max } = new Histogram(views, at).snapshot();
  const microseconds = (ns: number): number | null => (count === 0 ? null : Math.round(ns) / 1000);
  return {
    count,
    p50: microseconds(valueAt(0.5)),
    p99: microseconds(valueAt(0.99)),
    p999: microseconds(valueAt(0.999)),
    max: microseconds(max),
  };
}

/** Of a damaged page a time may be none. */
function iso(us: number): string {
  const date = new Date(us / 1000);
  return Number.isNaN(date.getTime()) ? "–" : date.toISOString();
}

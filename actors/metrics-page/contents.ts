/**
 * Which parts of the shared memory a page holds, and its description: made once, from the plan of the memory. Figures
 * that stand close to each other are copied as one part; the records of rings are left out.
 */
import { ThreadControl } from "../agent/thread-control.js";
import { COUNTER_NAMES } from "../counter-names.js";
import { HOPS } from "../hops.js";
import { ERRORS_MAX, type MemoryMap } from "../memory-map.js";
import { Counters } from "../metrics/counters.js";
import { ErrorLog } from "../metrics/error-log.js";
import { Histogram } from "../metrics/histogram.js";
import type { ThreadPlan } from "../placement.js";
import type { SharedViews } from "../ring/views.js";
import { LOG, RINGS, type RingName } from "../topology.js";
import { ownSizes, type PageDescription, ringBytes } from "./description.js";
import { aligned } from "./layout.js";
import { Observer } from "./observer.js";

export interface PageContents {
  readonly observer: Observer;
  /** Slices of the shared memory, in the order in which they stand in the region behind the observations. */
  readonly parts: readonly Uint8Array[];
  readonly description: PageDescription;
}

interface Range {
  at: number;
  end: number;
}

/** What a page says of a run beside its figures. */
export type About = PageDescription["process"];

export function pageContents(views: SharedViews, map: MemoryMap, plan: ThreadPlan, process: About): PageContents {
  const threads = threadsOf(map, plan);
  const rings = ringsOf(map);
  const observer = new Observer(
    views,
    threads.map(({ name, base }) => ({ name, control: new ThreadControl(views, base) })),
    rings,
  );
  const ranges = joined([
    range(map.counters, Counters.bytesFor(COUNTER_NAMES)),
    range(map.errors, ErrorLog.bytesFor(ERRORS_MAX)),
    ...threads.map(({ base }) => range(base, ThreadControl.bytesFor())),
    ...HOPS.map((hop) => range(map.histograms[hop], Histogram.bytesFor())),
    ...rings.map(({ base, kind }) => range(base, ringBytes(kind))),
  ]);
  const first = aligned(observer.figures.byteLength);
  const placed = (at: number): number => first + placeIn(ranges, at);
  const description: PageDescription = {
    process,
    sizes: ownSizes(),
    regionBytes: first + ranges.reduce((sum, { at, end }) => sum + end - at, 0),
    threads: threads.map(({ name, base, ...more }, index) => ({
      name,
      ...more,
      at: placed(base),
      beatAt: observer.beatAt(index),
    })),
    rings: rings.map(({ base, ...ring }, index) => ({
      ...ring,
      at: placed(base),
      publishedAt: observer.publishedAt(index),
    })),
    counters: { at: placed(map.counters), names: [...COUNTER_NAMES] },
    histograms: HOPS.map((name) => ({ name, at: placed(map.histograms[name]) })),
    errors: { at: placed(map.errors), entries: ERRORS_MAX },
  };
  const padding = new Uint8Array(first - observer.figures.byteLength);
  const copied = ranges.map(({ at, end }) => views.u8.subarray(at, end));
  return { observer, parts: [new Uint8Array(observer.figures.buffer), padding, ...copied], description };
}

function threadsOf(map: MemoryMap, plan: ThreadPlan) {
  const workers = plan.threads.map(({ name, agents, idle, cores }) => ({
    name,
    base: map.threads[agents[0]],
    spins: !Number.isFinite(idle.spinsMax),
    cores: [...cores],
  }));
  return [{ name: "main", base: map.threads.main, spins: false, cores: [] as number[] }, ...workers];
}

function ringsOf(map: MemoryMap) {
  const names = Object.keys(RINGS) as RingName[];
  const log = { name: "log", kind: "log" as const, from: [LOG.from], to: [...LOG.gating], capacity: LOG.capacity };
  return [
    ...names.map((name) => {
      const { from, to, capacity } = RINGS[name];
      return { name, kind: "spsc" as const, from: [...from], to: [to], capacity, base: map.rings[name] };
    }),
    { ...log, base: map.log },
  ];
}

const range = (at: number, bytes: number): Range => ({ at, end: at + aligned(bytes) });

/** Ranges that touch become one. */
function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const { at, end } of [...ranges].sort((one, other) => one.at - other.at)) {
    const last = result.at(-1);
    if (last !== undefined && at <= last.end) last.end = Math.max(last.end, end);
    else result.push({ at, end });
  }
  return result;
}

/** Where a place of the memory stands when the ranges follow each other. */
function placeIn(ranges: readonly Range[], at: number): number {
  let before = 0;
  for (const { at: from, end } of ranges) {
    if (at >= from && at < end) return before + at - from;
    before += end - from;
  }
  throw new RangeError(`byte ${at} is in no part of the page`);
}

/**
 * What a metrics page says of itself: the engine's process, and where in the copied region which figure stands. A
 * reader needs no plan of the memory, only the layouts of the single figures, whose sizes are compared. Nothing in it
 * is believed before it was checked: the file may be anybody's.
 */
import { z } from "zod";
import { ThreadControl } from "../agent/thread-control.js";
import { Counters } from "../metrics/counters.js";
import { ErrorLog } from "../metrics/error-log.js";
import { Histogram } from "../metrics/histogram.js";
import { LOG_READERS_MAX, LOG_RECORDS, SPSC_RECORDS } from "../ring/layout.js";

const NAMES_MAX = 1_024;
const place = z.int().nonnegative().multipleOf(8);
const name = z.string().min(1).max(64);

const threadSchema = z.strictObject({
  name,
  /** Whether it never sleeps, and the cores that it is kept to; none means all. */
  spins: z.boolean(),
  cores: z.array(z.int().nonnegative()).max(NAMES_MAX),
  /** Its control words. */
  at: place,
  /** When the observer last saw its heart beat, monotonic microseconds, f64; 0 before it has. */
  beatAt: place,
});

const ringSchema = z.strictObject({
  name,
  kind: z.enum(["spsc", "log"]),
  /** Who may write: one of them does. */
  from: z.array(name).max(NAMES_MAX),
  /** Readers that the writer waits for; of a log, in the order of their slots. */
  to: z.array(name).max(LOG_READERS_MAX),
  capacity: z.int().positive(),
  /** Header and cursors. */
  at: place,
  /** Bytes published since the start, f64. */
  publishedAt: place,
});

const descriptionSchema = z.strictObject({
  process: z.strictObject({
    pid: z.int().positive(),
    /** When the process began, in the kernel's own words; null where it does not tell. */
    born: z.string().max(64).nullable(),
    startedUs: z.number(),
    node: z.string().max(64),
    buildHash: z.int(),
    /** What the run is, for people: such as its journal. */
    about: z.record(name, z.string().max(4_096)),
  }),
  /** Sizes of the figures, which differ between builds that lay them out differently. */
  sizes: z.strictObject({ control: z.int(), histogram: z.int() }),
  regionBytes: z.int().positive(),
  threads: z.array(threadSchema).max(NAMES_MAX),
  rings: z.array(ringSchema).max(NAMES_MAX),
  counters: z.strictObject({ at: place, names: z.array(name).max(NAMES_MAX) }),
  histograms: z.array(z.strictObject({ name, at: place })).max(NAMES_MAX),
  errors: z.strictObject({ at: place, entries: z.int().positive().max(65_536) }),
});

export type PageDescription = z.infer<typeof descriptionSchema>;
export type RingDescription = z.infer<typeof ringSchema>;

export const ownSizes = (): PageDescription["sizes"] => ({
  control: ThreadControl.bytesFor(),
  histogram: Histogram.bytesFor(),
});

/** Bytes of a ring that a page holds: its header and cursors, not its records. */
export const ringBytes = (kind: RingDescription["kind"]): number => (kind === "log" ? LOG_RECORDS : SPSC_RECORDS);

/** The description in a page's JSON, or why it is none. */
export function readDescription(json: string, regionBytesMax: number): PageDescription | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return "its description is not JSON";
  }
  const parsed = descriptionSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    return `its description is not one (${path.map(String).join(".") || "it"}: ${message})`;
  }
  const description = parsed.data;
  const own = ownSizes();
  const { control, histogram } = description.sizes;
  if (control !== own.control || histogram !== own.histogram) {
    return "it was written by another build, whose figures are laid out differently: use that build's sluice top";
  }
  if (description.regionBytes > regionBytesMax) return "its description speaks of more bytes than there are";
  return findOutside(description) ?? description;
}

function findOutside({ regionBytes, threads, rings, counters, histograms, errors, sizes }: PageDescription) {
  const figures = [
    ...threads.flatMap(({ name, at, beatAt }) => [part(name, at, sizes.control), part(name, beatAt, 8)]),
    ...rings.flatMap(({ name, kind, at, publishedAt }) => [
      part(name, at, ringBytes(kind)),
      part(name, publishedAt, 8),
    ]),
    ...histograms.map(({ name, at }) => part(name, at, sizes.histogram)),
    part("counters", counters.at, Counters.bytesFor(counters.names)),
    part("errors", errors.at, ErrorLog.bytesFor(errors.entries)),
  ];
  const outside = figures.find(({ at, bytes }) => at + bytes > regionBytes);
  return outside === undefined ? null : `its description places ${outside.name} outside of the page`;
}

const part = (name: string, at: number, bytes: number) => ({ name, at, bytes });

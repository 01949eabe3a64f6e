/**
 * One journal, broken in every way: by reading its newest segment, by reading all of it, and by whole recoveries of a
 * sample, with a snapshot and without. Counts what came of each; what is wrong is kept with its place.
 */
import { setImmediate } from "node:timers/promises";
import { Breakable, expectedOf, type Fault, faultsAtEnd, faultsBefore } from "./faults.js";
import { addSnapshot, diskWith, judgeRecovery } from "./full-recovery.js";
import type { RecordedRun } from "./recorded-run.js";
import { type Ending, type TornJournal, writeTornJournal } from "./torn-journal.js";
import { type Judged, judgeReading, type Outcome } from "./verdict.js";

export type Count = Record<"tries" | Outcome, number>;

export interface WrongState {
  readonly row: string;
  readonly journal: string;
  readonly fault: string;
  readonly why: string;
}

export interface Examination {
  readonly seed: number;
  readonly ending: Ending;
  readonly records: number;
  readonly synced: number;
  readonly counts: ReadonlyMap<string, Count>;
  readonly faults: readonly WrongState[];
}

const ROWS = {
  cut: "the end, cut at a byte",
  zeroed: "the end, zero from a byte on",
  bit: "the end, one bit",
} as const;
/** Recoveries of the whole, spread over all faults of the end; a prime number of them lies between two. */
const RECOVER_EVERY = 251;
/** Bytes before and behind a snapshot's place at which the journal is cut. */
const AROUND_SNAPSHOT = 2_048;
const SNAPSHOT_STEP = 37;

/** `onPart` hears how much is done, from 0 to 1. */
export async function examine(
  run: RecordedRun,
  seed: number,
  ending: Ending,
  onPart: (part: number) => void,
): Promise<Examination> {
  const journal = writeTornJournal(run, ending);
  const tally = new Tally(`${seed} (${ending})`);
  await breakEnd(journal, run, tally, (part) => onPart(part * 0.9));
  breakBefore(journal, tally);
  breakAtSnapshot(journal, run, tally);
  onPart(1);
  const { counts, faults } = tally;
  return { seed, ending, records: journal.sequences.length, synced: journal.synced, counts, faults };
}

async function breakEnd(
  journal: TornJournal,
  run: RecordedRun,
  tally: Tally,
  onPart: (part: number) => void,
): Promise<void> {
  const { files, newest } = journal;
  const { name, bytes } = files[newest];
  const breakable = new Breakable(bytes);
  const faults = [...faultsAtEnd(journal)];
  for (const [at, fault] of faults.entries()) {
    const expected = expectedOf(fault, journal);
    const isSample = at % RECOVER_EVERY === 0;
    breakable.with(fault, (broken) => {
      tally.add(ROWS[fault.kind], fault, judgeReading(journal, [{ name, bytes: broken }], expected));
      if (!isSample) return;
      const disk = diskWith(journal);
      disk.place(name, broken.slice());
      tally.add("the end, recovered whole", fault, judgeRecovery(disk, journal, expected, run.hashes));
    });
    if (!isSample) continue;
    onPart(at / faults.length);
    await setImmediate();
  }
}

function breakBefore(journal: TornJournal, tally: Tally): void {
  const { files } = journal;
  const breakables = files.map(({ bytes }) => new Breakable(bytes));
  for (const fault of faultsBefore(journal)) {
    const expected = expectedOf(fault, journal);
    breakables[fault.segment].with(fault, (bytes) => {
      const segments = files.map((file, segment) => (segment === fault.segment ? { name: file.name, bytes } : file));
      tally.add("an earlier segment", fault, judgeReading(journal, segments, expected));
    });
  }
}

/** A snapshot tells of the records before it: where they are missing from the journal, it must be refused. */
function breakAtSnapshot(journal: TornJournal, run: RecordedRun, tally: Tally): void {
  const { newest, files, starts } = journal;
  const { name, bytes } = files[newest];
  const whole = diskWith(journal);
  const place = addSnapshot(whole, journal);
  const from = Math.max(place - AROUND_SNAPSHOT, 0);
  const until = Math.min(place + AROUND_SNAPSHOT, bytes.length);
  const cuts = starts.filter((start) => start >= from && start < until);
  for (let byte = from; byte < until; byte += SNAPSHOT_STEP) cuts.push(byte);
  for (const byte of cuts) {
    const fault: Fault = { kind: "cut", segment: newest, byte, bit: 0 };
    const expected = byte < place ? ({ records: 0, refusal: "must" } as const) : expectedOf(fault, journal);
    const disk = whole.afterKill();
    disk.place(name, bytes.slice(0, byte));
    tally.add("cut around a snapshot, recovered", fault, judgeRecovery(disk, journal, expected, run.hashes));
  }
}

class Tally {
  readonly counts = new Map<string, Count>();
  readonly faults: WrongState[] = [];
  private readonly journal: string;

  constructor(journal: string) {
    this.journal = journal;
  }

  add(row: string, { kind, segment, byte, bit }: Fault, { outcome, why }: Judged): void {
    const count = this.counts.get(row) ?? { tries: 0, prefix: 0, shorter: 0, refused: 0, wrong: 0 };
    count.tries += 1;
    count[outcome] += 1;
    this.counts.set(row, count);
    if (outcome !== "wrong") return;
    const place = `byte ${byte} of segment ${segment}`;
    this.faults.push({
      row,
      journal: this.journal,
      fault: kind === "bit" ? `bit ${bit} of ${place}` : `${kind} at ${place}`,
      why,
    });
  }
}

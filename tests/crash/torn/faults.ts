/**
 * What can happen to a journal's bytes, one thing at a time, and what must come of it.
 *
 * A prefix is the records before some place, whole, and no other. Behind the last sync, whatever is broken, the prefix
 * before the first broken record must come out: it holds everything synced. Before the last sync:
 *
 *   a bit   is refused if a later record, or a seal, says that what stands there was synced. Where nothing later says
 *           so, the file looks as after a torn write, and the prefix before the broken record is the right answer.
 *   an end  (the file cut, or nothing but zeros from some byte on) takes what would have said so with it. No segment
 *           tells of it, so the prefix is right; but where a snapshot stands behind that end, it is refused.
 *
 * A bit in the seal, or in the zeros behind the records, may be refused, and may cost no record. Nothing can be missing
 * from an earlier segment, so every fault in one is refused, save one that takes no more than its seal.
 */
import { SEGMENT_HEADER_BYTES } from "../../../schemas/index.js";
import type { TornJournal } from "./torn-journal.js";

/** Of a file from a byte on: cut off, or zero. */
export type FaultKind = "cut" | "zeroed" | "bit";

export interface Fault {
  readonly kind: FaultKind;
  /** Number of the segment. */
  readonly segment: number;
  readonly byte: number;
  /** Of the byte; 0 for other faults. */
  readonly bit: number;
}

const ENDS_BYTES = 64 * 1024;
const BITS_BYTES = 4 * 1024;
/** Outside of these, one byte of so many. */
const SAMPLE_EVERY = 61;
/** Zeros behind the records, or the seal, of which every bit is turned. */
const BEHIND_BYTES = 64;

/** In the newest segment. */
export function* faultsAtEnd({ newest, starts, files }: TornJournal): Generator<Fault> {
  const end = starts.at(-1)!;
  const { length } = files[newest].bytes;
  for (const kind of ["cut", "zeroed"] as const) {
    const every = (from: number, to: number, step: number) => bytes(kind, newest, from, to, step);
    yield* every(0, SEGMENT_HEADER_BYTES, 1);
    yield* every(end - ENDS_BYTES, end, 1);
    yield* every(end, length, SAMPLE_EVERY);
  }
  const behind = Math.min(end + BEHIND_BYTES, length);
  yield* bits(newest, 0, SEGMENT_HEADER_BYTES);
  yield* bytes("bit", newest, SEGMENT_HEADER_BYTES, end - BITS_BYTES, SAMPLE_EVERY);
  yield* bits(newest, end - BITS_BYTES, behind);
  yield* bytes("bit", newest, behind, length, SAMPLE_EVERY);
}

/** In the segments before it; each around its ends, and here and there within. */
export function* faultsBefore({ newest, files }: TornJournal): Generator<Fault> {
  for (let segment = 0; segment < newest; segment += 1) {
    const { length } = files[segment].bytes;
    for (const kind of ["cut", "zeroed"] as const) {
      yield* bytes(kind, segment, 0, length, 8 * SAMPLE_EVERY);
      yield* bytes(kind, segment, length - BEHIND_BYTES, length, 1);
    }
    yield* bytes("bit", segment, 0, length, SAMPLE_EVERY);
    yield* bytes("bit", segment, length - BEHIND_BYTES, length, 1);
  }
}

function* bytes(kind: FaultKind, segment: number, from: number, to: number, step: number): Generator<Fault> {
  for (let byte = from; byte < to; byte += step) yield { kind, segment, byte, bit: kind === "bit" ? byte % 8 : 0 };
}

function* bits(segment: number, from: number, to: number): Generator<Fault> {
  for (let at = from * 8; at < to * 8; at += 1) yield { kind: "bit", segment, byte: at >> 3, bit: at & 7 };
}

/** What must come of a fault: so many of the newest segment's records, or a refusal, or either. */
export interface Expected {
  readonly records: number;
  readonly refusal: "must" | "may" | "never";
}

export function expectedOf(fault: Fault, { newest, files, starts, witness }: TornJournal): Expected {
  const count = starts.length - 1;
  const { bytes, recordsEnd } = files[fault.segment];
  const first = fault.kind === "zeroed" ? firstUsed(bytes, fault.byte) : fault.byte;
  if (fault.segment < newest) return { records: count, refusal: first >= recordsEnd ? "may" : "must" };
  // The record in which the first broken byte stands: those before it are whole.
  const records = Math.max(
    starts.findLastIndex((start) => start <= first),
    0,
  );
  if (fault.kind !== "bit") return { records, refusal: "never" };
  if (first < SEGMENT_HEADER_BYTES) return { records: 0, refusal: "must" };
  if (records === count) return { records, refusal: "may" };
  return { records, refusal: witness > records ? "must" : "never" };
}

/** The first byte from a place on that is not zero already. */
function firstUsed(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at += 1;
  return at;
}

/** A file's bytes to break and to heal again, so that a fault costs no copy of the whole. */
export class Breakable {
  private readonly whole: Uint8Array;
  private readonly scratch: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.whole = bytes;
    this.scratch = bytes.slice();
  }

  /** Calls `look` with the broken bytes, which are good until it returns. */
  with<T>({ kind, byte, bit }: Fault, look: (bytes: Uint8Array) => T): T {
    const { whole, scratch } = this;
    if (kind === "cut") return look(whole.subarray(0, byte));
    if (kind === "zeroed") scratch.fill(0, byte);
    else scratch[byte] ^= 1 << bit;
    const seen = look(scratch);
    scratch.set(whole.subarray(byte, kind === "zeroed" ? whole.length : byte + 1), byte);
    return seen;
  }
}

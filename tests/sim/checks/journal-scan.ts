/**
 * Looks at the bytes of the journal on the simulated disk and says up to which record they would survive: a loss of
 * power, or only the end of the process. It reads nothing but lengths and places, with nothing of the product's
 * between.
 */
import {
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_LENGTH,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TYPE,
  SEGMENT_HEADER_BYTES,
} from "../../../schemas/index.js";
import type { SimDisk } from "../disk/sim-disk.js";
import type { SimFile } from "../disk/sim-file.js";

/** Outputs of one input are fewer. */
const INDEXES = 16_384;
/** What closes a segment looks like a record, of no message's type. */
const SEAL = 0;

/** A record's place among all records, as one number. */
export const placeOf = (sequence: number, index: number): number => sequence * INDEXES + index;
export const sequenceOf = (place: number): number => Math.floor(place / INDEXES);
export const placeText = (place: number): string => `${sequenceOf(place)}.${place % INDEXES}`;

export class JournalScan {
  /** Of the newest record that is safe; 0 before the first. */
  private newest = 0;
  private segment = 0;
  private offset = SEGMENT_HEADER_BYTES;
  private readonly disk: SimDisk;
  private readonly directory: string;
  private readonly fromPower: boolean;

  constructor(disk: SimDisk, directory: string, fromPower: boolean) {
    this.disk = disk;
    this.directory = directory;
    this.fromPower = fromPower;
  }

  /** The newest record that is safe now. */
  place(): number {
    for (;;) {
      const path = this.path(this.segment);
      const file = this.disk.files.get(path);
      if (!file || (this.fromPower && !this.disk.isNameSafe(path))) return this.newest;
      this.walk(file);
      if (!this.disk.files.has(this.path(this.segment + 1)) || this.hasMore(file)) return this.newest;
      this.segment += 1;
      this.offset = SEGMENT_HEADER_BYTES;
    }
  }

  /** Starts over: after a crash, when files were cut. */
  reset(): void {
    this.newest = 0;
    this.segment = 0;
    this.offset = SEGMENT_HEADER_BYTES;
  }

  private walk(file: SimFile): void {
    const limit = Math.min(this.fromPower ? file.safeBytes : file.size, file.frontier);
    if (limit < SEGMENT_HEADER_BYTES) return;
    const view = viewOf(file);
    for (let bytes = recordAt(view, this.offset, limit); bytes > 0; bytes = recordAt(view, this.offset, limit)) {
      const sequence = view.getFloat64(this.offset + RECORD_HEADER_SEQUENCE, true);
      this.newest = placeOf(sequence, view.getUint16(this.offset + RECORD_HEADER_INDEX, true));
      this.offset += bytes;
    }
  }

  /** Whether a record follows that is written but not safe. */
  private hasMore(file: SimFile): boolean {
    return recordAt(viewOf(file), this.offset, Math.min(file.size, file.frontier)) > 0;
  }

  private path(segment: number): string {
    return `${this.directory}/${String(segment).padStart(6, "0")}.seg`;
  }
}

const viewOf = ({ content }: SimFile): DataView => new DataView(content.buffer, content.byteOffset, content.length);

/** Length of the whole record at an offset; 0 when there is none before the limit. */
function recordAt(view: DataView, at: number, limit: number): number {
  if (at + RECORD_HEADER_BYTES > limit) return 0;
  const length = view.getInt32(at + RECORD_HEADER_LENGTH, true);
  if (length < RECORD_HEADER_BYTES || at + length > limit) return 0;
  return view.getUint16(at + RECORD_HEADER_TYPE, true) !== SEAL ? length : 0;
}

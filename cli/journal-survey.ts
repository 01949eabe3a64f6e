/** What a walk over all records of a journal learns of it: lives, builds, times, kinds, and how often it was synced. */
import { MODE, TYPE } from "../actors/words.js";
import type { SegmentReader } from "../engine/index.js";
import { SYNCED_BEFORE } from "../engine/tape/segment-header.js";
import { CONFIG_EPOCH, CONFIG_MODE, CONFIG_START, MessageType, RECORD_HEADER_FLAGS } from "../schemas/index.js";
import { LIFE_START } from "./replay/record-words.js";

/** One run of an engine on the journal's directory. */
export interface Life {
  readonly epoch: number;
  readonly mode: string;
  /** How it began: fresh, resumed or refreshed. */
  readonly start: string;
  readonly sequence: number;
  readonly timeUs: number;
  readonly segment: number;
}

export class JournalSurvey {
  readonly lives: Life[] = [];
  /** Records by type, in words. */
  readonly types: Record<string, number> = {};
  /** Batches that followed a sync: what was written before each was durable. */
  batches = 0;
  recordBytes = 0;
  firstSegment: number | null = null;
  firstSequence: number | null = null;
  fromUs: number | null = null;
  toUs: number | null = null;
  private readonly buildHashes = new Set<number>();

  take(record: SegmentReader): void {
    const { type, sequence, timeUs, recordBytes, views, recordAt, info } = record;
    if (this.firstSequence === null) {
      this.firstSegment = info.segment;
      this.firstSequence = sequence;
      this.fromUs = timeUs;
    }
    this.toUs = timeUs;
    this.recordBytes += recordBytes;
    const word = TYPE[type] ?? `type ${type}`;
    this.types[word] = (this.types[word] ?? 0) + 1;
    if (views.u32[(recordAt + RECORD_HEADER_FLAGS) >> 2] & SYNCED_BEFORE) this.batches += 1;
    this.buildHashes.add(info.buildHash);
    if (type === MessageType.Config) this.lives.push(lifeOf(record));
  }

  /** Builds that wrote the segments, in hexadecimal. */
  get builds(): string[] {
    return [...this.buildHashes].map((hash) => hash.toString(16).padStart(8, "0"));
  }
}

function lifeOf({ views, at, sequence, timeUs, info }: SegmentReader): Life {
  return {
    epoch: views.u32[(at + CONFIG_EPOCH) >> 2],
    mode: MODE[views.u8[at + CONFIG_MODE]],
    start: LIFE_START[views.u8[at + CONFIG_START]],
    ...{ sequence, timeUs, segment: info.segment },
  };
}

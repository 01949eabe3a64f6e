/**
 * One snapshot as the bytes of a file: an engine's state, the configuration that it needs, and where in the journal it
 * stands. The checksum comes before anything else, in the same place in every version, so that no damage is ever taken
 * for a newer version.
 *
 *      0  magic u32          4  CRC32C of all that follows   8  version u32      12  bytes of this header u32
 *     16  schema hash u32   20  build hash u32              24  sequence f64
 *     32  journal: offset f64                               40  segment u32      44  CRC of its newest record u32
 *     48  epoch u32         52  state hash, low u32         56  high u32         60  bytes of the configuration u32
 *     64  bytes of the state u32                            68  zero             72  configuration, JSON; state
 */
import {
  type Crc32c,
  type Engine,
  type EngineConfig,
  encodeState,
  type StateHash,
  stateHash,
} from "../../engine/index.js";
import { SCHEMA_HASH } from "../../schemas/index.js";

const MAGIC = 0x50414e53; // "SNAP"
const VERSION = 1;
const CRC = 4;
const CRC_FROM = 8;
const HEADER_BYTES = 72;

/** Behind which record of the journal a snapshot stands. */
export interface JournalPlace {
  readonly segment: number;
  /** Bytes from the start of the segment's file to the end of the record. */
  readonly offset: number;
  /** The record's own, which seeds that of the next. */
  readonly crc: number;
}

export interface Snapshot {
  readonly schemaHash: number;
  readonly buildHash: number;
  readonly sequence: number;
  readonly epoch: number;
  readonly place: JournalPlace;
  /** Of the engine that was written; what is restored must have it too. */
  readonly stateHash: StateHash;
  readonly config: EngineConfig;
  /** As `encodeState` wrote it. */
  readonly state: Uint8Array;
}

/** What a file turned out to be. `where` and the hashes are for people. */
export type SnapshotOutcome =
  | { readonly outcome: "good"; readonly snapshot: Snapshot }
  | { readonly outcome: "damaged"; readonly where: string }
  | { readonly outcome: "newer"; readonly version: number }
  | { readonly outcome: "other-schema"; readonly schemaHash: number };

/** Of an engine between two inputs. Throws StateFault when a strategy's state cannot be kept at this moment. */
export function takeSnapshot(engine: Engine, place: JournalPlace, buildHash: number): Snapshot {
  const { sequence, epoch, config } = engine;
  const state = encodeState(engine);
  return { schemaHash: SCHEMA_HASH, buildHash, sequence, epoch, place, stateHash: stateHash(engine), config, state };
}

export function encodeSnapshot(snapshot: Snapshot, crc32c: Crc32c): Uint8Array<ArrayBuffer> {
  const config = new TextEncoder().encode(JSON.stringify(snapshot.config));
  const bytes = new Uint8Array(HEADER_BYTES + config.length + snapshot.state.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(8, VERSION, true);
  header.setUint32(12, HEADER_BYTES, true);
  header.setUint32(16, snapshot.schemaHash, true);
  header.setUint32(20, snapshot.buildHash, true);
  header.setFloat64(24, snapshot.sequence, true);
  header.setFloat64(32, snapshot.place.offset, true);
  header.setUint32(40, snapshot.place.segment, true);
  header.setUint32(44, snapshot.place.crc, true);
  header.setUint32(48, snapshot.epoch, true);
  header.setUint32(52, snapshot.stateHash.low, true);
  header.setUint32(56, snapshot.stateHash.high, true);
  header.setUint32(60, config.length, true);
  header.setUint32(64, snapshot.state.length, true);
  bytes.set(config, HEADER_BYTES);
  bytes.set(snapshot.state, HEADER_BYTES + config.length);
  header.setUint32(CRC, crc32c(bytes.subarray(CRC_FROM)), true);
  return bytes;
}

export function decodeSnapshot(bytes: Uint8Array, crc32c: Crc32c): SnapshotOutcome {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES) return damaged(`it ends after ${bytes.length} bytes, within its header`);
  if (header.getUint32(0, true) !== MAGIC) return damaged("it does not begin as a snapshot does");
  const crc = crc32c(bytes.subarray(CRC_FROM));
  if (crc !== header.getUint32(CRC, true)) return damaged(`the checksum of its ${bytes.length} bytes is another`);
  const version = header.getUint32(8, true);
  if (version > VERSION) return { outcome: "newer", version };
  const schemaHash = header.getUint32(16, true);
  if (schemaHash !== SCHEMA_HASH) return { outcome: "other-schema", schemaHash };
  const configEnd = HEADER_BYTES + header.getUint32(60, true);
  const end = configEnd + header.getUint32(64, true);
  if (header.getUint32(12, true) !== HEADER_BYTES || end !== bytes.length) {
    return damaged(`it has ${bytes.length} bytes and tells of ${end}`);
  }
  const config = parsed(bytes.subarray(HEADER_BYTES, configEnd));
  if (config === null) return damaged(`its configuration, from byte ${HEADER_BYTES} on, is no JSON`);
  return { outcome: "good", snapshot: { ...factsIn(header), schemaHash, config, state: bytes.subarray(configEnd) } };
}

function factsIn(header: DataView) {
  return {
    buildHash: header.getUint32(20, true),
    sequence: header.getFloat64(24, true),
    place: {
      segment: header.getUint32(40, true),
      offset: header.getFloat64(32, true),
      crc: header.getUint32(44, true),
    },
    epoch: header.getUint32(48, true),
    stateHash: { low: header.getUint32(52, true), high: header.getUint32(56, true) },
  };
}

function parsed(json: Uint8Array): EngineConfig | null {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)) as EngineConfig;
  } catch {
    return null;
  }
}

const damaged = (where: string): SnapshotOutcome => ({ outcome: "damaged", where });

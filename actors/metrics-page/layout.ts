/**
 * Bytes of a metrics page: a file in memory in which a running engine leaves what its shared memory says of itself, for
 * another process and for the time after a crash. Two copies stand in it, written in turn, so that one is whole even
 * when the writer dies within the other. Offsets of a copy are from its own beginning.
 *
 *     0  magic · 4 format version · 8 bytes of JSON · 12 place of the first copy · 16 bytes of a copy
 *   128  JSON that describes the rest, see description.ts; then, at a multiple of 128, both copies
 *
 *   copy   0  sequence     of this copy, f64; written first
 *          8  monotonic    when it was made, microseconds of the host's monotonic clock, f64
 *         16  wall         the same moment, microseconds since the epoch, f64
 *         24  state        a value of PageState, f64
 *        128  region       observations, then the copied parts of the shared memory
 *         −8  sequence     again, f64; written last
 *
 * A reader reads from the end to the beginning, last sequence first: if both are the same, nothing between them was
 * written meanwhile.
 */
import assert from "node:assert/strict";
import { LINE_PAIR } from "../ring/layout.js";

export const PAGE_MAGIC = 0x4750_4c53; // "SLPG"
export const PAGE_FORMAT = 1;

export const HEAD_MAGIC = 0;
export const HEAD_FORMAT = HEAD_MAGIC + 4;
export const HEAD_JSON_BYTES = HEAD_FORMAT + 4;
export const HEAD_COPIES = HEAD_JSON_BYTES + 4;
export const HEAD_COPY_BYTES = HEAD_COPIES + 4;
export const HEAD_BYTES = LINE_PAIR;

export const COPIES = 2;
export const COPY_SEQUENCE = 0;
export const COPY_MONOTONIC_US = COPY_SEQUENCE + 8;
export const COPY_WALL_US = COPY_MONOTONIC_US + 8;
export const COPY_STATE = COPY_WALL_US + 8;
export const COPY_REGION = LINE_PAIR;
export const COPY_END_BYTES = 8;

export const PageState = { running: 1, ended: 2 } as const;

/** Whoever says that a page is larger is not believed. */
export const JSON_BYTES_MAX = 256 * 1024;
export const COPY_BYTES_MAX = 16 * 1024 * 1024;

assert(HEAD_COPY_BYTES + 4 <= HEAD_BYTES && COPY_STATE + 8 <= COPY_REGION, "words keep to their heads");

export const aligned = (bytes: number): number => Math.ceil(bytes / LINE_PAIR) * LINE_PAIR;

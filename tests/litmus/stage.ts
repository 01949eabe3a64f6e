/**
 * Where the sides of a litmus test find things in the one memory that they share: a word that ends the run, words of
 * the test's own, doorbells, and room for two rings.
 */
import { ThreadControl } from "../../actors/agent/thread-control.js";
import { LINE_PAIR } from "../../actors/ring/layout.js";
import { CRC32C_BYTES } from "../../wasm/index.js";

const roundUp = (bytes: number): number => Math.ceil(bytes / LINE_PAIR) * LINE_PAIR;

/** The tables that the WebAssembly module wants to have somewhere. */
export const TABLES = 0;
/** 1 once a side has failed: all others end. */
export const ABORT = roundUp(CRC32C_BYTES);
/** 1 once the sides that are never done by themselves shall end. */
export const FINISH = ABORT + LINE_PAIR;
/** Nobody writes it; whoever waits for it to change rests. */
export const REST = FINISH + LINE_PAIR;
/** Words of one test's own, zero at the start. */
export const WORDS = REST + LINE_PAIR;
const WORDS_MAX = 128;
const CONTROLS = WORDS + WORDS_MAX * 4;
export const RING = CONTROLS + 4 * roundUp(ThreadControl.bytesFor());
export const SECOND_RING = RING + 64 * 1024;
export const STAGE_BYTES = SECOND_RING + 64 * 1024;

export const controlOf = (thread: number): number => CONTROLS + thread * roundUp(ThreadControl.bytesFor());

export const identity = { schemaHash: 0x1177_0001, buildHash: 0x1177_0002 };

/**
 * A tape of frames long enough for a whole run, made before it: the bundled capture played over and over by the local
 * venue's own replay, which moves ids and times on so that the books follow without a gap.
 */
import { type Capture, loadCapture } from "../../feeds/local-venue/capture.js";
import { Replay } from "../../feeds/local-venue/replay.js";
import type { DepthSnapshot } from "../../feeds/local-venue/venue-book.js";
import { STRATEGY_SYMBOL } from "./strategy.js";

export interface Tape {
  /** The frames' bytes, one behind the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each frame begins, and where the last one ends. */
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** 1 for a trade that the strategy hears of. */
  readonly trades: Uint8Array<SharedArrayBuffer>;
  /** By venue symbol. */
  readonly snapshots: ReadonlyMap<string, DepthSnapshot>;
}

const BYTES_PER_FRAME = 1024;

export function makeTape(frames: number, capture: Capture = loadCapture()): Tape {
  const replay = new Replay(capture);
  const starts = new Int32Array(new SharedArrayBuffer((frames + 1) * 4));
  const trades = new Uint8Array(new SharedArrayBuffer(frames));
  let bytes = Buffer.alloc(frames * BYTES_PER_FRAME);
  for (let frame = 0; frame < frames; frame += 1) {
    const { text, kind, symbol } = replay.next();
    trades[frame] = kind === "trade" && symbol === STRATEGY_SYMBOL ? 1 : 0;
    if (starts[frame] + text.length > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
    starts[frame + 1] = starts[frame] + bytes.write(text, starts[frame], "latin1");
  }
  const shared = new SharedArrayBuffer(starts[frames]);
  new Uint8Array(shared).set(bytes.subarray(0, starts[frames]));
  return { bytes: shared, starts, trades, snapshots: capture.snapshots };
}

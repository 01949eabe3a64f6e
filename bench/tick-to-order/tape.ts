/**
 * A tape of frames long enough for a whole run, made before it: the bundled capture played over and over by the local
 * venue's own replay, which moves ids and times on so that the books follow without a gap.
 */
import { Replay } from "../../feeds/local-venue/replay.js";
import { type Capture, loadCapture } from "../../feeds/local-venue/capture.js";
import type { DepthSnapshot } from "../../feeds/local-venue/venue-book.js";

export interface Tape {
  /** The frames' bytes, one behind the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each frame begins, and where the last one ends. */
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** By venue symbol. */
  readonly snapshots: ReadonlyMap<string, DepthSnapshot>;
}

const BYTES_PER_FRAME = 1024;

export function makeTape(frames: number, capture: Capture = loadCapture()): Tape {
  const replay = new Replay(capture);
  const starts = new Int32Array(new SharedArrayBuffer((frames + 1) * 4));
  let bytes = Buffer.alloc(frames * BYTES_PER_FRAME);
  for (let frame = 0; frame < frames; frame += 1) {
    const { text } = replay.next();
    if (starts[frame] + text.length > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
    starts[frame + 1] = starts[frame] + bytes.write(text, starts[frame], "latin1");
  }
  const shared = new SharedArrayBuffer(starts[frames]);
  new Uint8Array(shared).set(bytes.subarray(0, starts[frames]));
  return { bytes: shared, starts, snapshots: capture.snapshots };
}

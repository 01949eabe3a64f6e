/** A progress bar over the segments of a journal, on stderr, where a person is watching. */
import { SingleBar } from "cli-progress";
import { segmentPaths } from "../actors/journal/journal-directory.js";
import type { SegmentBytes } from "../engine/index.js";
import type { Output } from "./output.js";

/** Passes segments on and shows how far the reader has come; `output` null or no terminal: shows nothing. */
export function* withProgress(
  segments: Iterable<SegmentBytes>,
  directory: string,
  verb: string,
  output: Output | null,
): Generator<SegmentBytes> {
  if (!output?.isTerminal) {
    yield* segments;
    return;
  }
  const bar = new SingleBar({
    format: `${verb} {bar} {value}/{total} segments`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(segmentPaths(directory).length, 0);
  try {
    for (const segment of segments) {
      yield segment;
      bar.increment();
    }
  } finally {
    bar.stop();
  }
}

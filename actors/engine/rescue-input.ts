/**
 * When a strategy keeps the engine from returning, the input that did it stands in the log's memory but was never shown
 * to anybody. Once the engine's thread is gone, the main thread shows it: up to the input itself, not the outputs that
 * a half-done handler left behind it. So the journal holds what happened, and a replay with the verdict executes the
 * rest.
 */
import type { RingIdentity } from "../ring/header.js";
import {
  LOG_INDEX,
  LOG_LENGTH,
  LOG_RECORD_HEADER,
  LOG_RECORDS,
  LOG_SEQUENCE,
  LOG_TAIL,
  LOG_TYPE,
  PADDING,
} from "../ring/layout.js";
import { LogWriter } from "../ring/log-ring.js";
import type { SharedViews } from "../ring/views.js";

/** Shows the log up to and including the input of a sequence; false when the log's memory does not hold it. */
export function rescueInput(views: SharedViews, base: number, identity: RingIdentity, sequence: number): boolean {
  const { capacity, publishedPosition } = LogWriter.join(views, base, identity);
  for (let walked = 0; walked <= capacity / 2; ) {
    const place = (publishedPosition + walked) & (capacity - 1);
    const at = base + LOG_RECORDS + place;
    const untilEnd = capacity - place;
    if (untilEnd < LOG_RECORD_HEADER || views.u16[(at + LOG_TYPE) >> 1] === PADDING) {
      walked += untilEnd;
      continue;
    }
    const bytes = views.i32[(at + LOG_LENGTH) >> 2];
    if (bytes < LOG_RECORD_HEADER || bytes % 8 !== 0 || bytes > untilEnd) return false;
    const found = views.f64[(at + LOG_SEQUENCE) >> 3];
    if (found > sequence) return false;
    walked += bytes;
    if (found !== sequence || views.u16[(at + LOG_INDEX) >> 1] !== 0) continue;
    Atomics.store(views.i32, (base + LOG_TAIL) >> 2, (publishedPosition + walked) | 0);
    return true;
  }
  return false;
}

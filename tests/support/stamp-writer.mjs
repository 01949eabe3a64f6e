/**
 * Writes order stamps on a thread of its own, on built output: row n says 3 n and 7 n of itself, as fast as it goes or
 * once a word in shared memory lets it. Its worker data: the table's buffer and base, the rows to write, the word.
 */
import { parentPort, workerData } from "node:worker_threads";
import {
  OrderStampWriter,
  STAMP_PASSED,
  STAMP_RECEIVED,
  STAMP_SEQUENCE,
} from "../../dist/actors/metrics/order-stamps.js";
import { sharedViewsOf } from "../../dist/actors/ring/views.js";

const { buffer, base, rows } = workerData;
const stamps = new OrderStampWriter(sharedViewsOf(buffer), base);
for (let n = 1; n <= rows; n += 1) {
  const { row, doubles } = stamps;
  doubles[row + STAMP_SEQUENCE] = n;
  doubles[row + STAMP_RECEIVED] = 3 * n;
  doubles[row + STAMP_PASSED] = 7 * n;
  stamps.publish();
}
parentPort.postMessage("written");

/** The same comparison as in feeds-decode.test.ts, over many more damaged frames. */
import { expect, test } from "vitest";
import { capturedFrames, Differential } from "./support/decoder-differential.js";

test("a quarter of a million damaged frames are judged as the reference judges them", () => {
  const frames = capturedFrames();
  const differential = new Differential();
  differential.checkMutations(frames, 250_000, 7);
  expect([...differential.outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(250_000);
}, 300_000);

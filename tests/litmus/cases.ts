/** All litmus tests, in the order in which they run. Their shares of the messages add up to a thousand. */
import { claimRaces } from "./cases/claim-races.js";
import { dependentReaders } from "./cases/dependent-readers.js";
import { doorbell } from "./cases/doorbell.js";
import { lossyReaders } from "./cases/lossy-reader.js";
import { messagePassing } from "./cases/message-passing.js";
import { positionWraps } from "./cases/position-wraps.js";
import { producerDeath } from "./cases/producer-death.js";
import { releaseAndReuse } from "./cases/release-and-reuse.js";
import type { Litmus } from "./litmus.js";

export const LITMUS_TESTS: readonly Litmus[] = [
  ...messagePassing,
  ...positionWraps,
  releaseAndReuse,
  doorbell,
  claimRaces,
  ...producerDeath,
  ...dependentReaders,
  ...lossyReaders,
];

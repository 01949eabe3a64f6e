/**
 * Looks for the forbidden outcome that a deliberate fault must have, in run after run: which way two threads meet is
 * not to be commanded, only to be tried often.
 */

import { type Fault, plant } from "./broken.js";
import { LITMUS_TESTS } from "./cases.js";
import { forbiddenIn, type Litmus } from "./litmus.js";
import { buildThread, type LitmusResult, runLitmus } from "./run-litmus.js";

const MESSAGES = 2_000_000;
const MS_MAX = 20_000;
/** Longer than a wake-up takes, so that a sleep of this length beside a record is one that nobody was to end. */
const SLEEP_MS_MAX = 200;

export interface Hunt {
  readonly litmus: Litmus;
  readonly runs: number;
  /** The run that caught the fault, or the last. */
  readonly result: LitmusResult;
  readonly isCaught: boolean;
}

/** Runs the fault's litmus test on the product with the fault in it, until it is caught. */
export async function hunt(root: string, fault: Fault, seed: number, runsMax: number): Promise<Hunt> {
  const litmus = LITMUS_TESTS.find(({ name }) => name === fault.caughtBy);
  if (litmus === undefined) throw new Error(`${fault.name} is to be caught by ${fault.caughtBy}, which is no test`);
  const thread = await buildThread(root, { name: fault.name, plugin: plant(fault, root) });
  try {
    for (let runs = 1; ; runs += 1) {
      const options = { messages: MESSAGES, seed: seed + runs, msMax: MS_MAX, sleepMsMax: SLEEP_MS_MAX };
      const result = await runLitmus(thread, litmus, options);
      const isCaught = forbiddenIn(litmus, result.counts) > 0;
      if (isCaught || runs === runsMax) return { litmus, runs, result, isCaught };
    }
  } finally {
    thread.remove();
  }
}

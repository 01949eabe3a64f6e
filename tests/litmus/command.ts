/**
 * `npm run litmus`: the litmus tests with as many messages as one likes, each with its table of outcomes. `--faults`
 * plants one deliberate fault after another instead, each of which must lead to a forbidden outcome. Ends with 1 when a
 * promise was broken, or a fault was not noticed.
 */
import { parseArgs } from "node:util";
import { FAULTS } from "./broken.js";
import { LITMUS_TESTS } from "./cases.js";
import { hunt } from "./hunt.js";
import { forbiddenIn } from "./litmus.js";
import { tableOf } from "./report.js";
import { buildThread, runLitmus } from "./run-litmus.js";

const MESSAGES = 10_000_000;
const SLEEP_MS_MAX = 60_000;
const FAULT_RUNS_MAX = 50;

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: String(MESSAGES) },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    only: { type: "string", default: "" },
    faults: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const messages = Number(values.messages);
if (!(messages > 0) || !Number.isInteger(seed)) {
  process.stderr.write(`litmus: --messages and --seed are numbers (were ${values.messages}, ${values.seed})\n`);
  process.exit(2);
}
const say = (lines: readonly string[]): void => {
  if (!values.json) process.stdout.write(`${lines.join("\n")}\n`);
};
const failed = values.faults ? await plantFaults() : await runTests();
process.exitCode = failed === 0 ? 0 : 1;

/** How many tests observed what is forbidden. */
async function runTests(): Promise<number> {
  const thread = await buildThread(process.cwd());
  const results = [];
  try {
    for (const litmus of LITMUS_TESTS.filter(({ name }) => name.startsWith(values.only))) {
      // A microsecond a message is several times what the slowest test takes.
      const msMax = SLEEP_MS_MAX * 2 + messages / 100;
      const result = await runLitmus(thread, litmus, { messages, seed, msMax, sleepMsMax: SLEEP_MS_MAX });
      say(tableOf(litmus, result));
      results.push({ ...result, forbidden: forbiddenIn(litmus, result.counts) });
    }
  } finally {
    thread.remove();
  }
  const bad = results.filter(({ forbidden }) => forbidden > 0).length;
  say([`${results.length} tests, ${bad} with a forbidden outcome`]);
  if (values.json) process.stdout.write(`${JSON.stringify({ results })}\n`);
  return bad;
}

/** How many faults went unnoticed. */
async function plantFaults(): Promise<number> {
  const results = [];
  for (const fault of FAULTS.filter(({ name }) => name.startsWith(values.only))) {
    const { litmus, runs, result, isCaught } = await hunt(process.cwd(), fault, seed, FAULT_RUNS_MAX);
    say([`${fault.name}: ${fault.what}: ${isCaught ? "caught" : "UNNOTICED"}, ${runs} runs`]);
    say(tableOf(litmus, result));
    results.push({ name: fault.name, runs, isCaught, counts: result.counts });
  }
  const unnoticed = results.filter(({ isCaught }) => !isCaught).length;
  say([`${results.length} faults, ${unnoticed} unnoticed`]);
  if (values.json) process.stdout.write(`${JSON.stringify({ results })}\n`);
  return unnoticed;
}

/** Stepping through a journal by commands: each shows where it leads, in one line an input and one an output. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Notes, openWalk } from "../cli/replay/open-journal.js";
import { stepThrough } from "../cli/replay/step.js";
import type { Step } from "../research/replay/replay-walk.js";
import { START_US } from "./support/engine.js";
import { CollectedOutput, type WrittenRun, writeRun } from "./support/replay-journal.js";

let directory: string;
let run: WrittenRun;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sluice-step-"));
  run = await writeRun(directory, { count: 400, seed: 4 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What each command says; `skip` inputs are behind already. */
async function said(commands: readonly string[], skip = 0): Promise<string[][]> {
  const walk = openWalk(directory);
  let reached: Step | null = null;
  for (let taken = 0; taken < skip; taken += 1) reached = walk.next();
  const output = new CollectedOutput();
  const answers: string[][] = [];
  async function* typed(): AsyncGenerator<string> {
    for (const command of commands) {
      output.lines.length = 0;
      yield command;
      answers.push([...output.lines]);
    }
  }
  await stepThrough(walk, reached, START_US, new Notes(), output, typed());
  return answers;
}

const records = () => run.recording.decoded;
const outputsOf = (sequence: number): number =>
  records().filter((each) => each.sequence === sequence && each.index > 0).length;
const nextWith = (type: string, after: number): number =>
  records().find((each) => each.type === type && each.sequence > after)!.sequence;

test("enter goes to the next input and shows what it caused", async () => {
  const [first, second] = await said(["", ""]);
  expect(first[0]).toMatch(/^#1 {2}00:00:00\.000000 {2}config life 1, paper, fresh$/);
  expect(first).toHaveLength(1 + outputsOf(1));
  expect(second[0]).toMatch(/^#2 {2}/);
});

test("n goes on by so many, and shows each", async () => {
  const [many, one] = await said(["n 20", "n"]);
  expect(many.filter((line) => line.startsWith("#"))).toEqual(many.filter((line) => /^#(\d|1\d|20) /.test(line)));
  expect(many.at(-1 - outputsOf(20))).toMatch(/^#20 /);
  expect(one[0]).toMatch(/^#21 /);
});

test("o and f go to the next order and the next fill, and say whose handler it was", async () => {
  const [order, fill, again] = await said(["o", "f", "f"]);
  const [orderAt, fillAt] = [nextWith("SubmitOrder", 0), nextWith("Fill", nextWith("SubmitOrder", 0))];
  expect(order[0]).toMatch(new RegExp(`^#${orderAt} `));
  expect(order.find((line) => line.includes("submit-order"))).toMatch(
    / {3}by (ema-cross|market-maker)\.on(Trade|Book)$/,
  );
  expect(fill[0]).toMatch(new RegExp(`^#${fillAt} .*fill-report`));
  expect(again[0]).toMatch(new RegExp(`^#${nextWith("Fill", fillAt)} `));
});

test("u goes on until a condition holds, and a mistake is answered without losing the place", async () => {
  const [here, unknown, never] = await said(["u seq == 50", "u foo == 1", "u", "n 0", "dance"], 10).then((all) => [
    all[0],
    all[1],
    all.slice(2).flat(),
  ]);
  expect(here[0]).toMatch(/^#50 /);
  expect(unknown[0]).toContain('there is no "foo"');
  expect(never.join("\n")).toContain("u takes a condition");
  expect(never.join("\n")).toContain('n takes how many inputs to go on, such as: n 20; was "0"');
  expect(never.join("\n")).toContain('there is no command "dance"');
  expect((await said(["u seq == 50", "u foo == 1", ""]))[2][0]).toMatch(/^#51 /);
});

test("s shows the state there, which is the run's own", async () => {
  const [none, , state] = await said(["s", "n 77", "s"]);
  expect(none).toEqual(["there is no state before the first input"]);
  expect(state.join("\n")).toContain(`state hash ${run.hashes[77]}`);
});

test("the end of the journal is told, whatever leads there", async () => {
  const last = run.engine.sequence;
  for (const command of [`n ${last}`, "o", "f", ""]) {
    const answers = await said([command], command === "" ? last : last - 1);
    expect(answers[0].at(-1), command).toContain(`the journal ends here, at sequence ${last}`);
  }
  const [never, state] = await said(["u pnl < -100000", "s"]);
  expect(never[0]).toMatch(/^never true: /);
  expect(state.join("\n")).toContain(`state hash ${run.hashes[last]}`);
});

test("q ends it", async () => {
  expect(await said(["", "q", ""])).toHaveLength(1);
});

/** What other threads find becomes a change of the trading state: each finding once, and each end of one once. */
import { beforeEach, expect, test } from "vitest";
import { JournalState } from "../actors/journal/journal-agent.js";
import { TradingGuard } from "../actors/trading-guard.js";
import { OperatorAction } from "../schemas/index.js";

const counters: Record<string, number> = {};
const commands: [action: number, reason: string][] = [];
let guard: TradingGuard;
let isFeedAway = false;

beforeEach(() => {
  for (const name of Object.keys(counters)) delete counters[name];
  commands.length = 0;
  isFeedAway = false;
  guard = new TradingGuard({
    counters: { get: (name) => counters[name] ?? 0 },
    command: (action, reason) => void commands.push([action, reason]),
    isFeedAway: () => isFeedAway,
  });
});

/** Looks several times at the same findings. */
function look(): void {
  for (let time = 0; time < 3; time += 1) guard.work();
}

test("says nothing while all is well", () => {
  look();
  expect([commands, guard.work()]).toEqual([[], 0]);
});

test.each([
  ["slow", JournalState.slow],
  ["blocked", JournalState.blocked],
])("suspends trading once while the disk is %s, and ends that once", (_what, state) => {
  counters["journal.state"] = state;
  look();
  expect(commands).toEqual([[OperatorAction.Suspend, "the journal's disk does not keep up"]]);
  counters["journal.state"] = JournalState.ok;
  look();
  expect(commands.slice(1)).toEqual([[OperatorAction.Unsuspend, "the journal's disk keeps up again"]]);
});

test("does not suspend again when a slow disk refuses altogether", () => {
  for (const state of [JournalState.slow, JournalState.blocked, JournalState.slow]) {
    counters["journal.state"] = state;
    look();
  }
  expect(commands).toHaveLength(1);
});

test("suspends anew when the disk falls behind anew", () => {
  for (const state of [JournalState.blocked, JournalState.ok, JournalState.slow, JournalState.ok]) {
    counters["journal.state"] = state;
    look();
  }
  const { Suspend, Unsuspend } = OperatorAction;
  expect(commands.map(([action]) => action)).toEqual([Suspend, Unsuspend, Suspend, Unsuspend]);
});

test("halts once when the shadow comes to other results, and never takes that back", () => {
  counters["archive.diverged"] = 1;
  look();
  counters["archive.diverged"] = 0;
  look();
  counters["archive.diverged"] = 1;
  look();
  const why = "the shadow engine came to other results from the same inputs";
  expect(commands).toEqual([[OperatorAction.Halt, why]]);
});

test("halts once when no more reports of the venue can wait, and leaves it to the operator", () => {
  counters["gateway.overfull"] = 1;
  look();
  counters["gateway.overfull"] = 0;
  look();
  counters["gateway.overfull"] = 1;
  look();
  const why = "the engine does not take the venue's reports, and no more can wait";
  expect(commands).toEqual([[OperatorAction.Halt, why]]);
});

test("acts on the disk and on the shadow, each for itself", () => {
  counters["journal.state"] = JournalState.slow;
  counters["archive.diverged"] = 1;
  expect(guard.work()).toBe(2);
  counters["journal.state"] = JournalState.ok;
  look();
  const { Suspend, Halt, Unsuspend } = OperatorAction;
  expect(commands.map(([action]) => action)).toEqual([Suspend, Halt, Unsuspend]);
});

test("suspends trading once while the feed's thread is gone, and ends that once", () => {
  isFeedAway = true;
  look();
  isFeedAway = false;
  look();
  expect(commands).toEqual([
    [OperatorAction.Suspend, "the feed's thread is gone"],
    [OperatorAction.Unsuspend, "the feed's thread is back"],
  ]);
});

test("of two troubles the last one's end is the suspension's", () => {
  counters["journal.state"] = JournalState.slow;
  look();
  isFeedAway = true;
  look();
  counters["journal.state"] = JournalState.ok;
  look();
  expect(commands).toHaveLength(1);
  isFeedAway = false;
  look();
  expect(commands.map(([action]) => action)).toEqual([OperatorAction.Suspend, OperatorAction.Unsuspend]);
});

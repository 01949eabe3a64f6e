/**
 * The promises of the venue's clock: venue time is real time × speed, begins at the start and stands while paused; and
 * what fell behind is asked for turn by turn, not timer by timer. Time is faked, so it decides nothing by itself.
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pacer } from "../feeds/local-venue/pacer.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setImmediate", "clearImmediate", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("venue time is real time × speed since the first start, without the pauses", () => {
  const { pacer, asked } = watchedPacer(2);
  vi.advanceTimersByTime(500);
  expect(asked).toEqual([]);
  pacer.start();
  vi.advanceTimersByTime(100);
  pacer.start();
  expect(asked.at(-1)).toBe(200_000);
  pacer.pause();
  pacer.pause();
  vi.advanceTimersByTime(1000);
  expect(asked.at(-1)).toBe(200_000);
  pacer.resume();
  pacer.resume();
  vi.advanceTimersByTime(100);
  expect(asked.at(-1)).toBe(400_000);
  pacer.pause();
});

test("a start while paused takes effect at resume, from zero", () => {
  const { pacer, asked } = watchedPacer(1);
  pacer.pause();
  pacer.start();
  vi.advanceTimersByTime(1000);
  expect(asked).toEqual([]);
  pacer.resume();
  vi.advanceTimersByTime(40);
  expect(asked.at(-1)).toBe(40_000);
  pacer.pause();
});

test("at speed 0 nothing is ever due", () => {
  const { pacer, asked } = watchedPacer(0);
  pacer.start();
  pacer.pause();
  pacer.resume();
  vi.advanceTimersByTime(1000);
  expect(asked).toEqual([]);
});

test("a backlog is worked off in turns of the event loop, and a pause ends that too", () => {
  let backlog = 5;
  let turns = 0;
  const pacer = new Pacer(1, () => {
    turns++;
    backlog = Math.max(0, backlog - 1);
    return backlog > 0;
  });
  pacer.start();
  // The faked clock gives each turn of the event loop a millisecond; by timers alone there would be two.
  vi.advanceTimersByTime(9);
  expect(backlog).toBe(0);
  backlog = 5;
  vi.advanceTimersToNextTimer();
  pacer.pause();
  const before = turns;
  vi.advanceTimersByTime(100);
  expect(turns).toBe(before);
});

function watchedPacer(speed: number): { pacer: Pacer; asked: number[] } {
  const asked: number[] = [];
  const pacer = new Pacer(speed, (nowUs) => {
    asked.push(Math.round(nowUs));
    return false;
  });
  return { pacer, asked };
}

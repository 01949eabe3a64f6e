/** What a thread says of its time: counts are exact, and times are those of the clock that it is given. */
import { describe, expect, test } from "vitest";
import type { Agent } from "../actors/agent/agent.js";
import { runBlocking } from "../actors/agent/blocking-runner.js";
import { CompositeAgent } from "../actors/agent/composite.js";
import { AGENTS_MAX, ROLE_BYTES } from "../actors/agent/duty-layout.js";
import { type DutyReading, dutyShares } from "../actors/agent/duty-reading.js";
import { EventLoopRunner } from "../actors/agent/event-loop-runner.js";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const makeControl = () => new ThreadControl(sharedViewsOf(new SharedArrayBuffer(ThreadControl.bytesFor())), 0);

/** A clock that a test moves. */
class HandClock {
  us = 1_000;
  reads = 0;
  readonly stamp = (into: Float64Array, index: number): void => {
    this.reads += 1;
    into[index] = this.us;
  };
}

const START = { ...makeControl().duty(1_000), atUs: 1_000 } satisfies DutyReading;

describe("a duty cycle", () => {
  test("reads no clock while there is work", () => {
    const clock = new HandClock();
    const duty = makeControl().dutyCycle(clock.stamp);
    for (let cycle = 0; cycle < 10_000; cycle += 1) duty.count(3);
    expect(clock.reads).toBe(0);
  });

  test("tells work, idle looks and sleep apart by the clock alone", () => {
    const clock = new HandClock();
    const control = makeControl();
    const duty = control.dutyCycle(clock.stamp);
    // 1000 idle cycles of 2 µs, one busy one of 3000 µs, and a sleep of 5000 µs.
    for (let cycle = 0; cycle < 1_000; cycle += 1) {
      clock.us += 2;
      duty.count(0);
    }
    clock.us += 3_000;
    duty.count(7);
    duty.park();
    clock.us += 5_000;
    duty.wake(true);
    const reading = control.duty(clock.us);
    expect(reading).toMatchObject({ busy: 1, idle: 1_000, items: 7, parks: 1, woken: 1, asleepUs: 5_000 });
    expect(reading.idleCycleUs).toBe(2);
    expect(dutyShares(START, reading)).toEqual({ working: 0.3, spinning: 0.2, asleep: 0.5 });
  });

  test("counts the sleep under way", () => {
    const clock = new HandClock();
    const control = makeControl();
    control.dutyCycle(clock.stamp).park();
    const reading = control.duty(clock.us + 400);
    expect(reading).toMatchObject({ isAsleep: true, asleepUs: 400, woken: 0 });
    expect(dutyShares(START, reading)).toEqual({ working: 0, spinning: 0, asleep: 1 });
  });

  test("does not take an interruption by the host for the time of a look", () => {
    const clock = new HandClock();
    const control = makeControl();
    const duty = control.dutyCycle(clock.stamp);
    for (let cycle = 0; cycle < 4 * 256 + 1; cycle += 1) {
      clock.us += cycle === 256 ? 4_000 : 1;
      duty.count(0);
    }
    expect(control.duty(clock.us).idleCycleUs).toBe(1);
  });

  test("has no shares before time has passed, and none outside of 0 to 1 when its figures do not quite agree", () => {
    expect(dutyShares(START, START)).toBeNull();
    const skewed = { ...START, atUs: 2_000, asleepUs: 900, idle: 400, idleCycleUs: 1 };
    expect(dutyShares(START, skewed)).toEqual({
      working: expect.closeTo(0),
      spinning: expect.closeTo(0.1),
      asleep: 0.9,
    });
  });

  test("goes on from the counts of a runner before it", () => {
    const control = makeControl();
    const { doorbell } = makeControl();
    for (const items of [5, 6]) {
      const duty = control.dutyCycle(new HandClock().stamp);
      duty.count(items);
      doorbell.arm();
      doorbell.ring();
      duty.show();
    }
    expect(control.duty(0)).toMatchObject({ busy: 2, items: 11, rung: 2 });
  });

  test("counts the sleepers that the thread has woken, and no ring at a bell that is not armed", () => {
    const control = makeControl();
    const duty = control.dutyCycle(new HandClock().stamp);
    const { doorbell } = makeControl();
    for (let ring = 0; ring < 5; ring += 1) doorbell.ring();
    doorbell.arm();
    for (let ring = 0; ring < 5; ring += 1) doorbell.ring();
    duty.park();
    expect(control.duty(0).rung).toBe(1);
  });
});

/** An agent that works off the steps it is given. */
const stepper = (role: string, steps: number[]): Agent => ({ role, work: () => steps.shift() ?? 0 });

describe("agents of one thread", () => {
  test("are counted each for itself, by name", () => {
    const control = makeControl();
    const crew = new CompositeAgent([stepper("a", [1, 0, 4]), stepper("b", [0, 0, 2])], control.dutyCycle());
    for (let cycle = 0; cycle < 3; cycle += 1) crew.work();
    expect(control.duty(0).agents).toEqual([
      { role: "a", busy: 2, items: 5 },
      { role: "b", busy: 1, items: 2 },
    ]);
  });

  test("beyond the rows that there are work uncounted, and a long name is cut", () => {
    const control = makeControl();
    const many = Array.from({ length: AGENTS_MAX + 2 }, (_, at) => stepper(`${at}`.padEnd(50, "x"), [1]));
    expect(new CompositeAgent(many, control.dutyCycle()).work()).toBe(AGENTS_MAX + 2);
    const { agents } = control.duty(0);
    expect(agents.length).toBe(AGENTS_MAX);
    expect(agents.every(({ role, items }) => role.length === ROLE_BYTES && items === 1)).toBe(true);
  });
});

describe("runners", () => {
  const idle = { spinsMax: 2, parkMs: 1 };

  test("the blocking one counts cycles, items and sleeps", () => {
    const control = makeControl();
    const stop = (): number => {
      control.requestStop();
      return 1;
    };
    const steps = [() => 3, () => 0, () => 0, () => 0, () => 0, stop];
    const agent: Agent = { role: "a", work: () => steps.shift()?.() ?? 0 };
    runBlocking([agent], control, idle, () => {});
    // After the third idle cycle it arms its bell, looks once more, and sleeps.
    expect(control.duty(0)).toMatchObject({ busy: 2, idle: 4, items: 4, parks: 1, woken: 0, isAsleep: false });
  });

  test("the event-loop one takes its sleep from the loop's own account", async () => {
    const control = makeControl();
    let idleMs = 100;
    const steps = [() => 3, () => 0, () => 0, () => 0, () => 0];
    const agent: Agent = { role: "a", work: () => steps.shift()?.() ?? 0 };
    const runner = new EventLoopRunner(
      [agent],
      control,
      { spinsMax: 2, parkMs: 600_000 },
      () => {},
      () => idleMs,
    ).start();
    while (!control.doorbell.isArmed) await new Promise(setImmediate);
    idleMs = 142;
    await runner.stop();
    expect(control.duty(0)).toMatchObject({ busy: 1, idle: 4, items: 3, parks: 1, asleepUs: 42_000, isAsleep: false });
  });
});

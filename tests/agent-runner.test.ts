/** Runners, the composite and the doorbell on one thread; real threads are in ring-threads. */
import { describe, expect, test } from "vitest";
import type { Agent } from "../actors/agent/agent.js";
import { runBlocking } from "../actors/agent/blocking-runner.js";
import { CompositeAgent } from "../actors/agent/composite.js";
import { EventLoopRunner } from "../actors/agent/event-loop-runner.js";
import { IDLE, IdleCount, type IdleStrategy } from "../actors/agent/idle.js";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const sleepsLong: IdleStrategy = { spinsMax: 2, parkMs: 600_000 };

function makeControl(): ThreadControl {
  return new ThreadControl(sharedViewsOf(new SharedArrayBuffer(ThreadControl.bytesFor())), 0);
}

/** An agent that writes down what is done to it, and works off the steps it is given. */
class Recorder implements Agent {
  readonly role: string;
  private readonly diary: string[];
  private readonly steps: (() => number)[];

  constructor(role: string, diary: string[], steps: (() => number)[] = []) {
    this.role = role;
    this.diary = diary;
    this.steps = steps;
  }

  onStart(): void {
    this.diary.push(`${this.role} starts`);
  }

  work(): number {
    return this.steps.shift()?.() ?? 0;
  }

  onClose(): void {
    this.diary.push(`${this.role} closes`);
  }
}

const fail = (message: string) => (): never => {
  throw new Error(message);
};

describe("several agents on one thread", () => {
  test("are started, worked and closed in order", () => {
    const diary: string[] = [];
    const crew = new CompositeAgent([new Recorder("a", diary, [() => 2]), new Recorder("b", diary, [() => 3])]);
    crew.onStart();
    expect([crew.role, crew.work(), crew.work()]).toEqual(["a+b", 5, 0]);
    crew.onClose();
    crew.onClose();
    expect(diary).toEqual(["a starts", "b starts", "a closes", "b closes"]);
  });

  test("are all closed though one of them throws while closing, and the first error is the one thrown", () => {
    const diary: string[] = [];
    const bad = (role: string): Agent => ({ role, work: () => 0, onClose: fail(role) });
    const crew = new CompositeAgent([bad("a"), bad("b"), new Recorder("c", diary)]);
    crew.onStart();
    expect(() => crew.onClose()).toThrow("a");
    expect([crew.currentRole, diary.at(-1)]).toEqual(["a", "c closes"]);
  });

  test("which were not begun, because one before them failed to start, are not closed", () => {
    const diary: string[] = [];
    const half: Agent = {
      role: "half",
      work: () => 0,
      onStart: fail("no file"),
      onClose: () => void diary.push("half closes"),
    };
    const crew = new CompositeAgent([new Recorder("a", diary), half, new Recorder("c", diary)]);
    expect(() => crew.onStart()).toThrow("no file");
    crew.onClose();
    expect(diary).toEqual(["a starts", "a closes", "half closes"]);
  });
});

/** Both runners, as a function that settles when the agents are closed. */
const runners = {
  blocking: async (agents: Agent[], control: ThreadControl, onError = (): void => {}) =>
    runBlocking(agents, control, { spinsMax: 2, parkMs: 1 }, onError),
  "event-loop": async (agents: Agent[], control: ThreadControl, onError = (): void => {}) =>
    new EventLoopRunner(agents, control, { spinsMax: 2, parkMs: 1 }, onError).start().done,
} as Record<
  string,
  (agents: Agent[], control: ThreadControl, onError?: (e: unknown, role: string) => void) => Promise<void>
>;

describe.each(Object.keys(runners))("the %s runner", (name) => {
  const run = runners[name];

  test("works through idle times until asked to stop, beats, and closes in order", async () => {
    const control = makeControl();
    const diary: string[] = [];
    const stop = (): number => {
      control.requestStop();
      return 1;
    };
    const idle = Array.from({ length: 20 }, () => () => 0);
    await run([new Recorder("a", diary, [() => 1, ...idle, stop]), new Recorder("b", diary)], control);
    expect(diary).toEqual(["a starts", "b starts", "a closes", "b closes"]);
    expect(control.beats).toBeGreaterThan(10);
  });

  test("does nothing when the stop was asked for before it began", async () => {
    const control = makeControl();
    const diary: string[] = [];
    control.requestStop();
    await run([new Recorder("a", diary, [fail("worked")])], control);
    expect(diary).toEqual(["a starts", "a closes"]);
  });

  test("names the agent that threw, closes all in order and throws its error", async () => {
    const diary: string[] = [];
    const told: string[] = [];
    const agents = [new Recorder("a", diary), new Recorder("b", diary, [fail("disk full")]), new Recorder("c", diary)];
    const ran = run(agents, makeControl(), (error, role) => told.push(`${role}: ${(error as Error).message}`));
    await expect(ran).rejects.toThrow("disk full");
    expect(told).toEqual(["b: disk full"]);
    expect(diary.slice(3)).toEqual(["a closes", "b closes", "c closes"]);
  });

  test("tells of an error while closing too, and throws the first", async () => {
    const told: string[] = [];
    const agent: Agent = { role: "a", work: fail("first"), onClose: fail("second") };
    const ran = run([agent], makeControl(), (error) => told.push((error as Error).message));
    await expect(ran).rejects.toThrow("first");
    expect(told).toEqual(["first", "second"]);
  });
});

describe("the event-loop runner", () => {
  test("lets timers and sockets have their turn while there is work without end", async () => {
    const control = makeControl();
    const runner = new EventLoopRunner([{ role: "busy", work: () => 1 }], control, sleepsLong, () => {}).start();
    await new Promise((resolve) => setTimeout(resolve, 1));
    // The timer may have come before the runner's first turn.
    while (control.beats === 0) await new Promise(setImmediate);
    await runner.stop();
  });

  test("sleeps when idle and is woken by its doorbell, again and again", async () => {
    const control = makeControl();
    let calls = 0;
    const agent: Agent = { role: "idle", work: () => 0 * ++calls };
    const runner = new EventLoopRunner([agent], control, sleepsLong, () => {}).start();
    for (let round = 0; round < 50; round += 1) {
      while (!control.doorbell.isArmed) await new Promise(setImmediate);
      const before = calls;
      control.doorbell.ring();
      while (calls === before) await new Promise(setImmediate);
    }
    await runner.stop();
  });

  test("sleeps no longer than its longest sleep", async () => {
    let calls = 0;
    const agent: Agent = { role: "idle", work: () => 0 * ++calls };
    const runner = new EventLoopRunner([agent], makeControl(), { spinsMax: 0, parkMs: 1 }, () => {}).start();
    while (calls < 20) await new Promise((resolve) => setTimeout(resolve, 1));
    await runner.stop();
  });

  test("is woken by a handler on its own thread", async () => {
    const control = makeControl();
    const inbox: number[] = [];
    const agent: Agent = { role: "inbox", work: () => inbox.splice(0).length };
    const runner = new EventLoopRunner([agent], control, sleepsLong, () => {}).start();
    while (!control.doorbell.isArmed) await new Promise(setImmediate);
    inbox.push(1);
    runner.wake();
    while (inbox.length > 0) await new Promise(setImmediate);
    await runner.stop();
    expect(() => runner.start()).toThrow(/starts once/);
  });
});

describe("a doorbell", () => {
  test("rung between arming and waiting does not let the thread sleep", () => {
    const { doorbell } = makeControl();
    doorbell.arm();
    doorbell.ring();
    // Would end only at the test's time limit if the ring had been lost.
    doorbell.wait(600_000);
    expect(doorbell.isArmed).toBe(false);
  });

  test("is disarmed after a sleep that nobody ended", () => {
    const { doorbell } = makeControl();
    doorbell.arm();
    doorbell.wait(1);
    expect(doorbell.isArmed).toBe(false);
  });
});

test("a thread parks after its idle spins in a row, and a dedicated one never", () => {
  const shared = new IdleCount({ spinsMax: 2, parkMs: 1 });
  expect([0, 0, 1, 0, 0, 0].map((done) => shared.shouldPark(done))).toEqual([false, false, false, false, false, true]);
  const dedicated = new IdleCount(IDLE.dedicated);
  let parks = 0;
  for (let spin = 0; spin < 100_000; spin += 1) parks += Number(dedicated.shouldPark(0));
  expect(parks).toBe(0);
});

describe("a thread that sleeps in its event loop", () => {
  const start = (agent: Agent, control = makeControl()) =>
    new EventLoopRunner([agent], control, sleepsLong, () => {}).start();
  const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("looks again when an agent asked for it, and not otherwise", async () => {
    let calls = 0;
    let asksMs = 1;
    const runner = start({ role: "timed", work: () => 0 * ++calls, nextWorkMs: () => asksMs });
    while (calls < 50) await pass(1);
    asksMs = Number.POSITIVE_INFINITY;
    await pass(10);
    const before = calls;
    await pass(50);
    expect(calls).toBe(before);
    await runner.stop();
  });

  test("does not spin when an agent says that it is overdue and then does nothing", async () => {
    let calls = 0;
    const runner = start({ role: "overdue", work: () => 0 * ++calls, nextWorkMs: () => -1 });
    await pass(50);
    // Each look is one after a sleep of a millisecond at least, with the cycles before the next.
    expect(calls).toBeLessThan(50 * 8);
    await runner.stop();
  });

  test("is looked at once for many small events", async () => {
    const control = makeControl();
    let calls = 0;
    const runner = start({ role: "lazy", work: () => 0 * ++calls }, control);
    while (!control.doorbell.isArmed) await new Promise(setImmediate);
    const before = calls;
    for (let event = 0; event < 1_000; event += 1) runner.wakeWithin(1);
    while (calls === before) await pass(1);
    await pass(20);
    expect(calls - before).toBeLessThan(8);
    await runner.stop();
  });
});

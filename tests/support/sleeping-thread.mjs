/**
 * A thread with an event loop whose agent answers numbers in shared memory, for tests of how it sleeps. It has no timer
 * that could rescue it: its longest sleep is ten minutes. With `busyMs` a handler on it blocks the loop now and then.
 */
import { workerData } from "node:worker_threads";
import { EventLoopRunner } from "../../dist/actors/agent/event-loop-runner.js";
import { ThreadControl } from "../../dist/actors/agent/thread-control.js";
import { sharedViewsOf } from "../../dist/actors/ring/views.js";

const { buffer, controlAt, askedAt, answeredAt, busyMs } = workerData;
const views = sharedViewsOf(buffer);
const control = new ThreadControl(views, controlAt);

const echo = {
  role: "echo",
  work() {
    const asked = Atomics.load(views.i32, askedAt >> 2);
    if (asked === Atomics.load(views.i32, answeredAt >> 2)) return 0;
    Atomics.store(views.i32, answeredAt >> 2, asked);
    return 1;
  },
};

const pest =
  busyMs > 0 ? setInterval(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyMs), 7) : 0;
const runner = new EventLoopRunner([echo], control, { spinsMax: 2, parkMs: 600_000 }, (error) => {
  throw error;
}).start();
void runner.done.finally(() => clearInterval(pest));

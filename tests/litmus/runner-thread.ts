/**
 * A thread under one of the product's runners that sends each message which arrives back over a second ring, and stops
 * itself after so many: two of them take turns, and each must wake the other. The test bundles it.
 */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import type { Agent } from "../../actors/agent/agent.js";
import { runBlocking } from "../../actors/agent/blocking-runner.js";
import { EventLoopRunner } from "../../actors/agent/event-loop-runner.js";
import type { IdleStrategy } from "../../actors/agent/idle.js";
import { ThreadControl } from "../../actors/agent/thread-control.js";
import { NONE } from "../../actors/ring/layout.js";
import { SpscProducer } from "../../actors/ring/spsc.js";
import { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../../actors/ring/views.js";
import { controlOf, identity } from "./stage.js";

export interface RunnerThreadData {
  readonly buffer: SharedArrayBuffer;
  readonly requests: number;
  readonly replies: number;
  readonly messages: number;
  readonly thread: number;
  readonly peer: number;
  readonly idle: IdleStrategy;
  readonly runner: "blocking" | "event-loop";
}

class Echo implements Agent {
  readonly role = "echo";
  passed = 0;
  private readonly data: RunnerThreadData;
  private readonly views: SharedViews;
  private readonly own: ThreadControl;
  private readonly peer: ThreadControl;
  private readonly requests: SpscConsumer;
  private readonly replies: SpscProducer;

  constructor(data: RunnerThreadData, views: SharedViews, own: ThreadControl) {
    this.data = data;
    this.views = views;
    this.own = own;
    this.peer = new ThreadControl(views, controlOf(data.peer));
    this.requests = SpscConsumer.join(views, data.requests, identity);
    this.replies = SpscProducer.join(views, data.replies, identity);
  }

  work(): number {
    const at = this.requests.next();
    if (at === NONE) return 0;
    assert.equal(this.requests.type, 1, "an echo takes messages of type 1");
    const out = this.replies.claim(1, 8);
    this.views.i32[out >> 2] = this.views.i32[at >> 2];
    this.replies.commit();
    this.replies.publish();
    this.requests.release();
    this.passed += 1;
    this.peer.doorbell.ring();
    if (this.passed === this.data.messages) this.own.requestStop();
    return 1;
  }
}

async function run(data: RunnerThreadData): Promise<number> {
  const views = sharedViewsOf(data.buffer);
  const control = new ThreadControl(views, controlOf(data.thread));
  const echo = new Echo(data, views, control);
  // The error itself reaches the test, as the thread's end.
  const ignore = (): void => {};
  if (data.runner === "blocking") runBlocking([echo], control, data.idle, ignore);
  else await new EventLoopRunner([echo], control, data.idle, ignore).start().done;
  return echo.passed;
}

// Awaited and not left to a promise, so that an error ends the thread.
parentPort!.postMessage(await run(workerData as RunnerThreadData));

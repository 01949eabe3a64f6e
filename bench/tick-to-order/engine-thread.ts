/**
 * The engine's own thread, started as it is, with an eye on its garbage collector: the runner beats once a duty
 * cycle, and there the counter looks whether somebody has asked.
 */
import { workerData } from "node:worker_threads";
import { ThreadControl } from "../../actors/agent/thread-control.js";
import { CollectionCounter } from "./collections.js";

export interface ProbedThreadData {
  readonly probe: SharedArrayBuffer;
}

const counter = new CollectionCounter((workerData as ProbedThreadData).probe);
const { beat } = ThreadControl.prototype;
ThreadControl.prototype.beat = function beatAndLook(this: ThreadControl): void {
  beat.call(this);
  counter.look();
};
await import("../../actors/threads/thread.js");

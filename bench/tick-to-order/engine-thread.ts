/**
 * The engine's own thread, started as it is, on a core of its own where it can be, with an eye on its garbage
 * collector: the runner beats once a duty cycle, and there the benchmark looks in.
 */
import { workerData } from "node:worker_threads";
import { pinThisThread, usableCores } from "../../actors/affinity.js";
import { ThreadControl } from "../../actors/agent/thread-control.js";
import { CollectionCounter } from "./collections.js";
import { Guest } from "./guest.js";

export interface ProbedThreadData {
  readonly probe: SharedArrayBuffer;
  readonly guest?: SharedArrayBuffer;
}

const { probe, guest: guestBuffer } = workerData as ProbedThreadData;
const cores = usableCores();
if (guestBuffer !== undefined && cores.length > 1) pinThisThread([cores[1]]);
const counter = new CollectionCounter(probe);
const guest = guestBuffer === undefined ? null : new Guest(guestBuffer);
const { beat } = ThreadControl.prototype;
ThreadControl.prototype.beat = function beatAndLook(this: ThreadControl): void {
  beat.call(this);
  counter.look();
  if (guest !== null) guest.look();
};
await import("../../actors/threads/thread.js");

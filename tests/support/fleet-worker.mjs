/**
 * One thread of a fleet, on built output. Its actors pass tokens on to the actor with the next id, which with ids dealt
 * out in turn lives on the other thread, and count them. A token carries the hops it has left.
 */
import { parentPort, workerData } from "node:worker_threads";
import { runBlocking } from "../../dist/actors/agent/blocking-runner.js";
import { IDLE } from "../../dist/actors/agent/idle.js";
import { ThreadControl } from "../../dist/actors/agent/thread-control.js";
import { FleetAgent } from "../../dist/actors/fleet/fleet-agent.js";
import { FleetMap } from "../../dist/actors/fleet/fleet-map.js";
import { Post } from "../../dist/actors/fleet/post.js";
import { NONE } from "../../dist/actors/ring/layout.js";
import { MpscProducer } from "../../dist/actors/ring/mpsc.js";
import { MpscConsumer } from "../../dist/actors/ring/mpsc-consumer.js";
import { sharedViewsOf } from "../../dist/actors/ring/views.js";

const { buffer, identity, thread, actors, tokens, controls, inboxes } = workerData;
const views = sharedViewsOf(buffer);
const map = new FleetMap(actors, inboxes.length);
const bells = controls.map((at) => new ThreadControl(views, at));
const post = new Post(
  map,
  views,
  inboxes.map((at, other) => ({ inbox: MpscProducer.join(views, at, identity, thread), bell: bells[other].doorbell })),
);
const COUNT = 0;
let arrived = 0;
const passer = {
  name: "passer",
  stateDoubles: 8,
  onMessage(cell, type, _from, { i32 }, at) {
    const left = i32[at >> 2];
    cell.states[cell.state + COUNT] += 1;
    if (left === 0) return arrive();
    const payload = cell.claim((cell.id + 1) % actors, type, 8);
    if (payload === NONE) throw new Error("the inbox is full");
    i32[payload >> 2] = left - 1;
    cell.send();
  },
};
/** All tokens end on the same thread. */
function arrive() {
  arrived += 1;
  if (arrived === tokens) bells[thread].requestStop();
}

const errors = [];
const agent = new FleetAgent({
  thread,
  inbox: MpscConsumer.join(views, inboxes[thread], identity),
  post,
  kinds: [passer],
  kindOf: () => 0,
  onError: (error) => errors.push(String(error)),
});
parentPort.postMessage("ready");
runBlocking([agent], bells[thread], IDLE.shared, (error) => errors.push(String(error)));
const counts = Array.from({ length: map.rowsOn(thread) }, (_, row) => agent.states[row * 8 + COUNT]);
parentPort.postMessage({ counts, handled: agent.handled, bytes: agent.bytes, errors });

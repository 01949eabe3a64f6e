/** A fleet of logical actors on one thread, stepped by hand: messages to each in turn, through its inbox. */
import { ThreadControl } from "../../actors/agent/thread-control.js";
import type { ActorKind } from "../../actors/fleet/actor-kind.js";
import { FleetAgent } from "../../actors/fleet/fleet-agent.js";
import { FleetMap } from "../../actors/fleet/fleet-map.js";
import { Post } from "../../actors/fleet/post.js";
import { MpscProducer, MpscRing } from "../../actors/ring/mpsc.js";
import { MpscConsumer } from "../../actors/ring/mpsc-consumer.js";
import { sharedViewsOf } from "../../actors/ring/views.js";

export const FLEET = "logical actors";

const IDENTITY = { schemaHash: 1, buildHash: 1 };
const CAPACITY = 256 * 1024;
const INBOX_AT = 4096;
const TYPE = 1;
const PAYLOAD_BYTES = 64;
const SENDER = 1;
const BATCH = 64;

/** Reads all that it is sent, and sums it up. */
const LISTENER: ActorKind = {
  name: "listener",
  stateDoubles: 16,
  onMessage({ states, state }, _type, _from, { f64 }, at) {
    const first = at >> 3;
    for (let word = 0; word < PAYLOAD_BYTES >> 3; word += 1) states[state + word] += f64[first + word];
  },
};

export interface FleetRig {
  readonly bytesEach: number;
  run(messages: number): void;
}

/** So many actors on one thread; every message goes to another, in no order that a cache could foresee. */
export function fleetOf(actors: number): FleetRig {
  const views = sharedViewsOf(new SharedArrayBuffer(INBOX_AT + MpscRing.bytesFor(CAPACITY)));
  MpscRing.create(views, INBOX_AT, { capacity: CAPACITY, identity: IDENTITY, producers: 2 });
  const map = new FleetMap(actors, 1);
  const bell = new ThreadControl(views, 0).doorbell;
  const postOf = (producer: number): Post =>
    new Post(map, views, [{ inbox: MpscProducer.join(views, INBOX_AT, IDENTITY, producer), bell }]);
  const agent = new FleetAgent({
    ...{ thread: 0, kinds: [LISTENER], kindOf: () => 0 },
    inbox: MpscConsumer.join(views, INBOX_AT, IDENTITY),
    post: postOf(0),
    onError: (error) => {
      throw error;
    },
  });
  const post = postOf(SENDER);
  let shuffle = 1;
  const run = (messages: number): void => {
    for (let sent = 0; sent < messages; sent += 1) {
      shuffle = (Math.imul(shuffle, 1_664_525) + 1_013_904_223) | 0;
      const at = post.claim((shuffle >>> 4) % actors, 0, TYPE, PAYLOAD_BYTES) >> 3;
      for (let word = 0; word < PAYLOAD_BYTES >> 3; word += 1) views.f64[at + word] = sent + word;
      post.send();
      if (sent % BATCH === BATCH - 1) drain();
    }
    drain();
  };
  const drain = (): void => {
    post.ring();
    while (agent.work() > 0);
  };
  return { bytesEach: agent.bytes / actors, run };
}

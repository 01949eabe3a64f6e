/** Logical actors: ten thousand on two threads, what one costs, and what happens to one that fails. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { ThreadControl } from "../actors/agent/thread-control.js";
import type { ActorCell, ActorKind } from "../actors/fleet/actor-kind.js";
import { ACTOR_BYTES_MAX, FleetAgent } from "../actors/fleet/fleet-agent.js";
import { FleetMap } from "../actors/fleet/fleet-map.js";
import { ENVELOPE_FROM, ENVELOPE_TO, Post } from "../actors/fleet/post.js";
import { LINE_PAIR, NONE } from "../actors/ring/layout.js";
import { MpscProducer, MpscRing } from "../actors/ring/mpsc.js";
import { MpscConsumer } from "../actors/ring/mpsc-consumer.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const identity = { schemaHash: 5, buildHash: 6 };
const WORKER = fileURLToPath(new URL("support/fleet-worker.mjs", import.meta.url));
const roundUp = (bytes: number): number => Math.ceil(bytes / LINE_PAIR) * LINE_PAIR;

/** The memory of a fleet: control words and an inbox for each thread, and a place among the producers for outsiders. */
class Harbour {
  readonly controls: readonly number[];
  readonly inboxes: readonly number[];
  readonly views;

  constructor(threads: number, capacity: number) {
    const stride = roundUp(MpscRing.bytesFor(capacity));
    const first = threads * roundUp(ThreadControl.bytesFor());
    this.controls = Array.from({ length: threads }, (_, thread) => thread * roundUp(ThreadControl.bytesFor()));
    this.inboxes = Array.from({ length: threads }, (_, thread) => first + thread * stride);
    this.views = sharedViewsOf(new SharedArrayBuffer(first + threads * stride));
    for (const at of this.inboxes) MpscRing.create(this.views, at, { capacity, identity, producers: threads + 1 });
  }

  post(map: FleetMap, producer: number): Post {
    const routes = this.inboxes.map((at, thread) => ({
      inbox: MpscProducer.join(this.views, at, identity, producer),
      bell: new ThreadControl(this.views, this.controls[thread]).doorbell,
    }));
    return new Post(map, this.views, routes);
  }

  agent(map: FleetMap, thread: number, kinds: readonly ActorKind[], errors: string[] = []): FleetAgent {
    return new FleetAgent({
      thread,
      inbox: MpscConsumer.join(this.views, this.inboxes[thread], identity),
      post: this.post(map, thread),
      kinds,
      kindOf: (id) => id % kinds.length,
      onError: (error, role) => errors.push(`${role}: ${(error as Error).message}`),
    });
  }
}

function send(post: Post, to: number, value: number): boolean {
  const at = post.claim(to, 0, 1, 8);
  if (at === NONE) return false;
  post.views.i32[at >> 2] = value;
  post.send();
  post.ring();
  return true;
}

describe("where an actor lives", () => {
  test("every id has one thread and one row there, and no two share them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 8 }), (actors, threads) => {
        const map = new FleetMap(actors, threads);
        const seen = new Set<string>();
        for (let id = 0; id < actors; id += 1) {
          const [thread, row] = [map.threadOf(id), map.rowOf(id)];
          expect(row).toBeLessThan(map.rowsOn(thread));
          expect(map.idOf(thread, row)).toBe(id);
          seen.add(`${thread}/${row}`);
        }
        expect(seen.size).toBe(actors);
      }),
    );
  });

  test.each([
    [0, 1, /1 to .* actors \(was 0\)/],
    [10, 0, /threads \(was 0\)/],
    [1.5, 1, /actors \(was 1.5\)/],
  ])("a fleet of %d actors on %d threads is refused", (actors, threads, message) => {
    expect(() => new FleetMap(actors, threads)).toThrow(message);
  });
});

describe("one thread", () => {
  const adder: ActorKind = {
    name: "adder",
    stateDoubles: 1,
    onMessage: (cell, _type, _from, { i32 }, at) => {
      cell.states[cell.state] += i32[at >> 2];
    },
  };
  const failing: ActorKind = {
    name: "failing",
    stateDoubles: 1,
    onMessage: (cell: ActorCell) => {
      cell.claim(0, 1, 8);
      throw new Error("out of luck");
    },
  };

  test("a message reaches the state of its own actor alone", () => {
    const harbour = new Harbour(1, 65_536);
    const map = new FleetMap(100, 1);
    const agent = harbour.agent(map, 0, [adder]);
    const post = harbour.post(map, 1);
    for (let id = 0; id < 100; id += 1) send(post, id, id + 1);
    expect(agent.work()).toBe(100);
    expect([...agent.states]).toEqual(Array.from({ length: 100 }, (_, id) => id + 1));
  });

  test("an actor that throws is in quarantine, what it was writing is not sent, and the others go on", () => {
    const harbour = new Harbour(1, 65_536);
    const map = new FleetMap(4, 1);
    const errors: string[] = [];
    const agent = harbour.agent(map, 0, [adder, failing], errors);
    const post = harbour.post(map, 1);
    for (const id of [0, 1, 1, 2, 3, 0]) send(post, id, 5);
    while (agent.work() > 0);
    expect(errors).toEqual(["failing 1: out of luck", "failing 3: out of luck"]);
    expect({ ...agent }).toMatchObject({ handled: 3, dropped: 1, quarantined: 2 });
    expect([...agent.states]).toEqual([10, 0, 5, 0]);
  });

  test("a message that its sender leaves open holds nobody up, and its sender is in quarantine", () => {
    const forgetful: ActorKind = { ...failing, name: "forgetful", onMessage: (cell) => void cell.claim(0, 1, 8) };
    const harbour = new Harbour(1, 65_536);
    const map = new FleetMap(2, 1);
    const errors: string[] = [];
    const agent = harbour.agent(map, 0, [adder, forgetful], errors);
    const post = harbour.post(map, 1);
    for (const id of [1, 0, 1]) send(post, id, 5);
    while (agent.work() > 0);
    send(post, 0, 2);
    agent.work();
    expect(errors).toEqual(["forgetful 1: a message was claimed and not sent"]);
    expect([...agent.states]).toEqual([7, 0]);
  });

  test("of two messages only one is open at a time", () => {
    const post = new Harbour(2, 4096).post(new FleetMap(4, 2), 2);
    post.claim(0, 0, 1, 8);
    expect(() => post.claim(1, 0, 1, 8)).toThrow(/a message is open/);
  });

  test("a full inbox refuses a message and says so, and takes it again when there is room", () => {
    const harbour = new Harbour(1, 4096);
    const map = new FleetMap(1, 1);
    const agent = harbour.agent(map, 0, [adder]);
    const post = harbour.post(map, 1);
    let sent = 0;
    while (send(post, 0, 1)) sent += 1;
    expect(post.refused).toBe(1);
    while (agent.work() > 0);
    expect(send(post, 0, 1)).toBe(true);
    agent.work();
    expect(agent.states[0]).toBe(sent + 1);
  });

  test("a message to an actor that does not exist is refused where it is sent", () => {
    const post = new Harbour(1, 4096).post(new FleetMap(3, 1), 1);
    expect(() => post.claim(3, 0, 1, 8)).toThrow(/no actor 3: ids are 0 to 2/);
  });

  test("a state that would make an actor larger than a KiB is refused", () => {
    const harbour = new Harbour(1, 4096);
    const large = { ...adder, stateDoubles: 128 };
    expect(() => harbour.agent(new FleetMap(1, 1), 0, [large])).toThrow(/at most 127 doubles \(adder wants 128\)/);
  });

  test("the envelope names receiver and sender before the payload", () => {
    const harbour = new Harbour(1, 4096);
    const post = harbour.post(new FleetMap(9, 1), 1);
    const at = post.claim(7, 3, 1, 8) - 8;
    expect([post.views.u32[(at + ENVELOPE_TO) >> 2], post.views.u32[(at + ENVELOPE_FROM) >> 2]]).toEqual([7, 3]);
  });
});

describe("ten thousand actors on two threads", () => {
  const workers: Worker[] = [];
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.terminate();
  });

  test("tokens go round through all of them, each hop to the other thread, and none is lost", async () => {
    const actors = 10_000;
    const tokens = 100;
    const harbour = new Harbour(2, 1 << 20);
    const { controls, inboxes, views } = harbour;
    const answers = [0, 1].map(async (thread) => {
      const workerData = { buffer: views.buffer, identity, thread, actors, tokens, controls, inboxes };
      const worker = new Worker(WORKER, { workerData });
      workers.push(worker);
      await once(worker, "message");
      return async () => (await once(worker, "message"))[0] as { counts: number[]; bytes: number; errors: string[] };
    });
    const ready = await Promise.all(answers);
    const results = ready.map((answer) => answer());
    // Each token makes one lap. Begun on thread 0 they end on thread 1, which stops itself; the other is stopped here.
    const post = harbour.post(new FleetMap(actors, 2), 2);
    for (let token = 0; token < tokens; token += 1) send(post, (token * actors) / tokens, actors - 1);
    const other = await results[1];
    new ThreadControl(views, controls[0]).requestStop();
    const one = await results[0];
    expect([...one.errors, ...other.errors]).toEqual([]);
    expect(new Set([...one.counts, ...other.counts])).toEqual(new Set([tokens]));
    expect(one.counts.length + other.counts.length).toBe(actors);
    expect((one.bytes + other.bytes) / actors).toBeLessThanOrEqual(ACTOR_BYTES_MAX);
  });

  test("an actor with the largest state takes at most a KiB of the process's memory", () => {
    const map = new FleetMap(10_000, 1);
    const idle: ActorKind = { name: "idle", stateDoubles: 127, onMessage: () => {} };
    const harbour = new Harbour(1, 4096);
    harbour.agent(map, 0, [idle]);
    const before = process.memoryUsage();
    const agent = harbour.agent(map, 0, [idle]);
    const after = process.memoryUsage();
    const grown = after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
    expect(agent.bytes / map.actors).toBeLessThanOrEqual(ACTOR_BYTES_MAX);
    // What is allocated once, whatever the number of actors, is within the slack of a per cent.
    expect(grown / map.actors).toBeLessThanOrEqual(ACTOR_BYTES_MAX * 1.01);
  });
});

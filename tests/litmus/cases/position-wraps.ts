/**
 * Positions that pass 2^31, where an int32 turns negative, and 2^32, where it begins again, in a ring so small that
 * the producer is refused all the time: tail and payload keep their order throughout.
 */

import { SpscProducer, SpscRing } from "../../../actors/ring/spsc.js";
import { SpscConsumer } from "../../../actors/ring/spsc-consumer.js";
import type { Litmus } from "../litmus.js";
import { identity, RING } from "../stage.js";
import { arrivals, receiveAll, sendAll } from "./message-passing.js";

const CAPACITY = 4096;
/** Some thousand messages before the wrap, so that both sides are under way. */
const BYTES_BEFORE = 256 * 1024;

const through = (power: number): Litmus => ({
  name: `position-wraps-2^${power}`,
  what: `cursors and their copies, compared while one side is before 2^${power} and the other behind it`,
  share: 50,
  outcomes: arrivals,
  prepare: (views) =>
    SpscRing.create(views, RING, { capacity: CAPACITY, identity, startPosition: 2 ** power - BYTES_BEFORE }),
  sides: {
    sends: (side) => sendAll(side, SpscProducer.join(side.views, RING, identity)),
    receives: (side) => receiveAll(side, SpscConsumer.join(side.views, RING, identity)),
  },
});

export const positionWraps: readonly Litmus[] = [through(31), through(32)];

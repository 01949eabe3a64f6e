/**
 * Ten million messages from frame bytes through decoder, market ring, engine and strategy to the command in the log, on
 * the two threads of a real run, and fewer in one thread: V8's young generation never fills, and the heap stays flat.
 */
import { expect, test, vi } from "vitest";
import { type GarbageResult, measureGarbage } from "../bench/garbage/garbage.js";
import { createMathCore } from "../wasm/index.js";

const FRAMES = 10_000_000;
const PLAN = {
  threaded: { settleFrames: 800_000, frames: FRAMES, windowsMax: 3 },
  single: { settleFrames: 400_000, frames: 1_500_000, windowsMax: 4 },
};
/** One boxed number in every sixteenth message would be more. */
const BYTES_A_MESSAGE_MAX = 1;

test("ten million messages from frame bytes to the log leave no scavenge and a flat heap behind", async () => {
  const { rows }: GarbageResult = await measureGarbage(PLAN, () => {});
  expect(rows.map(({ thread }) => thread)).toEqual(["engine", "decoder", "all in one"]);
  for (const { thread, messages, orders, garbage, bytesPerMessage, nsPerMessage, windows } of rows) {
    console.log(
      `${thread}: ${messages} messages, ${orders} orders, ${garbage.allocatedBytes} bytes, ` +
        `${nsPerMessage.toFixed(0)} ns a message, window ${windows}`,
    );
    expect(garbage.scavenges, thread).toBe(0);
    expect(bytesPerMessage, thread).toBeLessThan(BYTES_A_MESSAGE_MAX);
    expect(messages).toBeGreaterThanOrEqual(thread === "all in one" ? PLAN.single.frames : FRAMES);
    // One in ten frames leads to an order: orders, reports and fills are part of it.
    expect(orders).toBeGreaterThan(messages / 20);
  }
}, 400_000);

test("a math core of the default size grows no memory: that would detach a buffer, and slow its whole thread", () => {
  const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
  createMathCore().ema(20).push(1);
  expect(grow).not.toHaveBeenCalled();
  grow.mockRestore();
});

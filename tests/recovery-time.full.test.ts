/**
 * How long a start takes behind a million recorded inputs, executed again and compared: printed, because machines
 * differ, and bounded so generously that only a recovery that has become something else fails.
 */
import { expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import { withDirectory } from "./support/command.js";
import { hashOf, Life, type LifeOptions, startOn } from "./support/life.js";

const INPUTS = 1_000_000;
const BOUND_MS = 15_000;

test("a million inputs are executed again within the time a restart may take", async () => {
  await withDirectory(async (directory) => {
    const bundles = await Promise.all(
      ["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)),
    );
    const strategies = bundles.map(({ id, bundle }) => ({ id, text: bundle }));
    const options: LifeOptions = { disk: new NodeDisk(), directory, strategies, batchInputs: 512 };
    const life = new Life(options);
    while (life.sequence < INPUTS) life.trade(Math.min(20_000, INPUTS - life.sequence));
    life.stop();
    const startedMs = performance.now();
    const { recovered } = startOn(options);
    const elapsedMs = performance.now() - startedMs;
    expect(hashOf(recovered.engine!)).toBe(life.hash);
    const each = ((elapsedMs * 1_000) / recovered.inputs).toFixed(2);
    const what = `${recovered.inputs} inputs (${life.engine.fills} fills)`;
    process.stdout.write(`recovered ${what} in ${Math.round(elapsedMs)} ms, ${each} µs each\n`);
    expect(elapsedMs).toBeLessThan(BOUND_MS);
  });
});

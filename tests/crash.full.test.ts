/**
 * Real processes that are killed, stopped and starved of disk while they trade: what they come to is what the venue
 * says, and what their journal says.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCampaign } from "./crash/kill/campaign.js";
import { Scene } from "./crash/kill/scene.js";
import { SmallDisk } from "./crash/small-disk.js";

const root = join(import.meta.dirname, "..");
const MIB = 1024 * 1024;
/** Less than a segment that is made ahead, so that none ever is. */
const SMALL = 24 * MIB;

test("killed again and again, it loses no fill, doubles no order, and knows what the venue holds", async () => {
  const result = await runCampaign({ root, kills: 20, seed: 1, durability: "durable", pauses: true });
  expect(result.faults).toEqual([]);
  expect(result).toMatchObject({ kills: 20, fillsLost: 0, fillsDoubled: 0, ordersDoubled: 0, positionsWrong: 0 });
  expect(result.replayHash).toBe(result.stateHash);
  expect(result.fills).toBeGreaterThan(20);
  expect(result.unknowns).toBeGreaterThan(0);
}, 300_000);

/** Runs `work` with a venue and a data directory on a disk that can be filled. */
async function onSmallDisk(work: (scene: Scene, disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = SmallDisk.mount(SMALL);
  if (disk === null) return;
  try {
    const scene = await Scene.open({ root, directory: join(disk.directory, "journal"), durability: "durable" });
    try {
      await work(scene, disk);
    } finally {
      await scene.close();
    }
  } finally {
    disk.unmount();
  }
}

describe("a disk", () => {
  test("with no room for segments made ahead does not stop trading", () =>
    onSmallDisk(async (scene, disk) => {
      const engine = scene.start();
      await scene.mustTrade(engine);
      disk.fill(4 * MIB);
      const before = scene.view.refresh().submitted.size;
      await scene.until(engine, 20_000, "it trades", () => scene.view.refresh().submitted.size > before + 50);
      expect(scene.view.suspensions).toBe(0);
      expect((await scene.verdict(await scene.settle(engine))).faults).toEqual([]);
    }));

  test("that is full suspends trading until there is room; no order leaves meanwhile, and nothing is lost", () =>
    onSmallDisk(async (scene, disk) => {
      const engine = scene.start();
      await scene.mustTrade(engine);
      await scene.wait(engine, 1_000);
      await fillUp(scene, disk);
      const sent = await ordersAt(scene);
      await scene.wait(engine, 2_000);
      expect(await ordersAt(scene)).toBe(sent);
      disk.makeRoom();
      await scene.until(engine, 20_000, "it says that it stood still", () => scene.view.refresh().suspensions > 0);
      const before = scene.view.submitted.size;
      await scene.until(engine, 20_000, "it trades again", () => scene.view.refresh().submitted.size > before + 20);
      expect((await scene.verdict(await scene.settle(engine))).faults).toEqual([]);
    }));

  test("that is full at the end is told with what is not saved, and the next start goes on from an exact prefix", () =>
    onSmallDisk(async (scene, disk) => {
      const engine = scene.start();
      await scene.mustTrade(engine);
      await scene.wait(engine, 1_000);
      await fillUp(scene, disk);
      await scene.wait(engine, 500);
      engine.send("SIGINT");
      expect(await engine.ended).toEqual({ code: 1, signal: null });
      expect(engine.stderr).toMatch(/[1-9]\d* records of the journal are not saved: .*\(ENOSPC\); the disk is full/);
      disk.makeRoom();
      const next = scene.start();
      await scene.reconcile(next);
      await scene.wait(next, 500);
      expect((await scene.verdict(await scene.settle(next))).faults).toEqual([]);
    }));

  test("that cannot be written is refused in one line before anything starts, with a journal on it or without", () =>
    onSmallDisk(async (scene, disk) => {
      disk.makeReadOnly();
      const engine = scene.start();
      expect(await engine.ended).toEqual({ code: 2, signal: null });
      expect(engine.stderr).toMatch(/^sluice: cannot write the journal to \S+ \(EROFS\); choose another .*\n$/);
      disk.makeWritable();
      const life = scene.start();
      await scene.mustTrade(life);
      const stateHash = await scene.settle(life);
      disk.makeReadOnly();
      const next = scene.start();
      expect(await next.ended).toEqual({ code: 2, signal: null });
      expect(next.stderr).toMatch(/^sluice: \S+ cannot be locked \(EROFS\): choose another .*\n$/);
      expect((await scene.verdict(stateHash)).faults).toEqual([]);
    }));
});

/** Fills the disk up and waits until the journal must have met its end. */
async function fillUp({ view }: Scene, disk: SmallDisk): Promise<void> {
  disk.fill(0);
  let inputs = -1;
  while (view.refresh().inputs !== inputs) {
    inputs = view.inputs;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const ordersAt = async ({ venue }: Scene): Promise<number> => Object.keys((await venue.truth()).submissions).length;

test("two engines cannot have one directory, and the second says who has it", async () => {
  const parent = mkdtempSync(join(tmpdir(), "sluice-crash-"));
  const scene = await Scene.open({ root, directory: join(parent, "journal"), durability: "fast" });
  try {
    const first = scene.start();
    await scene.comeUp(first);
    const second = scene.start();
    const { code } = await second.ended;
    await first.end();
    expect([code, second.stderr]).toEqual([2, expect.stringContaining("is in use by process")]);
  } finally {
    await scene.close();
    rmSync(parent, { recursive: true });
  }
});

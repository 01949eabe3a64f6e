/** `sluice top` beside a real engine: it sees it work, and hang, and die. Real processes, built output. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { pageFolders } from "../actors/metrics-page/directory.js";
import type { EngineFigures } from "../actors/metrics-page/figures.js";
import { type RunningCommand, runCommand, startCommand, withDirectory } from "./support/command.js";

const pathOf = (pid: number) => join(pageFolders()[0], String(pid));

/** A demo that trades; killed at the end, however it ended. */
async function withDemo(work: (demo: RunningCommand) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const demo = startCommand(["demo", "--speed", "5", "--port", "0", "--journal", join(directory, "j")]);
    try {
      await demo.says("BTC 6");
      await work(demo);
    } finally {
      demo.kill("SIGCONT");
      demo.kill("SIGKILL");
      await demo.finished;
      rmSync(pathOf(demo.pid), { force: true });
    }
  });
}

async function look(pid: number): Promise<EngineFigures> {
  const { code, stdout, stderr } = await runCommand(["top", String(pid), "--once", "--json", "--interval", "600ms"]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as EngineFigures;
}

const threadOf = ({ threads }: EngineFigures, name: string) => threads.find((thread) => thread.name === name)!;

test("top sees a running engine's threads, rings and counters move, then its death, and its last words", async () => {
  await withDemo(async (demo) => {
    const first = await look(demo.pid);
    expect(first).toMatchObject({ pid: demo.pid, state: "running" });
    expect(first.threads.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["main", "feeds", "engine", "journal"]),
    );
    expect(threadOf(first, "engine").agents).toMatchObject([{ role: "engine" }]);
    expect(threadOf(first, "main").agents.map(({ role }) => role)).toEqual(expect.arrayContaining(["clock", "board"]));
    expect(first.rings.map(({ name }) => name)).toEqual(["market", "control", "report", "log"]);
    const second = await look(demo.pid);
    expect(second.frames.received).toBeGreaterThan(first.frames.received);
    expect(second.counters["engine.inputs"]).toBeGreaterThan(first.counters["engine.inputs"]);
    for (const name of ["feeds", "engine", "journal"]) {
      const { itemsPerSecond, heartbeatAgeMs, working, spinning, asleep } = threadOf(second, name);
      expect(itemsPerSecond, name).toBeGreaterThan(0);
      expect(heartbeatAgeMs, name).not.toBeNull();
      expect(working! + spinning! + asleep!).toBeCloseTo(1);
    }
    for (const { name, bytesPerSecond, highBytes } of second.rings.filter(({ name }) => name !== "report")) {
      expect(bytesPerSecond, name).toBeGreaterThan(0);
      expect(highBytes, name).toBeGreaterThan(0);
    }
    expect(Object.values(second.latency).some(({ count, p50 }) => count > 0 && p50 !== null)).toBe(true);

    demo.kill("SIGKILL");
    await demo.finished;
    const last = await look(demo.pid);
    expect(last.state).toBe("gone");
    expect(last.frames.received).toBeGreaterThanOrEqual(second.frames.received);
    const shown = await runCommand(["top", String(demo.pid), "--once"]);
    expect(shown.stdout).toContain("its last words");
  });
});

test("top works while the engine hangs, and says that it does", async () => {
  await withDemo(async (demo) => {
    demo.kill("SIGSTOP");
    await sleep(2_500);
    const figures = await look(demo.pid);
    expect(figures.state).toBe("silent");
    expect(figures.ageMs).toBeGreaterThan(2_000);
    expect(figures.frames.received).toBeGreaterThan(0);
  });
});

test("an engine that ends in order leaves no page, and top that follows it ends with it", async () => {
  await withDemo(async (demo) => {
    const top = startCommand(["top", String(demo.pid), "--json", "--interval", "200ms"]);
    await top.prints(/"state":"running"/);
    expect(existsSync(pathOf(demo.pid))).toBe(true);
    demo.kill("SIGINT");
    expect((await demo.finished).code).toBe(0);
    expect(existsSync(pathOf(demo.pid))).toBe(false);
    const { code, stdout } = await top.finished;
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({ state: "ended", frames: { unaccounted: 0 } });
    const none = await runCommand(["top", String(demo.pid), "--once"]);
    expect([none.code, none.stdout]).toEqual([1, ""]);
    expect(none.stderr).toMatch(/is no engine of yours, or it ended in order/);
  });
});

test("Ctrl-C ends top with nothing but its lines", async () => {
  await withDemo(async (demo) => {
    const top = startCommand(["top", String(demo.pid), "--interval", "100ms"]);
    await top.prints(/running {2}frames/);
    top.kill("SIGINT");
    const { code, stderr, stdout } = await top.finished;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("\u001b");
  });
});

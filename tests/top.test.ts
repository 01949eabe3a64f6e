/** `sluice top` on pages made for it: its frame holds whatever the figures are, and it says what to do. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pageContents } from "../actors/metrics-page/contents.js";
import type { EngineFigures } from "../actors/metrics-page/figures.js";
import { bornAt } from "../actors/metrics-page/process.js";
import { PageWatcher } from "../actors/metrics-page/watcher.js";
import { PageWriter } from "../actors/metrics-page/writer.js";
import { prepareMemory } from "../actors/prepare-memory.js";
import { ThreadContext } from "../actors/threads/thread-data.js";
import { Screen } from "../cli/top/screen.js";
import { plainTopLine, renderTop } from "../cli/top/top-view.js";
import { runTop, type TopCommandOptions } from "../cli/top.js";
import { COLOURED, PLAIN } from "../cli/view/terminal-view.js";
import { withDirectory } from "./support/command.js";

const NOBODY = 4_194_304 + 7;
const clocks = { monotonicUs: () => Number(process.hrtime.bigint()) / 1000, wallUs: () => Date.now() * 1000 };

/** Leaves a page of a process, with figures of every kind in it. */
function leavePage(folder: string, pid: number, born: string | null, scale = 1): PageWriter {
  const data = prepareMemory("shared");
  const context = new ThreadContext("main", data);
  const about = { run: "paper", journal: "/var/sluice/demo" };
  const startedUs = Date.now() * 1000 - 12e6 * scale;
  const page = PageWriter.create(
    pid,
    pageContents(context.views, data.map, data.plan, { pid, born, startedUs, node: "v0", buildHash: 7, about }),
    clocks,
    [folder],
  );
  for (const [name, value] of [
    ["frames.received", 12_841],
    ["frames.decoded", 12_700],
    ["frames.dropped", 141],
    ["dropped.superseded", 100],
    ["dropped.ring-full", 41],
  ] as const) {
    context.counters.set(name, value * scale);
  }
  for (const histogram of Object.values(context.histograms)) histogram.record(1_234_567 * scale);
  for (const { name, agents } of data.plan.threads) {
    const control = context.controls[agents[0]];
    const duty = control.dutyCycle();
    duty.name(name === "archive" ? ["segment-preparer", "shadow", "another-agent", "one-more"] : [...agents]);
    duty.count(1_000_000 * scale);
    control.beat();
  }
  for (let error = 0; error < 3 * scale && error < 40; error += 1) {
    context.recordError(new Error(`no route to ${"x".repeat(error * 9)}`), `feed ${error}`);
  }
  page.write();
  return page;
}

async function figuresOf(scale: number): Promise<EngineFigures> {
  let figures!: EngineFigures;
  await withDirectory(async (root) => {
    const page = leavePage(join(root, "pages"), NOBODY, "1", scale);
    const watcher = new PageWatcher(page.path);
    figures = watcher.look();
    watcher.close();
  });
  return figures;
}

describe("the view", () => {
  test.each([1, 100, 100_000])("keeps to 80 columns at figures × %i, in every state", async (scale) => {
    const figures = await figuresOf(scale);
    for (const state of ["running", "silent", "ended", "gone"] as const) {
      for (const line of renderTop({ ...figures, state, ageMs: 9e7 * scale }, PLAIN, 60)) {
        expect([...line].length, line).toBeLessThanOrEqual(80);
      }
    }
  });

  test("fits a low terminal by leaving single hops out, and uses a high one", async () => {
    const figures = await figuresOf(1);
    const low = renderTop(figures, PLAIN, 23);
    expect(low.length).toBe(23);
    expect(low.join("\n")).toMatch(/tick-to-order.*tick-to-durable.*received.*no route/s);
    for (let rows = 1; rows < 60; rows += 1) {
      expect(renderTop(figures, PLAIN, rows).length, `${rows} rows`).toBeLessThanOrEqual(rows);
    }
    const high = renderTop(figures, PLAIN, 60).join("\n");
    for (const hop of Object.keys(figures.latency)) expect(high).toContain(hop);
    for (const { message } of figures.errors) expect(high).toContain(message);
  });

  test("has the same characters with colour as without", async () => {
    const figures = await figuresOf(1);
    const bare = renderTop(figures, COLOURED, 60).map((line) => line.replaceAll(/\u001b\[\d+m/g, ""));
    expect(bare).toEqual(renderTop(figures, PLAIN, 60));
  });

  test("lets no control character of a name or a message through", async () => {
    const figures = await figuresOf(1);
    const evil = "\u001b]0;owned\u0007\u009b31m\r\n";
    const hostile: EngineFigures = {
      ...figures,
      about: { run: evil },
      threads: figures.threads.map((thread) => ({
        ...thread,
        name: evil,
        agents: [{ ...thread.agents[0], role: evil }],
      })),
      rings: figures.rings.map((ring) => ({ ...ring, name: evil, from: [evil], to: [evil] })),
      drops: { [evil]: 1 },
      latency: { [evil]: { count: 0, p50: null, p99: null, p999: null, max: null } },
      errors: [{ message: evil, count: 1, first: "", last: "" }],
    };
    for (const line of [...renderTop(hostile, PLAIN, 60), plainTopLine(hostile)]) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });

  test("says what the figures of an engine that was killed are", async () => {
    const [title] = renderTop(await figuresOf(1), PLAIN);
    expect(title).toMatch(/gone: ended at \d\d:\d\d:\d\d UTC, its last words/);
  });
});

test("a screen is redrawn in place, and gives the cursor back once", () => {
  const written: string[] = [];
  const screen = new Screen({ write: (text) => written.push(text) });
  screen.draw(["a", "b"]);
  screen.draw(["c"]);
  screen.close();
  screen.close();
  expect(written).toEqual(["\u001b[?25la\u001b[K\nb\u001b[K\n\u001b[J", "\u001b[2Ac\u001b[K\n\u001b[J", "\u001b[?25h"]);
});

describe("the command", () => {
  async function top(folder: string, options: Partial<TopCommandOptions> = {}) {
    const said = { lines: [] as string[], json: [] as EngineFigures[], notes: [] as string[] };
    const output = {
      line: (text: string) => void said.lines.push(text),
      json: (value: unknown) => void said.json.push(value as EngineFigures),
      note: (text: string) => void said.notes.push(text),
      isTerminal: false,
    };
    const all = { once: true, json: true, interval: 1, folders: [folder], ...options };
    await runTop(all, output, new AbortController().signal);
    return said;
  }

  test("takes the only engine that runs, and leaves those that are gone alone", async () => {
    await withDirectory(async (root) => {
      leavePage(join(root, "p"), NOBODY, "1");
      const page = leavePage(join(root, "p"), process.pid, bornAt(process.pid));
      const { json } = await top(join(root, "p"));
      expect(json).toMatchObject([{ pid: process.pid, state: "running", frames: { received: 12_841, dropped: 141 } }]);
      page.close();
    });
  });

  test("lists the engines when several run", async () => {
    await withDirectory(async (root) => {
      leavePage(join(root, "p"), process.pid, bornAt(process.pid));
      leavePage(join(root, "p"), process.ppid, bornAt(process.ppid));
      const pattern = new RegExp(`2 engines run; name one:[^]*sluice top (${process.pid}|${process.ppid})[^]*paper`);
      await expect(top(join(root, "p"))).rejects.toThrow(pattern);
      const { json } = await top(join(root, "p"), { pid: process.ppid });
      expect(json[0].pid).toBe(process.ppid);
    });
  });

  test("without an engine says how to start one, and who left last words", async () => {
    await withDirectory(async (root) => {
      await expect(top(join(root, "p"))).rejects.toThrow(/no engine of yours runs: start one with "sluice demo"$/);
      leavePage(join(root, "p"), NOBODY, "1");
      await expect(top(join(root, "p"))).rejects.toThrow(new RegExp(`last words:\n  sluice top ${NOBODY} .* paper`));
      await expect(top(join(root, "p"), { pid: 77 })).rejects.toThrow(/process 77 is no engine of yours/);
    });
  });

  test("shows the last words of one that was killed, and ends by itself", async () => {
    await withDirectory(async (root) => {
      leavePage(join(root, "p"), NOBODY, "1");
      const once = await top(join(root, "p"), { pid: NOBODY });
      expect(once.json).toMatchObject([{ pid: NOBODY, state: "gone", drops: { superseded: 100, "ring-full": 41 } }]);
      const followed = await top(join(root, "p"), { pid: NOBODY, once: false });
      expect(followed.lines.map((line) => JSON.parse(line).state)).toEqual(["gone"]);
      const plain = await top(join(root, "p"), { pid: NOBODY, once: false, json: false });
      expect(plain.lines).toEqual([expect.stringContaining("gone  frames 12 841 dropped 141")]);
      expect(plain.notes).toEqual([expect.stringContaining("its last words")]);
    });
  });

  test("refuses what is no page, and a folder that is not this user's alone", async () => {
    await withDirectory(async (root) => {
      const folder = join(root, "p");
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(join(folder, String(process.pid)), "x".repeat(1_000));
      await expect(top(folder)).rejects.toThrow(/is not a metrics page/);
      chmodSync(folder, 0o770);
      await expect(top(folder)).rejects.toThrow(/no engine of yours runs/);
    });
  });
});

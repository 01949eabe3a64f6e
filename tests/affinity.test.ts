/** Pinning, on threads that really run: what /proc says afterwards is what counts. Built output. */
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { coresOfThisThread, hasTaskset, parseCoreList, pinThisThread, usableCores } from "../actors/affinity.js";

const AFFINITY = new URL("../dist/actors/affinity.js", import.meta.url).href;
const workers: Worker[] = [];

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

interface Pinned {
  readonly pinned: boolean;
  readonly cores: number[] | null;
}

/** Pins a worker that has no environment, as the engine's have none; settles with what it reads back. */
function pinnedWorker(cores: readonly number[]): Promise<Pinned> {
  const code = `const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(AFFINITY)}).then(({ pinThisThread, coresOfThisThread }) => {
      const pinned = pinThisThread(${JSON.stringify(cores)});
      parentPort.postMessage({ pinned, cores: coresOfThisThread() });
    });`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, env: {} });
    workers.push(worker);
    worker.once("message", resolve).once("error", reject);
  });
}

const canPin = hasTaskset();
if (!canPin) console.warn("SKIPPED: threads cannot be pinned here, for there is no taskset or no /proc");

describe.skipIf(!canPin)("a pinned thread", () => {
  test("runs on its core alone, and the thread that started it where it did", async () => {
    const before = coresOfThisThread();
    expect(await pinnedWorker([usableCores()[0]])).toEqual({ pinned: true, cores: [usableCores()[0]] });
    expect(coresOfThisThread()).toEqual(before);
  });

  test("may have several cores, in whatever order they were given", async () => {
    const cores = usableCores().slice(0, 2);
    expect(await pinnedWorker([...cores].reverse())).toEqual({ pinned: true, cores });
  });

  test("that asks for a core that is not there stays where it was, and says so", async () => {
    expect(await pinnedWorker([4_095])).toEqual({ pinned: false, cores: coresOfThisThread() });
  });
});

test("a thread without any core is a mistake of the caller's", () => {
  expect(() => pinThisThread([])).toThrow(/was an empty list/);
});

test("the kernel's lists of cores are read with their ranges", () => {
  expect(parseCoreList("0")).toEqual([0]);
  expect(parseCoreList("0-3")).toEqual([0, 1, 2, 3]);
  expect(parseCoreList("0-1,5,8-9")).toEqual([0, 1, 5, 8, 9]);
});

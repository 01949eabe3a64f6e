/**
 * The main job, end to end, in real processes: recorded frames over a real socket to orders, journal, replay, backtest.
 */
import { createHash } from "node:crypto";
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOPS, type Hop } from "../actors/hops.js";
import { readSegments } from "../actors/journal/journal-directory.js";
import { recordedStrategies } from "../actors/recovery/recorded-strategies.js";
import type { Percentiles } from "../actors/snapshot.js";
import { readTape } from "../engine/index.js";
import { backtest } from "../research/backtest.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { runCommand, startCommand, withDirectory } from "./support/command.js";
import { engineBytes } from "./support/record-bytes.js";

interface Summary {
  readonly frames: { received: number; decoded: number; dropped: number };
  readonly messages: { decoded: number; market: number; journaled: number; processed: number };
  readonly orders: { sent: number; untimed: number };
  readonly fills: { count: number };
  readonly latency: Record<Hop, Percentiles>;
  readonly latencyReport: string;
  readonly memoryMb: number;
  readonly stateHash: string;
}

/** One paper run for the tests that only read it. */
const run = { directory: "", summary: {} as Summary, release: () => {} };

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    const done = new Promise<void>((release) => {
      run.release = release;
    });
    withDirectory(async (directory) => {
      run.directory = join(directory, "journal");
      const { code, stdout, stderr } = await runCommand([
        "demo",
        "--duration",
        "8s",
        "--speed",
        "5",
        "--json",
        "--port",
        "0",
        "--journal",
        run.directory,
        "--hgrm",
        join(directory, "hgrm"),
      ]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      run.summary = JSON.parse(stdout) as Summary;
      ready();
      await done;
    }).catch(failed);
  });
}, 60_000);

afterAll(() => run.release());

/** Those that count every order count each once. */
function expectEveryHop({ latency, orders }: Summary): void {
  expect(Object.keys(latency)).toEqual([...HOPS]);
  for (const [hop, { p50, p99, p999, max }] of Object.entries(latency)) {
    expect(p50, hop).toBeGreaterThanOrEqual(0);
    expect(p99, hop).toBeGreaterThanOrEqual(p50!);
    expect(p999, hop).toBeGreaterThanOrEqual(p99!);
    expect(max, hop).toBeGreaterThanOrEqual(p999!);
  }
  expect(orders.untimed).toBe(0);
  expect([latency.durable.count, latency.sent.count]).toEqual([orders.sent, orders.sent]);
}

test("a run over the venue's own order interface measures every hop too", async () => {
  await withDirectory(async (directory) => {
    const args = "demo --orders venue --duration 8s --speed 5 --port 0 --json --journal".split(" ");
    const { code, stdout, stderr } = await runCommand([...args, join(directory, "j")]);
    expect([code, stderr]).toEqual([0, ""]);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary.orders.sent).toBeGreaterThan(0);
    expectEveryHop(summary);
  });
}, 60_000);

describe("a paper run", () => {
  test("accounts for every frame and every message", () => {
    const { frames, messages } = run.summary;
    expect(frames.received).toBeGreaterThan(1_000);
    expect(frames.received).toBe(frames.decoded + frames.dropped);
    expect(messages.market).toBe(messages.decoded);
    expect(messages.processed).toBe(messages.journaled);
  });

  test("sends orders, gets fills and measures every hop", () => {
    expect(run.summary.orders.sent).toBeGreaterThan(0);
    expect(run.summary.fills.count).toBeGreaterThan(0);
    expectEveryHop(run.summary);
  });

  test("leaves its latencies beside the journal, and where it was told to", () => {
    const { latency, latencyReport } = run.summary;
    expect(latencyReport).toBe(join(run.directory, "latency", "1"));
    const files = [...HOPS.map((hop) => `${hop}.hgrm`), "latency.json"].sort();
    expect(readdirSync(latencyReport).sort()).toEqual(files);
    expect(JSON.parse(readFileSync(join(latencyReport, "latency.json"), "utf8"))).toMatchObject({ epoch: 1, latency });
    const told = join(run.directory, "..", "hgrm");
    for (const hop of HOPS) {
      const text = readFileSync(join(told, `${hop}.hgrm`), "utf8");
      expect(text).toContain("Percentile TotalCount");
      expect(text).toBe(readFileSync(join(latencyReport, `${hop}.hgrm`), "utf8"));
    }
  });

  test("stays under 400 MB", () => {
    expect(run.summary.memoryMb).toBeLessThan(400);
  });

  test("replays to the same state hash, twice", async () => {
    for (let time = 0; time < 2; time += 1) {
      const { code, stdout } = await runCommand(["replay", run.directory, "--json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ stateHash: run.summary.stateHash, ending: "end" });
    }
  });

  test("is the same as a backtest over its tape, record by record", () => {
    const recorded = createHash("sha256");
    const records = readTape(readSegments(run.directory), createCrc32c(), ({ views, recordAt, recordBytes }) => {
      recorded.update(engineBytes(views.u8, recordAt, recordBytes));
    });
    const made = createHash("sha256");
    let madeRecords = 0;
    const math = createMathCore();
    backtest({
      tape: readSegments(run.directory),
      crc32c: createCrc32c(),
      math,
      load: recordedStrategies(run.directory),
      onLogged: (_type, _timeUs, views, at, bytes) => {
        madeRecords += 1;
        made.update(engineBytes(views.u8, at, bytes));
      },
    });
    expect(madeRecords).toBe(records.records);
    expect(made.digest("hex")).toBe(recorded.digest("hex"));
  });

  test("backtests with another strategy from its file", async () => {
    const strategy = new URL("../strategies/ema-cross.ts", import.meta.url).pathname;
    const { code, stdout, stderr } = await runCommand([
      "backtest",
      run.directory,
      "--strategy",
      strategy,
      "--param",
      "fast=5",
      "--param",
      "slow=15",
      "--json",
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).strategies).toEqual(["ema-cross"]);
    expect(JSON.parse(stdout).orders.sent).toBeGreaterThan(0);
  });

  test("one flipped byte in the journal is found, and its place is named", async () => {
    const path = join(run.directory, "000000.seg");
    const whole = readFileSync(path);
    const at = Math.floor(whole.length / 2);
    try {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0x10;
      writeFileSync(path, damaged);
      const { code, stdout, stderr } = await runCommand(["replay", run.directory, "--json"]);
      expect(code).toBe(1);
      expect(stdout).toBe("");
      const [, byte] = /000000\.seg is damaged at byte (\d+), after sequence \d+/.exec(stderr) ?? [];
      expect(Number(byte)).toBeLessThanOrEqual(at);
      expect(Number(byte)).toBeGreaterThan(at - 20_000);
    } finally {
      writeFileSync(path, whole);
    }
  });
});

describe("the way down", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s ends with the summary and a whole journal", async (signal) => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "journal");
      const command = startCommand(["demo", "--speed", "5", "--port", "0", "--journal", journal]);
      await command.says("BTC 6");
      command.kill(signal);
      const { code, stdout } = await command.finished;
      expect(code).toBe(0);
      const [, stateHash] = /state hash ([0-9a-f]{16})/.exec(stdout) ?? [];
      const replayed = await runCommand(["replay", journal, "--json"]);
      expect(JSON.parse(replayed.stdout)).toMatchObject({ stateHash, ending: "end" });
    });
  });

  test("a killed engine leaves a journal that replays up to where it ends, and no venue behind", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "journal");
      const command = startCommand(["demo", "--speed", "5", "--port", "0", "--journal", journal]);
      await command.says("BTC 6");
      command.kill("SIGKILL");
      await command.finished;
      const { code, stdout } = await runCommand(["replay", journal, "--json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout).inputs).toBeGreaterThan(0);
    });
  });
});

test("a journal is gone on with where it ended, and is still one journal", async () => {
  await withDirectory(async (directory) => {
    const copy = join(directory, "j");
    cpSync(run.directory, copy, { recursive: true });
    const { code, stdout } = await runCommand([
      ..."demo --duration 3s --speed 5 --port 0 --json --journal".split(" "),
      copy,
    ]);
    expect(code).toBe(0);
    const again = JSON.parse(stdout);
    expect(again).toMatchObject({ epoch: 2, tradingState: "active", recovery: { start: "resumed", torn: null } });
    expect(again.messages.journaled).toBe(again.messages.processed);
    const replayed = JSON.parse((await runCommand(["replay", copy, "--json"])).stdout);
    expect(replayed.stateHash).toBe(again.stateHash);
    const backtested = JSON.parse((await runCommand(["backtest", copy, "--json"])).stdout);
    expect(backtested.stateHash).toBe(again.stateHash);
  });
});

describe("bad input is one clear line", () => {
  const refused = async (args: readonly string[], code: number, line: RegExp): Promise<void> => {
    const result = await runCommand(args);
    expect(result.stdout).toBe("");
    expect(result.stderr.trim()).toMatch(line);
    expect(result.stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
    expect(result.code).toBe(code);
  };

  test("an unknown option", () => refused(["demo", "--speeed", "5"], 2, /unknown option '--speeed'/));
  test("a bad duration", () => refused(["demo", "--duration", "20"], 2, /such as "20s"/));
  test("an unknown venue", () => refused(["demo", "--venue", "nasdaq"], 2, /--venue is local or binance, was nasdaq/));
  test("a place for the latencies that cannot be", () =>
    refused(["demo", "--hgrm", "/dev/null/h"], 2, /cannot make \/dev\/null\/h .* choose another .* with --hgrm/));
  test("a strategy file that is not there", () =>
    refused(["demo", "--strategy", "no.ts"], 2, /no strategy file no\.ts/));
  test("a symbol that leaves a strategy without its market", async () => {
    await withDirectory(async (directory) => {
      const args = ["demo", "--symbol", "BTC/USDT", "--port", "0", "--journal", join(directory, "j")];
      await refused(
        args,
        2,
        /market-maker subscribes to book:ETH\/USDT.BINANCE, but the instruments are BTC\/USDT.BINANCE/,
      );
      expect(readdirSync(directory)).toEqual([]);
    });
  });
  test("a symbol that the venue does not trade", () =>
    refused(["demo", "--symbol", "NO/PE", "--port", "0"], 2, /no market "NO\/PE"; symbols look like BTC\/USDT/));
  test("a parameter that no strategy has", () =>
    refused(["demo", "--param", "zzz=1"], 2, /no strategy of this run has a parameter "zzz"/));

  test.each([
    ["throws", "throw new Error('broken on purpose');\nexport default {};", /failed to load: broken on purpose/],
    ["exports none", "export const x = 1;", /exports no strategy; end the file with: export default defineStrategy/],
    [
      "is async",
      "export default { id: 'a', subscribe: ['trades:BTC/USDT.BINANCE'], async onTrade() {} };",
      /uses async in "async onTrade\(\) { }": handlers are synchronous/,
    ],
  ])("a strategy file that %s", async (_what, text, line) => {
    await withDirectory(async (directory) => {
      const file = join(directory, "strategy.ts");
      writeFileSync(file, text);
      await refused(["demo", "--strategy", file], 2, line);
      expect(readdirSync(directory)).toEqual(["strategy.ts"]);
    });
  });

  test("a busy port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const { port } = server.address() as { port: number };
      await withDirectory(async (directory) => {
        await refused(
          ["demo", "--port", String(port), "--journal", join(directory, "j")],
          2,
          new RegExp(`${port}.*--port`),
        );
      });
    } finally {
      server.close();
    }
  });

  test("a journal directory that cannot be written", async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, "file");
      writeFileSync(file, "");
      chmodSync(file, 0o400);
      await refused(
        ["demo", "--port", "0", "--journal", join(file, "j")],
        2,
        /cannot write the journal to .* choose another with --journal/,
      );
    });
  });

  test("a replay of nothing", () => refused(["replay", "/nonexistent"], 1, /\/nonexistent does not exist/));

  test("a replay of a file that is no journal", async () => {
    await withDirectory(async (directory) => {
      writeFileSync(join(directory, "000000.seg"), "x".repeat(200));
      await refused(["replay", directory], 1, /is not a journal segment/);
    });
  });

  test("the real venue without a network, unless there is one", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const result = await runCommand([
        "demo",
        "--venue",
        "binance",
        "--duration",
        "2s",
        "--port",
        "0",
        "--journal",
        journal,
      ]);
      if (result.code === 0) return;
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(/binance.*local/is);
      expect(readdirSync(directory)).toEqual([]);
    });
  });
});

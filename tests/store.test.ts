/**
 * The store against the real QuestDB: what a journal holds is there once, to the value, whatever is stopped or killed
 * in between. Expected rows come from the journal's records as the stock FlatBuffers reader sees them.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { readClockBasis } from "../actors/clock.js";
import { COUNTER_NAMES } from "../actors/counter-names.js";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { planMemory } from "../actors/memory-map.js";
import { Counters } from "../actors/metrics/counters.js";
import { presetPlan } from "../actors/placement.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { spawnThread } from "../actors/spawn-thread.js";
import { QuestdbSender } from "../actors/store/questdb-sender.js";
import { awaitApplied, StoreAgent } from "../actors/store/store-agent.js";
import { cursorPath, readCursor } from "../actors/store/store-cursor.js";
import { storeJournal } from "../actors/store/store-journal.js";
import { countRows, noRows, type RowCounts, TABLE_NAMES } from "../actors/store/tables.js";
import type { StoreMessage, StoreThreadData } from "../actors/threads/store.js";
import type { Output } from "../cli/output.js";
import { runStore } from "../cli/store.js";
import { queryQuestdb } from "../feeds/questdb/query.js";
import { type QuestdbServer, startQuestdb, stopQuestdb } from "../feeds/questdb/server.js";
import { createSharedMemory } from "../wasm/index.js";
import { type DecodedRecord, decodeRecord } from "./support/engine.js";
import { recordRun, withDirectory, writeJournal } from "./support/journal.js";
import { OWN_SERVER, requireOrSkip } from "./support/questdb.js";
import { EXPECTED_ROWS, TABLE_OF } from "./support/stored-rows.js";
import { crc32c, sealSegments } from "./support/tape.js";

const available = await requireOrSkip("questdb");

let home: string;
let server: QuestdbServer;
let records: Uint8Array[];
let decoded: DecodedRecord[];
let expected: RowCounts;

describe.skipIf(!available)("the store", () => {
  beforeAll(async () => {
    records = await recordRun(24_000, 21);
    decoded = records.map(decodeRecord);
    expected = noRows();
    for (const { type } of decoded) if (TABLE_OF[type]) expected[TABLE_OF[type]] += 1;
    home = mkdtempSync(join(tmpdir(), "sluice-questdb-"));
    // Suspending a table on purpose needs the developer mode.
    mkdirSync(join(home, "data", "conf"), { recursive: true });
    writeFileSync(join(home, "data", "conf", "server.conf"), "dev.mode.enabled=true\n");
    server = await startQuestdb({ ...OWN_SERVER, directory: home });
  });

  afterAll(async () => {
    await stopQuestdb({ directory: home, configuredUrl: null });
    rmSync(home, { recursive: true, force: true });
  });

  beforeEach(async () => {
    for (const name of TABLE_NAMES) await query(`DROP TABLE IF EXISTS ${name}`);
  });

  test("a journal has one row for each record of a table's type, and storing it again adds none", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 3);
      for (const name of TABLE_NAMES) expect(expected[name], name).toBeGreaterThan(100);
      const stored = await storeJournal({ directory, url: server.url });
      expect(stored).toMatchObject({ rows: expected, sent: expected, held: expected });
      expect(stored.lastSequence).toBe(decoded.at(-1)!.sequence);
      expect(await countRows(server.url)).toEqual(expected);

      const again = await storeJournal({ directory, url: server.url });
      expect(again).toMatchObject({ rows: expected, sent: noRows(), held: expected });

      rmSync(cursorPath(directory, server.url));
      const anew = await storeJournal({ directory, url: server.url });
      expect(anew, "without the cursor everything is sent once more").toMatchObject({ sent: expected, held: expected });
      expect(await countRows(server.url)).toEqual(expected);
    }));

  test("every value is the record's", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 1);
      await storeJournal({ directory, url: server.url });
      for (const name of TABLE_NAMES) {
        const order = name === "orders" || name === "positions" ? "seq, idx" : "seq";
        const { columns, rows } = await query(`SELECT * FROM ${name} ORDER BY ${order}`);
        const want = decoded.filter(({ type }) => TABLE_OF[type] === name).map(EXPECTED_ROWS[name]);
        const have = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at]])));
        for (let at = 0; at < want.length; at += 1) {
          if (JSON.stringify(sorted(have[at])) !== JSON.stringify(sorted(want[at]))) expect(have[at]).toEqual(want[at]);
        }
        expect(have.length).toBe(want.length);
      }
    }));

  test.each(["stopped", "killed"] as const)(
    "a server %s in the middle and started again loses nothing and doubles nothing",
    (how) =>
      withDirectory(async (directory) => {
        writeJournal(directory, records, 2);
        const run = makeAgent(directory);
        const { agent, failures, counters } = run;
        try {
          await step(run, () => total(agent.cursor.rows) > 0);
          expect(total(agent.cursor.rows)).toBeLessThan(total(expected));
          const confirmed = total(agent.cursor.rows);
          // With a flush under way, whose end is anybody's guess.
          agent.work();
          const { port } = new URL(server.url);
          if (how === "killed") process.kill(server.pid!, "SIGKILL");
          else await stopQuestdb({ directory: home, configuredUrl: null });
          await step(run, () => failures.length >= 2);
          expect(counters["store.failures"]).toBe(failures.length);
          expect(failures.map(String).join("\n")).toMatch(/QuestDB at .* (did not take a batch|is unreachable)/);
          expect(total(agent.cursor.rows), "what was confirmed stays so").toBeGreaterThanOrEqual(confirmed);

          server = await startQuestdb({ ...OWN_SERVER, directory: home, httpPort: Number(port) });
          let drained = false;
          void agent.drain().then(() => {
            drained = true;
          });
          await step(run, () => drained);
          expect(agent.cursor.rows).toEqual(expected);
          expect(await visibleRows()).toEqual(expected);
        } finally {
          agent.onClose();
        }
      }),
  );

  test("kill −9 between an acknowledgement and its note, again and again, loses nothing and doubles nothing", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 2);
      const confirmed: number[] = [];
      for (let life = 0; life < 3; life += 1) {
        // Each life dies at its second batch: one is noted, the other only acknowledged.
        expect(await storeAndDie(directory, 2)).toBe("SIGKILL");
        confirmed.push(total(readCursor(directory, server.url)!.rows));
      }
      expect(confirmed[0]).toBeGreaterThan(0);
      expect(confirmed[1]).toBeGreaterThan(confirmed[0]);
      expect(confirmed[2]).toBeGreaterThan(confirmed[1]);
      const stored = await storeJournal({ directory, url: server.url });
      expect(stored).toMatchObject({ rows: expected, held: expected });
      expect(total(stored.sent)).toBe(total(expected) - confirmed[2]);
      expect(await countRows(server.url)).toEqual(expected);
    }));

  test("a journal that grows is followed by the store's thread across segments", () =>
    withDirectory(async (directory) => {
      const thread = await startStoreThread(directory, server.url);
      try {
        const segments = sealSegments(records, { segments: 4 });
        for (const [segment, { bytes }] of segments.entries()) {
          for (let at = 0; at < bytes.length; at += 300_001) {
            appendFileSync(segmentPath(directory, segment), bytes.subarray(at, at + 300_001));
            await sleep(5);
          }
        }
        thread.worker.postMessage({ type: "drain" } satisfies StoreMessage);
        const message = await messageOf(thread.worker, (each) => each.type !== "drain");
        expect(message).toEqual({ type: "drained", rows: expected });
        expect(thread.counters.get("store.rows")).toBe(total(expected));
        expect(thread.counters.get("store.sequence")).toBe(decoded.at(-1)!.sequence);
        expect(thread.counters.get("store.failures")).toBe(0);
        expect(await visibleRows()).toEqual(expected);
      } finally {
        await thread.stop();
      }
    }));

  test("a thread whose server is not there is ready all the same, counts failures, and ends when asked to", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records.slice(0, 100), 1);
      const thread = await startStoreThread(directory, "http://127.0.0.1:1");
      expect(thread.counters.get("store.failures")).toBeGreaterThan(0);
      await thread.stop();
    }));

  test("a database that lost its tables gets everything again, whatever the cursor says", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 2);
      await storeJournal({ directory, url: server.url });
      await query("DROP TABLE trades");
      const stored = await storeJournal({ directory, url: server.url });
      expect(stored).toMatchObject({ sent: expected, held: expected });
    }));

  test("a suspended table is an error, and after its repair nothing is missing", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 2);
      const half = join(directory, "half");
      writeJournal(half, records.slice(0, records.length >> 1), 1);
      await storeJournal({ directory: half, url: server.url });
      await query("ALTER TABLE quotes SUSPEND WAL");
      await expect(storeJournal({ directory, url: server.url })).rejects.toThrow(/quotes .*is suspended.*RESUME WAL/);
      await query("ALTER TABLE quotes RESUME WAL");
      expect(await storeJournal({ directory, url: server.url })).toMatchObject({ rows: expected, held: expected });
    }));

  test("a table of another shape is refused by name, and left as it is", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records.slice(0, 1000), 1);
      await query("CREATE TABLE trades (ts TIMESTAMP, price FLOAT) TIMESTAMP(ts) PARTITION BY DAY WAL");
      await expect(storeJournal({ directory, url: server.url })).rejects.toThrow(/table trades .*rename it/);
      expect((await query("SELECT \"column\" FROM table_columns('trades')")).rows).toEqual([["ts"], ["price"]]);
    }));

  test("a damaged journal is stored up to the damage, which is then named", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 1);
      const bytes = readFileSync(segmentPath(directory, 0));
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(segmentPath(directory, 0), bytes);
      await expect(storeJournal({ directory, url: server.url })).rejects.toThrow(
        /000000\.seg is damaged at byte \d+, after/,
      );
      const rows = await visibleRows();
      for (const name of TABLE_NAMES) expect(rows[name], name).toBeLessThan(expected[name]);
      expect(total(rows)).toBe(total(readCursor(directory, server.url)!.rows));
    }));

  test("values that a table would change are refused before they are sent", () => {
    const sender = new QuestdbSender(server.url);
    const row = () => sender.begin("trades").symbol("venue", "X");
    expect(() => row().double("price", Number.NaN)).toThrow("price is not a finite number (was NaN)");
    sender.close();
    const other = new QuestdbSender(server.url);
    const rest = other.begin("trades").symbol("venue", "X");
    expect(() => rest.double("price", Number.POSITIVE_INFINITY)).toThrow("was Infinity");
    expect(() => rest.long("trade_id", 2 ** 53)).toThrow("not a whole number below 2^53");
    expect(() => rest.end(-1)).toThrow("before 1970");
    other.close();
  });

  test("a server that takes the rows and never answers is given up at the deadline", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const sender = new QuestdbSender(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, { deadlineMs: 100 });
    try {
      sender.begin("trades").symbol("venue", "X").end(1);
      await expect(sender.flush()).rejects.toThrow(/did not take a batch of rows: .*(no answer|timeout)/);
      sender.close();
      await expect.poll(() => openConnections(silent)).toBe(0);
    } finally {
      sender.close();
      silent.closeAllConnections();
      silent.close();
    }
  });

  test("the command says what it did, and with --json nothing else", () =>
    withDirectory(async (directory) => {
      writeJournal(directory, records, 2);
      const said: unknown[] = [];
      const output: Output = {
        line: (text) => said.push(text),
        json: (value) => said.push(value),
        note: (text) => said.push(text),
        isTerminal: false,
      };
      await runStore(directory, { url: server.url, json: true }, output);
      expect(said).toEqual([
        expect.objectContaining({ journal: directory, rows: expected, sent: expected, held: expected }),
      ]);
      await runStore(directory, { url: server.url, json: false }, output);
      expect(said.slice(1).join("\n")).toMatch(
        /is stored at .* up to sequence \d+(?:.|\n)*trades +0 rows sent, [\d ]+ rows of this time/,
      );
      await expect(runStore(directory, { url: "http://127.0.0.1:1", json: true }, output)).rejects.toThrow(
        "is unreachable",
      );
      await expect(runStore(directory, { url: "https://db.example", json: true }, output)).rejects.toThrow(
        "must look like",
      );
      await expect(runStore(join(directory, "none"), { url: server.url, json: true }, output)).rejects.toThrow(
        "does not exist",
      );
    }));
});

const openConnections = (server: Server): Promise<number> =>
  new Promise((resolve) => server.getConnections((_, count) => resolve(count)));

const query = (sql: string) => queryQuestdb(server.url, sql);
const total = (rows: RowCounts): number => Object.values(rows).reduce((sum, count) => sum + count, 0);
const sorted = (row: object): unknown => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));

async function visibleRows(): Promise<RowCounts> {
  expect(await awaitApplied(server.url, 20_000)).toBe(true);
  return countRows(server.url);
}

function makeAgent(directory: string) {
  const failures: Error[] = [];
  const counters: Record<string, number> = {};
  const agent = new StoreAgent({
    directory,
    url: server.url,
    crc32c,
    counters: {
      set: (name, value) => {
        counters[name] = value;
      },
    },
    onFailure: (error) => failures.push(error),
  });
  return { agent, failures, counters };
}

/** Runs an agent's duty cycles until something holds. */
async function step({ agent, failures }: ReturnType<typeof makeAgent>, holds: () => boolean): Promise<void> {
  for (const untilMs = performance.now() + 30_000; !holds(); ) {
    if (performance.now() > untilMs) throw new Error("the agent did not get there", { cause: failures.at(-1) });
    if (agent.work() === 0) await sleep(1);
  }
}

/** Stores in a process of its own that kills itself at its nth batch, when the server has it, the cursor not. */
async function storeAndDie(directory: string, batches: number): Promise<NodeJS.Signals | null> {
  const built = pathToFileURL(join(import.meta.dirname, "..", "dist", "actors", "store", "store-journal.js"));
  // Progress is told first when the cursor was taken up, then at each batch.
  const program = `import { storeJournal } from ${JSON.stringify(built)};
    let told = -1;
    const onProgress = () => { told += 1; if (told === ${batches}) process.kill(process.pid, "SIGKILL"); };
    await storeJournal({ directory: ${JSON.stringify(directory)}, url: ${JSON.stringify(server.url)}, onProgress });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [, signal] = await once(child, "exit");
  return signal;
}

async function startStoreThread(directory: string, url: string) {
  const map = planMemory();
  const memory = createSharedMemory(map.bytes);
  const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
  const control = new ThreadControl(views, map.threads.store);
  const data: StoreThreadData = {
    memory,
    map,
    clock: readClockBasis(),
    buildHash: 1,
    plan: presetPlan("shared", { cores: [0], canPin: false }).plan,
    directory,
    url,
    recoveredSequence: Number.MAX_SAFE_INTEGER,
  };
  const worker = spawnThread("store", data);
  const exited = once(worker, "exit");
  await messageOf(worker, (message) => message.type === "ready");
  const stop = async () => {
    control.requestStop();
    await exited;
  };
  return { worker, counters: new Counters(views, map.counters, COUNTER_NAMES), stop };
}

async function messageOf(worker: Worker, wanted: (message: { type: string }) => boolean): Promise<unknown> {
  for (;;) {
    const [message] = await once(worker, "message");
    if (wanted(message)) return message;
  }
}

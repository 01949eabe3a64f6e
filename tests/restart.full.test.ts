/**
 * Whole sessions on the local venue whose threads are ended in the middle of their work, with the real delays: what a
 * session outlives it outlives without losing count of anything, and what it does not outlive stops it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkSettings } from "../actors/config.js";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { readSegments } from "../actors/journal/journal-directory.js";
import { type PlannedThread, presetPlan } from "../actors/placement.js";
import { readVerdicts } from "../actors/recovery/verdicts.js";
import { Session } from "../actors/session.js";
import { tableOf } from "../actors/store/rows.js";
import { awaitApplied } from "../actors/store/store-agent.js";
import { countRows, noRows } from "../actors/store/tables.js";
import { ThreadFailure } from "../actors/supervisor.js";
import { AGENT_NAMES, type AgentName } from "../actors/topology.js";
import { bundleStrategies } from "../cli/strategies.js";
import { readTape } from "../engine/index.js";
import { forkLocalVenue } from "../feeds/local-venue/fork.js";
import { TradingState } from "../schemas/index.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { runCommand, withDirectory } from "./support/command.js";
import { requireOrSkip, withQuestdb } from "./support/questdb.js";
import { supervisorOf, until, workerOf } from "./support/threads.js";

const EXAMPLES = ["ema-cross", "market-maker"].map((name) => join(import.meta.dirname, `../strategies/${name}.ts`));
const SHARED = presetPlan("shared", { cores: [0, 1], canPin: false }).plan;

interface Run {
  readonly session: Session;
  readonly journal: string;
  readonly notes: readonly string[];
  count(name: Parameters<Session["context"]["counters"]["get"]>[0]): number;
  /** Ends an agent's thread at whatever it is at. */
  kill(agent: AgentName): Promise<void>;
}

/** Runs a session on a local venue at five times the recorded pace, and leaves nothing of it behind. */
async function withSession(
  { questdb = null, threads = SHARED.threads }: { questdb?: string | null; threads?: readonly PlannedThread[] },
  work: (run: Run) => Promise<void>,
): Promise<void> {
  const strategies = await bundleStrategies(EXAMPLES, {}, createMathCore());
  const venue = await forkLocalVenue({ speed: 5 });
  try {
    await withDirectory(async (parent) => {
      const journal = join(parent, "journal");
      const notes: string[] = [];
      const session = await Session.start({
        endpoints: { rest: venue.restUrl, ws: venue.wsUrl },
        symbols: ["BTC/USDT", "ETH/USDT"],
        strategies: strategies.map(({ config, text }) => ({ config, text })),
        settings: checkSettings({ seed: 1 }),
        currency: "USDT",
        journalDirectory: journal,
        plan: { threads },
        ...{ questdb, orders: "simulated", durability: "durable", accept: [] },
        onNote: (line) => void notes.push(line),
      });
      try {
        session.run([]);
        await work({
          ...{ session, journal, notes },
          count: (name) => session.context.counters.get(name),
          kill: async (agent) => void (await workerOf(supervisorOf(session), agent)!.terminate()),
        });
      } finally {
        await session.stop("the test is over");
      }
    });
  } finally {
    await venue.close();
  }
}

/** Waits until the engine has taken so many more market messages. */
function moreMessages({ count }: Run, messages: number): Promise<void> {
  const from = count("engine.market");
  return until(() => count("engine.market") >= from + messages, `${messages} more messages`);
}

async function expectWholeJournal(journal: string): Promise<void> {
  const { code, stderr } = await runCommand(["replay", journal, "--json"]);
  expect([stderr, code]).toEqual(["", 0]);
}

describe("a session whose feed dies twice", () => {
  test("goes on, suspended while nobody keeps the books, and has lost count of nothing", () =>
    withSession({}, async (run) => {
      const { session, journal, notes, count, kill } = run;
      for (const times of [1, 2]) {
        await moreMessages(run, 500);
        await until(() => count("engine.state") === TradingState.Active, "the engine trades");
        await kill("feeds");
        await until(() => count("engine.state") === TradingState.Suspended, "trading is suspended");
        expect(count("frames.received")).toBe(count("frames.decoded") + count("frames.dropped"));
        await moreMessages(run, 500);
        await until(() => count("engine.state") === TradingState.Active, "the engine trades again");
        expect(count("thread.restarts")).toBe(times);
      }
      await session.stop("enough");
      const { frames, messages } = session.snapshot();
      expect(frames).toMatchObject({ received: frames.decoded + frames.dropped, pending: 0 });
      expect(messages.market).toBe(messages.decoded);
      expect(messages.journaled).toBe(messages.processed);
      expect(notes).toEqual([
        "the feeds thread failed: it ended by itself; it is started again in 1 s",
        "the feeds thread failed: it ended by itself; it is started again in 2 s",
      ]);
      await expectWholeJournal(journal);
    }));
});

describe("a session whose archive dies", () => {
  test("gets its snapshot at the end all the same", () =>
    withSession({}, async (run) => {
      await moreMessages(run, 200);
      await run.kill("shadow");
      const before = run.count("archive.sequence");
      await until(() => run.count("archive.sequence") > before, "the shadow follows the journal again");
      await run.session.stop("enough");
      expect(run.count("archive.snapshots")).toBeGreaterThan(0);
      expect(run.count("archive.snapshotSequence")).toBe(run.count("journal.durableSequence"));
      expect(run.count("archive.diverged")).toBe(0);
    }));
});

describe("a session stops", () => {
  test.each(["venue", "journal"] satisfies AgentName[])("when its %s dies", (agent) =>
    withSession({}, async (run) => {
      await moreMessages(run, 100);
      await run.kill(agent);
      expect(await run.session.failure).toEqual(
        new ThreadFailure(`the ${agent} thread failed: it ended by itself`, [agent]),
      );
      expect(run.notes).toEqual([]);
    }),
  );
});

test("agents crowded onto three threads do the same, and each thread ends in the session's order", () =>
  withSession(
    {
      threads: [
        { ...SHARED.threads[0], name: "io", agents: ["feeds"] },
        { ...SHARED.threads[1], name: "core", agents: ["engine", "venue", "journal"] },
        { ...SHARED.threads[1], name: "back", agents: ["preparer", "shadow"] },
      ],
    },
    async (run) => {
      await moreMessages(run, 1_000);
      await run.session.stop("enough");
      const { frames, messages } = run.session.snapshot();
      expect(frames.received).toBe(frames.decoded + frames.dropped);
      expect(messages.market).toBe(messages.decoded);
      expect(messages.journaled).toBe(messages.processed);
      expect(AGENT_NAMES.filter((agent) => workerOf(supervisorOf(run.session), agent) !== null)).toEqual([]);
      await expectWholeJournal(run.journal);
    },
  ));

test("a gateway beside the feed sends orders, and outlives it until the engine has stopped", () =>
  withDirectory(async (parent) => {
    const plan = join(parent, "threads.json");
    const threads = [
      { name: "io", agents: ["feeds", "gateway"] },
      { name: "core", agents: ["engine"] },
      { name: "disk", agents: ["journal", "preparer"] },
      { name: "shadow", agents: ["shadow"] },
    ];
    writeFileSync(plan, JSON.stringify({ format: 1, threads }));
    const { code, stdout, stderr } = await runCommand([
      ...["demo", "--speed", "5", "--port", "0", "--json", "--duration", "8s", "--orders", "venue"],
      ...["--threads", plan, "--journal", join(parent, "journal")],
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    const { frames, messages, orders } = JSON.parse(stdout) as Record<string, Record<string, number>>;
    expect(orders.sent).toBeGreaterThan(0);
    expect(frames.received).toBe(frames.decoded + frames.dropped);
    expect(messages.market).toBe(messages.decoded);
    expect(messages.journaled).toBe(messages.processed);
    await expectWholeJournal(join(parent, "journal"));
  }));

const STUCK = `import { defineStrategy } from "sluice";
export default defineStrategy({
  id: "stuck",
  subscribe: ["trades:BTC/USDT.BINANCE"],
  init: () => ({ trades: 0 }),
  onTrade(_ctx, state) {
    state.trades += 1;
    if (state.trades >= 50) for (;;);
  },
});`;

test("a strategy that never returns beside the journal is left out from the journal's end on", () =>
  withDirectory(async (parent) => {
    const [strategy, plan, journal] = ["stuck.ts", "threads.json", "journal"].map((name) => join(parent, name));
    writeFileSync(strategy, STUCK);
    const threads = [
      { name: "io", agents: ["feeds"] },
      { name: "core", agents: ["engine", "journal", "venue"] },
      { name: "archive", agents: ["preparer", "shadow"] },
    ];
    writeFileSync(plan, JSON.stringify({ format: 1, threads }));
    const run = ["--threads", plan, "--strategy", strategy, "--strategy", EXAMPLES[0], "--journal", journal];
    const { code, stdout, stderr } = await runCommand([
      ...["demo", "--speed", "5", "--port", "0", "--json", "--duration", "12s"],
      ...run,
    ]);
    const [verdict] = readVerdicts(new NodeDisk(), journal);
    const { recovery, notices } = JSON.parse(stdout) as { recovery: { sequence: number }; notices: string[] };
    expect(code, stderr).toBe(0);
    expect(verdict).toMatchObject({ strategy: "stuck", sequence: recovery.sequence + 1 });
    expect(notices.join()).toContain("stuck: quarantined");
    await expectWholeJournal(journal);
  }));

const hasQuestdb = await requireOrSkip("questdb");

describe.skipIf(!hasQuestdb)("a session whose store dies twice, once while it drains", () => {
  test("has every row at the end, once", () =>
    withQuestdb(({ url }) =>
      withSession({ questdb: url }, async (run) => {
        await moreMessages(run, 500);
        await until(() => run.count("store.rows") > 0, "rows are stored");
        await run.kill("store");
        await until(() => run.count("thread.restarts") === 1, "it is started again");
        await moreMessages(run, 500);
        const stopping = run.session.stop("enough");
        await until(() => run.count("engine.stopped") === 1, "the engine has stopped");
        if (workerOf(supervisorOf(run.session), "store") !== null) await run.kill("store");
        await stopping;
        const expected = noRows();
        readTape(readSegments(run.journal), createCrc32c(), ({ type }) => {
          const table = tableOf(type);
          if (table !== null) expected[table] += 1;
        });
        expect(run.session.storedRows).toEqual(expected);
        await awaitApplied(url, 10_000);
        expect(await countRows(url)).toEqual(expected);
      }),
    ));
});

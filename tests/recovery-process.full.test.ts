/**
 * Recovery as an operator meets it, in real processes: what a second start is told, when it is refused, and that a
 * journal of several lives, whatever ended them, replays to the state that its last life had.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { readVerdicts } from "../actors/recovery/verdicts.js";
import { CONFIG_START, LifeStart, MessageType, RECORD_HEADER_BYTES } from "../schemas/index.js";
import { type CommandResult, runCommand, startCommand, withDirectory } from "./support/command.js";
import { BTC, clockAt, SECOND } from "./support/engine.js";
import { flipBit, recordsOf } from "./support/forge.js";
import { Life, rester } from "./support/life.js";

const disk = new NodeDisk();

interface Summary {
  readonly epoch: number;
  readonly recovery: { readonly start: string; readonly sequence: number; readonly changes: readonly string[] } | null;
  readonly orders: { readonly sent: number };
  readonly stateHash: string;
}

const demo = (journal: string, ...more: readonly string[]): string[] => [
  ...["demo", "--speed", "5", "--port", "0", "--journal", journal],
  ...more,
];

/** Runs a life to its end, in order; its summary and what it said beside that. */
async function live(journal: string, ...more: readonly string[]): Promise<{ summary: Summary; said: string }> {
  const { code, stdout, stderr } = await runCommand(demo(journal, "--duration", "2s", "--json", ...more));
  expect(code, stderr).toBe(0);
  return { summary: JSON.parse(stdout) as Summary, said: stderr };
}

async function expectRefusal(code: number, line: RegExp, args: readonly string[]): Promise<void> {
  const { code: was, stdout, stderr }: CommandResult = await runCommand(args);
  const [first, ...more] = stderr.trim().split("\n");
  expect(first).toMatch(line);
  expect(more.filter((each) => !each.startsWith("(add --help"))).toEqual([]);
  expect([was, stdout]).toEqual([code, ""]);
}

async function expectReplay(journal: string, stateHash: string): Promise<void> {
  const { code, stdout, stderr } = await runCommand(["replay", journal, "--json"]);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ stateHash, ending: "end" });
}

const startsIn = (journal: string): number[] =>
  recordsOf(disk, journal)
    .filter(({ type }) => type === MessageType.Config)
    .map(({ name, byte }) => readFileSync(name)[byte + RECORD_HEADER_BYTES + CONFIG_START]);

/** A strategy file that acts on its nth trade and buys on its first. */
function strategyFile(directory: string, id: string, body: string): string {
  const file = join(directory, `${id}.ts`);
  const text = `import { defineStrategy } from "sluice";
export default defineStrategy({
  id: "${id}",
  subscribe: ["trades:${BTC.id}"],
  init: () => ({ trades: 0, order: 0 }),
  onTrade(ctx, state) {
    state.trades += 1;
    const side = state.trades % 2 === 1 ? "buy" : "sell";
    if (!ctx.isWorking(state.order)) state.order = ctx.submit({ side, qty: "0.010" });
    ${body}
  },
});
`;
  writeFileSync(file, text);
  return file;
}

describe("a directory", () => {
  test("belongs to one engine; killed, it leaves it to the next, which goes on where the journal ends", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const first = startCommand(demo(journal));
      try {
        await first.says("BTC 6");
        await expectRefusal(
          2,
          new RegExp(`^sluice: ${journal} is in use by process ${first.pid} on .*: stop it, or choose another`),
          demo(journal),
        );
      } finally {
        first.kill("SIGKILL");
      }
      await first.finished;
      const { summary, said } = await live(journal);
      expect(said).toMatch(/^recovered life 1 up to input \d+ from \d[\d ]* inputs? in \d+ ms$/m);
      expect(summary).toMatchObject({ epoch: 2, recovery: { start: "resumed", changes: [] } });
      expect(summary.recovery!.sequence).toBeGreaterThan(0);
      await expectReplay(journal, summary.stateHash);
    });
  });

  test("that was written on another host is refused until that is accepted, then it is this host's", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      await live(journal);
      const identity = join(journal, "identity.json");
      const away = { ...JSON.parse(readFileSync(identity, "utf8")), hostId: "0000000000000000", host: "elsewhere" };
      writeFileSync(identity, JSON.stringify(away));
      await expectRefusal(
        2,
        /was written on another host, elsewhere: make sure that no engine runs there .*--accept host$/,
        demo(journal),
      );
      expect((await live(journal, "--accept", "host")).summary.epoch).toBe(2);
      expect((await live(journal)).summary.epoch).toBe(3);
    });
  });

  test("whose journal is ahead of the clock is refused until that is accepted", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const life = new Life({ disk, directory: journal, strategies: [rester] });
      life.take(clockAt(Date.now() * 1_000 + 3_600 * SECOND));
      life.stop();
      await expectRefusal(
        2,
        /^sluice: this host's clock says \S+Z, but the newest record of .* is of \S+Z: set the clock.*--accept clock/,
        demo(journal),
      );
      const { summary, said } = await live(journal, "--accept", "clock");
      expect(summary).toMatchObject({ epoch: 2, recovery: { start: "refreshed" } });
      expect(said).toContain("another build wrote the newest records: they were taken over, not executed");
      await expectReplay(journal, summary.stateHash);
    });
  });

  test("whose journal is damaged is refused with file, byte and input, and left as it was", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      await live(journal);
      const segment = join(journal, "000000.seg");
      const place = recordsOf(disk, journal)[40];
      flipBit(disk, segment, place.byte + 40);
      const before = readFileSync(segment);
      await expectRefusal(
        1,
        new RegExp(`^sluice: ${segment} is damaged at byte ${place.byte}, after sequence \\d+\\.\\d+: `),
        demo(journal),
      );
      expect(readFileSync(segment).equals(before)).toBe(true);
    });
  });

  test("is never gone on with because of something nobody can accept", async () => {
    const line = /option '--accept <what>' argument 'anything' is invalid. It is host or clock/;
    await expectRefusal(2, line, ["demo", "--accept", "anything"]);
  });
});

describe("a strategy", () => {
  test("that was changed begins anew, which is said, is in the journal, and replays", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const file = strategyFile(directory, "mover", "");
      await live(journal, "--strategy", file);
      strategyFile(directory, "mover", "state.trades += 2;");
      const { summary, said } = await live(journal, "--strategy", file);
      expect(said).toMatch(/^the code of mover was [0-9a-f]{8}, is [0-9a-f]{8}$/m);
      expect(summary.recovery).toMatchObject({ start: "refreshed" });
      expect(startsIn(journal)).toEqual([LifeStart.Fresh, LifeStart.Refreshed]);
      await expectReplay(journal, summary.stateHash);
    });
  });

  test("that is gone while its position is open is asked for by name", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const file = strategyFile(directory, "mover", "state.trades = 0;");
      const { summary } = await live(journal, "--strategy", file);
      expect(summary.orders.sent).toBeGreaterThan(0);
      await expectRefusal(
        2,
        /^sluice: strategy mover has .* in BTC\/USDT\.BINANCE, but is not part of this run; add it, or close that/,
        demo(journal),
      );
    });
  });

  test("that never returns is left out by a verdict; the others go on trading, and one hash tells it all", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const looper = strategyFile(directory, "looper", "if (state.trades === 20) for (;;);");
      const mover = strategyFile(directory, "mover", "");
      const both = ["--strategy", looper, "--strategy", mover];
      const { summary, said } = await live(journal, ...both, "--duration", "14s");
      const [verdict, ...others] = readVerdicts(disk, journal);
      expect([verdict.strategy, others]).toEqual(["looper", []]);
      expect(said).toContain(`strategy looper stopped the engine at input ${verdict.sequence}`);
      expect(summary).toMatchObject({ epoch: 2, recovery: { start: "resumed" } });
      const submits = recordsOf(disk, journal).filter(({ type }) => type === MessageType.SubmitOrder);
      expect(submits.some(({ sequence }) => sequence > verdict.sequence)).toBe(true);
      await expectReplay(journal, summary.stateHash);
      const later = await live(journal, ...both);
      expect([later.summary.epoch, readVerdicts(disk, journal)]).toEqual([3, [verdict]]);
      await expectReplay(journal, later.summary.stateHash);
    });
  });

  test("that throws is off, and the others go on trading", async () => {
    await withDirectory(async (directory) => {
      const journal = join(directory, "j");
      const thrower = strategyFile(directory, "thrower", "if (state.trades === 5) throw new Error('five are enough');");
      const mover = strategyFile(directory, "mover", "");
      const { summary } = await live(journal, "--strategy", thrower, "--strategy", mover);
      const records = recordsOf(disk, journal);
      const off = records.find(({ type }) => type === MessageType.StrategyLog)!;
      const message = readFileSync(off.name)
        .subarray(off.byte, off.byte + off.bytes)
        .toString("utf8");
      expect(message).toContain("onTrade failed and is switched off: five are enough");
      const submits = records.filter(({ type }) => type === MessageType.SubmitOrder);
      expect(submits.some(({ sequence }) => sequence > off.sequence)).toBe(true);
      await expectReplay(journal, summary.stateHash);
    });
  });
});

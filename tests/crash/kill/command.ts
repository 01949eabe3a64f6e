/**
 * The command `crash`: a campaign, told as it goes on and counted at its end; or JSON. It fails when anything at all is
 * not as the venue has it, and then leaves the journal where it is.
 */
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import type { JournalMode } from "../../../actors/journal/journal-agent.js";
import { type CampaignResult, runCampaign } from "./campaign.js";

const USAGE = `usage: npm run crash -- [--kills N] [--seed S] [--durability durable|fast] [--no-pauses] [--json]
  --kills N       lives that are killed (default: 50)
  --seed S        of how they end and of the venue's faults (default: 1)
  --durability M  when a record is safe: durable (default) or fast
  --no-pauses     leave out the stops of engine and venue in the last life
  --json          one JSON value on stdout and nothing else`;

/** Faults that are told. */
const TOLD_MAX = 20;

interface Settings {
  readonly kills: number;
  readonly seed: number;
  readonly durability: JournalMode;
  readonly pauses: boolean;
  readonly json: boolean;
}

/** Returns the exit code: 0 nothing was lost or doubled, 1 something was, 2 usage, 130 interrupted. */
export async function runCrash(argv: readonly string[], root: string): Promise<number> {
  const settings = readSettings(argv);
  if (settings === null) return 2;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const bar = progressBar(settings);
  let result: CampaignResult;
  try {
    result = await runCampaign({ ...settings, root, signal: stop.signal, onKill: (done) => bar?.update(done) });
  } catch (error) {
    bar?.stop();
    process.stderr.write(`crash: ${stop.signal.aborted ? "interrupted" : (error as Error).message}\n`);
    return stop.signal.aborted ? 130 : 1;
  }
  bar?.stop();
  if (settings.json) process.stdout.write(`${JSON.stringify(summaryOf(result, settings))}\n`);
  else for (const line of linesOf(result, settings)) process.stdout.write(`${line}\n`);
  return result.faults.length === 0 ? 0 : 1;
}

function readSettings(argv: readonly string[]): Settings | null {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({
      args: [...argv],
      options: { kills: text, seed: text, durability: text, "no-pauses": flag, json: flag },
    });
    const { durability = "durable" } = values;
    if (durability !== "durable" && durability !== "fast") {
      throw new RangeError(`--durability is durable or fast, was "${durability}"`);
    }
    const [kills, seed] = [whole("kills", values.kills ?? "50"), whole("seed", values.seed ?? "1")];
    return { kills, seed, durability, pauses: !values["no-pauses"], json: values.json };
  } catch (error) {
    process.stderr.write(`crash: ${(error as Error).message}\n${USAGE}\n`);
    return null;
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name} must be a whole number, was "${text}"`);
}

function progressBar({ kills, json }: Settings): SingleBar | undefined {
  if (json || !process.stderr.isTTY) return undefined;
  const format = "killing {bar} {value}/{total} lives, {eta_formatted} left";
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  bar.start(kills, 0);
  return bar;
}

function summaryOf({ recoveryMs, settledMs, seconds, ...result }: CampaignResult, { seed, durability }: Settings) {
  const recovery = { count: recoveryMs.length, p50Ms: quantile(recoveryMs, 0.5), maxMs: quantile(recoveryMs, 1) };
  return {
    seed,
    durability,
    ...result,
    recovery,
    settledMs: Math.round(settledMs),
    seconds: Number(seconds.toFixed(1)),
  };
}

function linesOf(result: CampaignResult, settings: Settings): string[] {
  const { recovery, seconds } = summaryOf(result, settings);
  const counted = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => `  ${name.padEnd(24)} ${String(count).padStart(6)}`);
  return [
    "how lives ended:",
    ...counted(result.endings),
    "faults of the venue:",
    ...counted(result.venueFaults),
    `${result.kills} kills in ${seconds} s (${settings.durability}), ${result.inputs} inputs, ${result.orders} orders, ` +
      `${result.fills} fills, ${result.unknowns} fates unknown for a while`,
    `recovery p50 ${recovery.p50Ms} ms, max ${recovery.maxMs} ms of ${recovery.count}; all settled ` +
      `${(result.settledMs / 1_000).toFixed(1)} s after the last start`,
    `fills lost ${result.fillsLost}, doubled ${result.fillsDoubled}, wrong ${result.fillsWrong}; orders doubled ` +
      `${result.ordersDoubled}, unrecorded ${result.ordersUnrecorded}, astray ${result.ordersAstray}; ` +
      `positions wrong ${result.positionsWrong}`,
    ...result.faults.slice(0, TOLD_MAX).map((fault) => `WRONG: ${fault}`),
    result.faults.length === 0
      ? `nothing lost, nothing twice; one state hash, ${result.stateHash}`
      : `${result.faults.length} WRONG; the journal is in ${result.directory}`,
  ];
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(part * sorted.length), sorted.length - 1)] ?? 0;
}

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

/** A longer run is several campaigns, each with a venue and a journal of its own. */
const CAMPAIGN_KILLS = 500;
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
async function run(argv: readonly string[]): Promise<number> {
  const settings = readSettings(argv);
  if (settings === null) return 2;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const bar = progressBar(settings);
  const startedMs = performance.now();
  let result: Total;
  try {
    result = totalOf(await runAll(settings, stop.signal, (done) => bar?.update(done)));
  } catch (error) {
    process.stderr.write(`crash: ${stop.signal.aborted ? "interrupted" : (error as Error).message}\n`);
    return stop.signal.aborted ? 130 : 1;
  } finally {
    bar?.stop();
  }
  const seconds = Number(((performance.now() - startedMs) / 1_000).toFixed(1));
  if (settings.json) process.stdout.write(`${JSON.stringify({ ...settings, ...result, seconds })}\n`);
  else for (const line of linesOf(result, settings, seconds)) process.stdout.write(`${line}\n`);
  return result.faults.length === 0 ? 0 : 1;
}

async function runAll(
  settings: Settings,
  signal: AbortSignal,
  onKill: (done: number) => void,
): Promise<CampaignResult[]> {
  const results: CampaignResult[] = [];
  for (let done = 0; done === 0 || done < settings.kills; done += CAMPAIGN_KILLS) {
    const kills = Math.min(settings.kills - done, CAMPAIGN_KILLS);
    const options = { ...settings, root: process.cwd(), seed: settings.seed + done, kills, signal };
    results.push(await runCampaign({ ...options, onKill: (now) => onKill(done + now) }));
  }
  return results;
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

const COUNTS = [
  ...(["kills", "inputs", "orders", "fills", "unknowns"] as const),
  ...(["fillsLost", "fillsDoubled", "fillsWrong"] as const),
  ...(["ordersDoubled", "ordersUnrecorded", "ordersAstray", "positionsWrong"] as const),
] as const;

type Counts = Readonly<Record<string, number>>;

interface Total extends Record<(typeof COUNTS)[number], number> {
  readonly campaigns: number;
  readonly endings: Counts;
  readonly venueFaults: Counts;
  readonly recovery: { readonly count: number; readonly p50Ms: number; readonly maxMs: number };
  /** The longest. */
  readonly settledMs: number;
  readonly faults: readonly string[];
  /** Journals of campaigns in which something is wrong. */
  readonly directories: readonly string[];
}

function totalOf(results: readonly CampaignResult[]): Total {
  const counts = Object.fromEntries(COUNTS.map((key) => [key, results.reduce((sum, each) => sum + each[key], 0)]));
  const recoveries = results.flatMap(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
  const at = (part: number): number =>
    recoveries[Math.min(Math.floor(part * recoveries.length), recoveries.length - 1)] ?? 0;
  return {
    ...(counts as Record<(typeof COUNTS)[number], number>),
    campaigns: results.length,
    endings: added(results.map(({ endings }) => endings)),
    venueFaults: added(results.map(({ venueFaults }) => venueFaults)),
    recovery: { count: recoveries.length, p50Ms: at(0.5), maxMs: at(1) },
    settledMs: Math.round(Math.max(...results.map(({ settledMs }) => settledMs))),
    faults: results.flatMap(({ faults }) => faults),
    directories: results.filter(({ faults }) => faults.length > 0).map(({ directory }) => directory),
  };
}

function added(all: readonly Counts[]): Counts {
  const sums: Record<string, number> = {};
  for (const counts of all) for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count;
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => a.localeCompare(b)));
}

function linesOf(total: Total, { durability }: Settings, seconds: number): string[] {
  const counted = (counts: Counts): string[] =>
    Object.entries(counts).map(([name, count]) => `  ${name.padEnd(24)} ${String(count).padStart(6)}`);
  const { kills, inputs, orders, fills, unknowns, recovery, faults } = total;
  return [
    "how lives ended:",
    ...counted(total.endings),
    "faults of the venue:",
    ...counted(total.venueFaults),
    `${kills} kills in ${seconds} s (${durability}): ${inputs} inputs, ${orders} orders, ${fills} fills, ` +
      `${unknowns} fates unknown for a while`,
    `recovery p50 ${recovery.p50Ms} ms, max ${recovery.maxMs} ms of ${recovery.count}; every fate known ` +
      `${(total.settledMs / 1_000).toFixed(1)} s after the last start`,
    `fills lost ${total.fillsLost}, doubled ${total.fillsDoubled}, wrong ${total.fillsWrong}; orders doubled ` +
      `${total.ordersDoubled}, unrecorded ${total.ordersUnrecorded}, astray ${total.ordersAstray}; ` +
      `positions wrong ${total.positionsWrong}`,
    ...faults.slice(0, TOLD_MAX).map((fault) => `WRONG: ${fault}`),
    faults.length === 0
      ? "nothing lost, nothing twice; every journal is whole and replays to the state that its run ended in"
      : `${faults.length} WRONG; see ${total.directories.join(", ")}`,
  ];
}

process.exitCode = await run(process.argv.slice(2));

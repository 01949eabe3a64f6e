/** What a run of many seeds says: a bar while it goes on, failures as they come, counts at the end; or JSON. */
import { SingleBar } from "cli-progress";
import type { CommandSettings } from "./command.js";
import type { SeedResult } from "./simulation.js";
import { addCounts, type Counts } from "./tally.js";

/** Failures that are told in full. */
const TOLD_MAX = 3;
/** Failures that are told at all. */
const NAMED_MAX = 40;

export class Report {
  failures = 0;
  private readonly settings: CommandSettings;
  private readonly startedMs = performance.now();
  private readonly bar: SingleBar | undefined;
  private readonly failed: SeedResult[] = [];
  private readonly faults: Counts = {};
  private readonly events: Counts = {};
  private seeds = 0;
  private steps = 0;
  private simulatedUs = 0;

  constructor(settings: CommandSettings) {
    this.settings = settings;
    if (settings.json || settings.verbose || !process.stderr.isTTY) return;
    const format = "simulating {bar} {value}/{total} seeds, {failures} failed, {eta_formatted} left";
    this.bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
    this.bar.start(settings.seeds, 0, { failures: 0 });
  }

  add(result: SeedResult): void {
    this.seeds += 1;
    this.steps += result.steps;
    this.simulatedUs += result.simulatedUs;
    addCounts(this.faults, result.faults);
    addCounts(this.events, result.events);
    if (result.failure) {
      this.failures += 1;
      this.failed.push(result);
    }
    this.bar?.increment(1, { failures: this.failures });
  }

  /** Says everything; the exit code. */
  end(): number {
    this.bar?.stop();
    if (this.settings.json) process.stdout.write(`${JSON.stringify(this.summary())}\n`);
    else this.print();
    return this.failures > 0 ? 1 : 0;
  }

  private summary() {
    const { seeds, steps, failures, faults, events } = this;
    const failed = this.failed
      .sort((a, b) => a.seed - b.seed)
      .map(({ seed, failure }) => ({ seed, ...failure!, command: this.commandFor(seed) }));
    const seconds = (performance.now() - this.startedMs) / 1000;
    const simulatedSeconds = Math.round(this.simulatedUs / 1e6);
    return { seeds, steps, simulatedSeconds, seconds: Number(seconds.toFixed(3)), failures, failed, faults, events };
  }

  private print(): void {
    const { seeds, steps, seconds, simulatedSeconds, failed } = this.summary();
    const say = (line = ""): boolean => process.stdout.write(`${line}\n`);
    for (const { seed, checker, message, step, trace, stack, command } of failed.slice(0, TOLD_MAX)) {
      for (const line of trace) say(line);
      say(`seed ${seed} failed at step ${step}: ${checker}: ${message}`);
      if (checker === "no agent fails") say(stack);
      say(`run it again with: ${command}`);
      say();
    }
    for (const { seed, checker, message } of failed.slice(TOLD_MAX, NAMED_MAX))
      say(`seed ${seed}: ${checker}: ${message}`);
    table("faults put in", this.faults, say);
    table("what happened", this.events, say);
    const rate = `${(seeds / seconds).toFixed(1)} seeds/s, ${Math.round(steps / seconds)} events/s`;
    say(`${seeds} seeds, ${steps} events, ${simulatedSeconds} simulated seconds in ${seconds.toFixed(1)} s (${rate})`);
    say(failed.length === 0 ? "every promise held" : `${failed.length} of ${seeds} seeds failed`);
  }

  private commandFor(seed: number): string {
    const { steps, mutant } = this.settings;
    return `npm run sim -- --seed ${seed} --seeds 1 --steps ${steps}${mutant ? ` --mutant ${mutant}` : ""}`;
  }
}

function table(title: string, counts: Counts, say: (line?: string) => boolean): void {
  say(`${title}:`);
  for (const [kind, times] of Object.entries(counts).sort(([a], [b]) => a.localeCompare(b))) {
    say(`  ${kind.padEnd(32)} ${String(times).padStart(10)}`);
  }
  say();
}

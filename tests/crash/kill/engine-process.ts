/**
 * One life: the real command in a process of its own, on the campaign's directory and venue. It is told by its own pid,
 * and ends at the latest with `end`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JournalMode } from "../../../actors/journal/journal-agent.js";

export interface EngineOptions {
  readonly root: string;
  readonly journal: string;
  readonly venuePort: number;
  readonly durability: JournalMode;
  readonly crashPoint?: string;
}

export interface EngineEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const STRATEGIES = ["busy-taker.ts", "busy-maker.ts"];
/** A life that nobody ends ends by itself: nothing outlives a campaign that was killed. */
const LIFE_MAX = "5m";

export class EngineProcess {
  readonly ended: Promise<EngineEnd>;
  readonly spawnedMs = performance.now();
  stdout = "";
  stderr = "";
  private readonly child: ChildProcess;

  constructor({ root, journal, venuePort, durability, crashPoint }: EngineOptions) {
    const strategies = STRATEGIES.flatMap((name) => ["--strategy", join(root, "tests", "crash", "strategies", name)]);
    const where = ["--local-venue", String(venuePort), "--orders", "venue", "--journal", journal, "--port", "0"];
    const args = ["demo", ...where, ...strategies, "--durability", durability, "--duration", LIFE_MAX, "--json"];
    this.child = spawn(process.execPath, [join(root, "dist", "cli", "main.js"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", SLUICE_CRASH_POINT: crashPoint ?? "" },
    });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  send(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(signal);
  }

  /** Stands still for some time, as a process does that the system does not run. */
  async pause(ms: number): Promise<void> {
    this.send("SIGSTOP");
    try {
      await sleep(ms);
    } finally {
      this.send("SIGCONT");
    }
  }

  /** Ends it at once; when this returns it is gone. */
  async end(): Promise<EngineEnd> {
    this.send("SIGKILL");
    return this.ended;
  }

  /** Milliseconds that it took to recover, by its own words; null in a first life, or before it said so. */
  get recoveryMs(): number | null {
    const found = /^recovered life .* in (\d+) ms$/m.exec(this.stderr);
    return found ? Number(found[1]) : null;
  }
}

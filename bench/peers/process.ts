/**
 * A peer's program as a child process: it is told to run a lane by a line on its stdin and answers with a line of JSON.
 * Between two commands it sleeps in its read, so several can be alive while one is measured. It ends with its stdin,
 * and so with us.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface PeerProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Of the libraries measured, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The answer of a fabric's peer to a lane; times are nanoseconds, and only round trips have them. */
export interface PeerAnswer {
  readonly messages: number;
  readonly seconds: number;
  /** Decimal, modulo 2^64; the program has compared it with the closed form. */
  readonly checksum: string;
  readonly batches?: number;
  readonly blockP50Ns?: number;
  readonly p50Ns?: number;
  readonly p90Ns?: number;
  readonly p99Ns?: number;
  readonly p999Ns?: number;
  readonly p9999Ns?: number;
  readonly maxNs?: number;
}

/** Beyond the time asked for: a virtual machine warms up at the first command of a lane. */
const PATIENCE_MS = 60_000;
const ERROR_BYTES_MAX = 2_000;

export class PeerProcess {
  readonly program: PeerProgram;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private errors = "";
  private readonly kill = (): void => void this.child.kill("SIGKILL");

  constructor(program: PeerProgram) {
    this.program = program;
    this.child = spawn(program.command, program.args, { stdio: "pipe" });
    this.child.on("error", (error) => {
      this.errors += error.message;
    });
    this.child.stdin.on("error", () => {});
    this.child.stderr.on("data", (data: Buffer) => {
      this.errors = (this.errors + data.toString()).slice(-ERROR_BYTES_MAX);
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    process.once("exit", this.kill);
  }

  /** The lanes that it knows. Rejects when it cannot run here. */
  async lanes(): Promise<readonly string[]> {
    const { lanes } = (await this.ask("lanes", 0)) as { lanes: string[] };
    return lanes;
  }

  /** A is what this program answers. */
  async run<A extends object = PeerAnswer>(lane: string, ms: number): Promise<A> {
    return (await this.ask(`${lane} ${Math.max(1, Math.round(ms))}`, ms)) as A;
  }

  async close(): Promise<void> {
    process.off("exit", this.kill);
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    const ended = once(this.child, "exit");
    this.child.stdin.end();
    const late = setTimeout(this.kill, PATIENCE_MS);
    await ended;
    clearTimeout(late);
  }

  private async ask(command: string, ms: number): Promise<object> {
    const late = setTimeout(this.kill, ms + PATIENCE_MS);
    this.child.stdin.write(`${command}\n`);
    const { value, done } = await this.answers.next();
    clearTimeout(late);
    if (done) throw new Error(`${this.program.name} ended instead of answering "${command}": ${this.errors.trim()}`);
    const answer = JSON.parse(value as string) as { error?: string };
    if (answer.error !== undefined) throw new Error(`${this.program.name} refused "${command}": ${answer.error}`);
    return answer;
  }
}

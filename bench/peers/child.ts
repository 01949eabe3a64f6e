/**
 * A child process from its start to its end, with all that it printed. A command that cannot start, fails or takes too
 * long is an outcome and never an exception: what to do without it is for the caller to say. It does not outlive us.
 */
import { spawn } from "node:child_process";

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads before its input ends; nothing when left out. */
  readonly input?: string;
  readonly timeoutMs: number;
}

export interface ChildOutcome {
  readonly ok: boolean;
  /** Standard output. */
  readonly output: string;
  /** Standard output and error as they came. */
  readonly log: string;
  /** How it ended, in words: "ended with 1". */
  readonly end: string;
}

export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<ChildOutcome> {
  const { cwd, env, input = "", timeoutMs } = options;
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  let output = "";
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    log += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  child.stdin.on("error", () => {}); // It ended without reading; its exit says more.
  child.stdin.end(input);

  return new Promise((resolve) => {
    const settle = (ok: boolean, end: string): void => {
      process.off("exit", kill);
      resolve({ ok, output, log, end });
    };
    child.once("error", (error) => settle(false, `did not run: ${error.message}`));
    child.once("close", (code, killer) => {
      if (killer === null) settle(code === 0, `ended with ${code}`);
      else settle(false, killer === "SIGKILL" ? `was ended after ${timeoutMs / 1000} s` : `was ended by ${killer}`);
    });
  });
}

/**
 * Runs another program to its end under a deadline and returns what it said. It never throws: a missing program, a
 * failure and a deadline are all outcomes the caller turns into advice. Not for servers, which outlive the call.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface CommandOutcome {
  readonly ok: boolean;
  /** Both streams, line by line, in the order they arrived. */
  readonly lines: readonly string[];
  /** Why it is not ok, in one line; empty when it is. */
  readonly reason: string;
}

export interface CommandOptions {
  readonly deadlineMs: number;
  readonly onLine?: (line: string) => void;
}

/** Runs `program` with `args`, no shell between; past `deadlineMs` it is killed. */
export function runCommand(
  program: string,
  args: readonly string[],
  { deadlineMs, onLine }: CommandOptions,
): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: deadlineMs,
      killSignal: "SIGKILL",
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        onLine?.(line);
      });
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ ok: false, lines, reason: error.code === "ENOENT" ? `${program} is not installed` : error.message });
    });
    child.on("close", (code, signal) => {
      resolve({ ok: code === 0, lines, reason: code === 0 ? "" : ending(program, code, signal, lines, deadlineMs) });
    });
  });
}

function ending(
  program: string,
  code: number | null,
  signal: string | null,
  lines: readonly string[],
  deadlineMs: number,
): string {
  if (signal === "SIGKILL") return `${program} was killed, probably at its deadline of ${deadlineMs} ms`;
  const complaint = lines.find((line) => /error|cannot/i.test(line)) ?? lines.at(-1) ?? "it said nothing";
  return `${program} ended with ${code ?? signal}: ${complaint.trim()}`;
}

/** Runs the real command in a process of its own, from the built output, and collects what it said. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly finished: Promise<CommandResult>;
  kill(signal: NodeJS.Signals): void;
  /** Settles when stdout or stderr holds the text. */
  says(text: string): Promise<void>;
  /** Settles with what matched once stdout holds a match. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
}

export function startCommand(args: readonly string[], env: Record<string, string> = {}): RunningCommand {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const heard = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    heard();
  });
  const finished = new Promise<CommandResult>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const until = <T>(find: () => T | null, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = find();
        if (found !== null) resolve(found);
      };
      listeners.add(check);
      check();
      void finished.then(() => reject(new Error(`the command ended without saying ${what}:\n${stdout}\n${stderr}`)));
    });
  return {
    pid: child.pid!,
    finished,
    kill: (signal) => void child.kill(signal),
    says: async (text) => {
      await until(() => stdout.includes(text) || stderr.includes(text) || null, `"${text}"`);
    },
    prints: (pattern) => until(() => pattern.exec(stdout), String(pattern)),
  };
}

export const runCommand = (args: readonly string[], env?: Record<string, string>): Promise<CommandResult> =>
  startCommand(args, env).finished;

/** A directory that is gone when the work is done. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "sluice-test-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

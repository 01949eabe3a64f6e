/**
 * Starts the local venue as a child process, so that its work never shares a thread with the client under test. Only
 * built output is started. The child ends with this process, whatever ends it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalAnswerMessage, LocalRequestMessage, ReadyMessage } from "./main.js";
import { checkOptions, type LocalVenueOptions } from "./options.js";
import type { FaultRule } from "./orders/fault-plan.js";
import type { Truth } from "./orders/truth.js";

const READY_DEADLINE_MS = 15_000;
const CLOSE_DEADLINE_MS = 3000;

export interface ForkedVenue {
  readonly port: number;
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly pid: number;
  /** What really happened on the order side. */
  truth(): Promise<Truth>;
  /** Arms faults in place of those before. */
  arm(rules: readonly FaultRule[], seed?: number): Promise<void>;
  /** Carries out a request to `/local/…`. Rejects with the venue's words when it is refused. */
  local(method: "GET" | "POST", path: string, body?: object): Promise<unknown>;
  /** Ends the child; when it resolves the process is gone. */
  close(): Promise<void>;
}

/** Starts a venue in a child process. Rejects with the child's own words when it does not come up. */
export async function forkLocalVenue(
  options: Omit<LocalVenueOptions, "limits" | "usage" | "nowMs"> = {},
): Promise<ForkedVenue> {
  checkOptions(options);
  const child = fork(mainPath(), argumentsOf(options), { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  try {
    const { port, restUrl, wsUrl } = await readyMessage(child);
    const local = localRequests(child);
    return {
      port,
      restUrl,
      wsUrl,
      pid: child.pid!,
      local,
      truth: () => local("GET", "/local/truth") as Promise<Truth>,
      arm: async (rules, seed) => void (await local("POST", "/local/faults", { rules, seed })),
      close: () => end(child),
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

function readyMessage(child: ChildProcess): Promise<ReadyMessage> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    const deadline = setTimeout(() => {
      reject(new Error(`the local venue did not come up within ${READY_DEADLINE_MS} ms: ${complaint.trim()}`));
    }, READY_DEADLINE_MS);
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    child.once("message", (message) => {
      clearTimeout(deadline);
      resolve(message as ReadyMessage);
    });
    child.once("error", reject);
    // Unlike exit, close comes after the last of stderr.
    child.once("close", (code, signal) => {
      clearTimeout(deadline);
      reject(new Error(complaint.trim() || `the local venue ended with ${code ?? signal} before it was ready`));
    });
  });
}

/** Asks the child over IPC; a child that ends leaves no question open. */
function localRequests(child: ChildProcess): ForkedVenue["local"] {
  const open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  child.on("message", (message) => {
    const { type, id, status, body } = message as LocalAnswerMessage;
    const question = type === "local-answer" ? open.get(id) : undefined;
    if (!question) return;
    open.delete(id);
    if (status === 200) question.resolve(JSON.parse(body));
    else question.reject(new Error(`the local venue answered ${status}: ${body}`));
  });
  child.once("close", () => {
    for (const { reject } of open.values()) reject(new Error("the local venue ended before it answered"));
  });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const request: LocalRequestMessage = { type: "local", id, method, path, body: body ? JSON.stringify(body) : "" };
      open.set(id, { resolve, reject });
      child.send(request, (error) => error && open.delete(id) && reject(error));
    });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  const deadline = setTimeout(() => child.kill("SIGKILL"), CLOSE_DEADLINE_MS);
  if (child.connected) child.disconnect();
  else child.kill();
  await exited;
  clearTimeout(deadline);
}

function argumentsOf({ host, port, speed, symbols, capture, balances }: LocalVenueOptions): string[] {
  const opening = balances && Object.entries(balances).map(([asset, amount]) => `${asset}=${amount}`);
  const values = { host, port, speed, symbols: symbols?.join(","), capture, balances: opening?.join(",") };
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, `${value}`]));
}

/** From source the build is elsewhere; from the build it is next door. */
function mainPath(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  const nextDoor = join(directory, "main.js");
  if (existsSync(nextDoor)) return nextDoor;
  while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
  const built = join(directory, "dist", "feeds", "local-venue", "main.js");
  if (!existsSync(built)) throw new Error(`${built} is missing; build it with "npx tsc -b feeds"`);
  return built;
}
